"""The composition root: every service of the daemon, built from the settings."""
