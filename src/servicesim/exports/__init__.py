"""HANDED OVER: rows for HR and the files that carry them."""
