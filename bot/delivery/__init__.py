"""How a message reaches Slack once."""
