"""From verified readings to minted energy: one path, exactly once per meter and window."""
