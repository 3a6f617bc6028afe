"""The catalogue of findings: one page for each code, beside this file."""
