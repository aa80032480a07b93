"""Endings: the last week, looked back at, and what goes on."""
