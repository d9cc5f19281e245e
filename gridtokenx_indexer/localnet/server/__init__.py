"""HTTP and websocket listeners."""
