"""From the node's records to the members of JSON-RPC answers."""
