"""KEPT: attempts and, apart from them, people."""
