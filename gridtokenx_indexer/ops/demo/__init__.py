"""The demonstration: one real day played through the real service."""
