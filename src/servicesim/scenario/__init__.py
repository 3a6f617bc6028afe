"""WRITTEN: what a trainer wrote, as data that knows its line."""
