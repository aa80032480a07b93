"""Pictures: a manager's whole way on one page, and the same in words."""
