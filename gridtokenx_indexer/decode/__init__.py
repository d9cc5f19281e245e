"""From a block's transactions to facts: events, balance and supply changes, parked items; no I/O."""
