"""The JSON-RPC methods, one file per group."""
