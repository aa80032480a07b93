"""A local stand-in for Slack: Web API, Socket Mode, Events over HTTP, and a page to act as anyone in."""
