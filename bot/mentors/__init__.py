"""Mentors: what they may see, and the Monday digest that says it."""
