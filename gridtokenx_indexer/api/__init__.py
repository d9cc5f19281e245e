"""The read API: what the database holds, as JSON over HTTP."""
