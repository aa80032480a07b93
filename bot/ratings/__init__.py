"""Ratings of what was seen: checkpoints, sealed until both are in, sample cases, and observation cards."""
