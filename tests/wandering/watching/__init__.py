"""Who looks around after each step, and at what: each is one set of things that have to hold always."""
