"""CONNECTED: what a desk fetches from its organisation, and sends to it."""
