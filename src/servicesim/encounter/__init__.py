"""HAPPENED: the rules of play and the events that they yield."""
