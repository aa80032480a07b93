"""Coach: `/coach`, and whatever someone writes to the bot in plain words."""
