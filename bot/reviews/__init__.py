"""Reviews: what was answered is asked again, before it is forgotten."""
