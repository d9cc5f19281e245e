"""Logs: a constant event name with fields, as JSON or for people."""
