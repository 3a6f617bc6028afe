"""What can be proved about a scenario before anybody plays it."""
