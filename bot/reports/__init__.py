"""Reports: what a program achieved, for L&D. No figure ever speaks of fewer than five people."""
