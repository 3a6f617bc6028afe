"""SHARED: what an organisation keeps for all its desks, and the pages on which trainers and HR look at it."""
