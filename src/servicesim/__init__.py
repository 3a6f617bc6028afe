"""ServiceSim: simulated customers for people who learn to serve real ones."""

__version__ = "0.1.0"
