"""Prometheus metrics, named once."""
