"""Facts to tables: the follower, one file per projection, replay and verification."""
