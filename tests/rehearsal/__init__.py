"""A made-up cohort that lives through the whole program: how much each got, what stayed, and which promise was broken."""
