"""Coherent, made-up rows for every domain: for tests, documentation and trying things out."""
