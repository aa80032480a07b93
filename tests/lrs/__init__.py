"""xAPI statements against two tools that others wrote: a validator and a learning record store."""
