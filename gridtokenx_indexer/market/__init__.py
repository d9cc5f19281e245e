"""Epochs, clearing and settlement of the energy market."""
