"""Checks: the questions of a lesson, judged by the wording that was shown."""
