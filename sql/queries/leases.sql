-- name: acquire
-- Takes a free or expired lease under the next term; no row when another holder has it.
INSERT INTO indexer.leases AS l (name, holder, term, expires_at)
VALUES ($1, $2, 1, clock_timestamp() + $3::bigint * interval '1 millisecond')
ON CONFLICT (name) DO UPDATE
   SET holder = excluded.holder, term = l.term + 1, expires_at = excluded.expires_at, acquired_at = clock_timestamp()
 WHERE l.expires_at <= clock_timestamp()
RETURNING term;

-- name: renew
-- Only the present holder may; an expired lease is not revived, since another may already count on its end.
UPDATE indexer.leases
   SET expires_at = clock_timestamp() + $4::bigint * interval '1 millisecond'
 WHERE name = $1 AND holder = $2 AND term = $3 AND expires_at > clock_timestamp()
RETURNING term;

-- name: release
-- Lets the next holder start at once instead of after the lease's time.
UPDATE indexer.leases SET expires_at = clock_timestamp()
 WHERE name = $1 AND holder = $2 AND term = $3 AND expires_at > clock_timestamp();

-- name: is_current
-- Checked inside each write that matters; holds the lease in place until that write's transaction ends.
SELECT indexer.lease_is_current($1, $2);
