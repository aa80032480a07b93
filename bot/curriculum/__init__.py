"""What is taught: reads content/; knows no database and no Slack."""
