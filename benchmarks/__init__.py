"""Programs that measure and prove; each is run as `python -m benchmarks.NAME` and prints a table."""
