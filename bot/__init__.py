"""Playercoach: a Slack app that turns a newly promoted sales manager from player into coach."""
