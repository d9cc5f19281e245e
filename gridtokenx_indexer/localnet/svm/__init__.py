"""Transactions: their bytes, the rules around them, and their execution in LiteSVM."""
