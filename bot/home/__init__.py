"""App Home: what waits, where one stands, what comes next."""
