"""JUDGED: principles applied to a transcript, with evidence."""
