"""Composition of the service: settings, logs, metrics, supervisor, daemon, demo and the command line."""
