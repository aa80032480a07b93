"""Made-up people who do anything that is open to them, at any moment, in any order; and what has to hold whatever they do.

`make wander` sends some walks through the whole program. Each has a seed: the same seed is the same walk, so that one that
found something can be walked again. What it found is then kept as a story of its own, in the test file of its theme.
"""
