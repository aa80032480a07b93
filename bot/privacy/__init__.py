"""Privacy: what is kept of someone, who sees it, taking it along, and having it erased."""
