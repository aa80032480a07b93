"""Who takes part: rosters, cohorts that staff lead, user groups of Slack, and who is staff."""
