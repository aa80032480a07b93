"""Onboarding: how people come into the program."""
