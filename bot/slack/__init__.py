"""The Slack surface that all rooms share."""
