"""Anchor IDL text of either generation, compiled to byte readers; no I/O."""
