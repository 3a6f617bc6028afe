"""The report for HR and training leads, and the page of one person: each a single file that stands for itself."""
