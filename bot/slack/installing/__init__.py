"""Installing: any number of workspaces, each with a token of its own."""
