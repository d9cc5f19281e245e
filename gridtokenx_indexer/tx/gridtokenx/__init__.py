"""Python client of the gridtokenx program: addresses, instructions, account layouts, measured limits."""
