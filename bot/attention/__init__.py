"""Attention: who may be spoken to, when, and with how much at once. One budget over every kind of unprompted message."""
