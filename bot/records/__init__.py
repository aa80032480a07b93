"""What happened: the tables and the one database that holds them."""
