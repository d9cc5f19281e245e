"""Transactions from plan to proof: sign, write ahead, send, resolve. Shared by minting and settlement."""
