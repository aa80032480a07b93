"""Lessons: what to teach next, and bringing it when it is due."""
