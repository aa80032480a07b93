"""Nudges: one, for a lesson that waits."""
