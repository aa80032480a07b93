"""Watching over the running program: figures for Prometheus, errors for Sentry. It names no person and no workspace."""
