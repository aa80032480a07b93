"""When a mentor changes: staff hear of it, a new one is given in one step; and buddies beside mentors."""
