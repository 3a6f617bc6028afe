"""The trainer's bench."""
