"""Preferences: when, in which language and how much someone wants to hear, and the one question when it stays quiet."""
