"""Indexer, minter and market settlement daemon for the GridTokenX energy market on Solana."""

__version__ = "0.1.0"
