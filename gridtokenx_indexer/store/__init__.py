"""The database: pool, named queries, migrations, partitions, leases, the embedded server."""
