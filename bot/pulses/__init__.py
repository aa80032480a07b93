"""Pulses: how sure someone feels, and how the letting go goes. Small questions that ride on the review."""
