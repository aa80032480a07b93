"""The authoring desk: what helps those who write lessons. It needs no database and no Slack."""
