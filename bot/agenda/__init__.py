"""When: the clock, the calendar, what is due."""
