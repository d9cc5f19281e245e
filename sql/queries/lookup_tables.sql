-- name: request_addresses
-- In the given order, so that neighbours stay neighbours.
INSERT INTO indexer.lookup_table_addresses (purpose, address)
SELECT $1, wanted.address
  FROM unnest($2::text[]) WITH ORDINALITY AS wanted(address, place)
 ORDER BY wanted.place
    ON CONFLICT DO NOTHING

-- name: wanted
-- How much is to be placed, so that the keeper asks for a blockhash only when there is something to do.
SELECT purpose, count(*) AS addresses
  FROM indexer.lookup_table_addresses
 WHERE purpose = ANY ($1::text[]) AND table_address IS NULL
 GROUP BY purpose

-- name: insert_shared
-- The first places of a new table.
INSERT INTO indexer.lookup_table_addresses (purpose, address, shared, table_address, position)
SELECT $1, shared.address, true, $2, shared.place - 1
  FROM unnest($3::text[]) WITH ORDINALITY AS shared(address, place)

-- name: places
-- Only finalized places: a node takes no others.
SELECT address, table_address, position
  FROM indexer.lookup_table_addresses
 WHERE purpose = ANY ($1::text[]) AND address = ANY ($2::text[]) AND final_slot IS NOT NULL AND NOT shared

-- name: contents
-- The finalized part of each table, in the order of its positions.
SELECT table_address, address
  FROM indexer.lookup_table_addresses
 WHERE table_address = ANY ($1::text[]) AND final_slot IS NOT NULL
 ORDER BY table_address, position

-- name: growable_table
-- An own table with room and no step in flight.
SELECT t.address, coalesce(places.used, 0) AS used
  FROM indexer.lookup_tables AS t
 CROSS JOIN LATERAL (
        SELECT count(*)::integer AS used, count(*) FILTER (WHERE a.final_slot IS NULL) AS open
          FROM indexer.lookup_table_addresses AS a
         WHERE a.table_address = t.address) AS places
 WHERE t.purpose = $1 AND t.authority = $2 AND t.status = 'active'
   AND places.used < $3 AND places.open = 0 AND t.retry_at <= now()
 ORDER BY t.ordinal
 LIMIT 1
   FOR UPDATE OF t

-- name: insert_table
-- Not while as many as allowed are growing already, while the pause after a failure lasts, or under a taken slot.
INSERT INTO indexer.lookup_tables (address, purpose, ordinal, authority, recent_slot, failures)
SELECT $1::text, $2::text, coalesce(max(t.ordinal), -1) + 1, $3::text, $4::bigint,
       coalesce((array_agg(t.failures ORDER BY t.ordinal DESC))[1], 0)
  FROM indexer.lookup_tables AS t
 WHERE t.purpose = $2::text
HAVING count(*) FILTER (WHERE t.status = 'creating'
                           OR EXISTS (SELECT FROM indexer.lookup_table_addresses AS a
                                       WHERE a.table_address = t.address AND a.final_slot IS NULL)) < $5::integer
   AND coalesce(max(t.retry_at), '-infinity') <= now()
    ON CONFLICT DO NOTHING
RETURNING ordinal

-- name: forget_table
-- Nothing was wanted after all; nothing was sent.
WITH places AS (DELETE FROM indexer.lookup_table_addresses WHERE table_address = $1 AND shared)
DELETE FROM indexer.lookup_tables WHERE address = $1

-- name: place_wanted
-- The next wanted addresses get the next positions, in the order in which they were asked for.
UPDATE indexer.lookup_table_addresses AS a
   SET table_address = $2, position = $3 + next.place - 1
  FROM (SELECT w.address, row_number() OVER (ORDER BY w.wanted_id) AS place
          FROM (SELECT address, wanted_id FROM indexer.lookup_table_addresses
                 WHERE purpose = $1 AND table_address IS NULL
                 ORDER BY wanted_id LIMIT $4 FOR UPDATE) AS w) AS next
 WHERE a.purpose = $1 AND a.address = next.address
RETURNING a.address, a.position

-- name: finalize_places
-- From now on transactions may use them.
UPDATE indexer.lookup_table_addresses SET final_slot = $4
 WHERE table_address = $1 AND position >= $2::integer AND position < $2::integer + $3::integer

-- name: activate_table
-- It exists for good and takes more, unless it was given up meanwhile.
UPDATE indexer.lookup_tables SET status = 'active', failures = 0 WHERE address = $1 AND status <> 'closed'

-- name: failures
-- Steps that failed in a row.
SELECT failures FROM indexer.lookup_tables WHERE address = $1

-- name: release_places
-- The append never happened: the addresses are wanted again, the shared ones by whichever table comes next.
WITH shared AS (DELETE FROM indexer.lookup_table_addresses WHERE table_address = $1 AND shared AND final_slot IS NULL)
UPDATE indexer.lookup_table_addresses SET table_address = NULL, position = NULL
 WHERE table_address = $1 AND position >= $2::integer AND final_slot IS NULL AND NOT shared

-- name: step_failed
-- A table whose creation did not happen is given up; one that exists rests.
UPDATE indexer.lookup_tables
   SET status = CASE status WHEN 'creating' THEN 'abandoned' ELSE status END,
       failures = $2,
       retry_at = now() + interval '1 millisecond' * $3::integer
 WHERE address = $1

-- name: give_table_up
-- What the chain holds at its positions is not what we wrote down: its addresses are wanted again, elsewhere.
WITH closed AS (UPDATE indexer.lookup_tables SET status = 'closed' WHERE address = $1),
     shared AS (DELETE FROM indexer.lookup_table_addresses WHERE table_address = $1 AND shared)
UPDATE indexer.lookup_table_addresses SET table_address = NULL, position = NULL, final_slot = NULL
 WHERE table_address = $1 AND NOT shared
