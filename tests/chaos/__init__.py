"""A campaign against everything that fails: `python -m tests.chaos` breaks real processes, and counts what people got."""
