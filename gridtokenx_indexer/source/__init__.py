"""JSON-RPC and websocket access to Solana nodes, and the pure gap and fork tracker."""
