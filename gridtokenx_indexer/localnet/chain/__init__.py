"""What the node remembers: blocks, account versions, blockhashes, signatures."""
