"""Actions: the thing to try at work, and the promise to try it."""
