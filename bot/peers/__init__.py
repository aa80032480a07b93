"""Peers: bringing new managers together, two by two."""
