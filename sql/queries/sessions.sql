-- name: set
-- Settings of a session; those that this server does not know are left out.
SELECT set_config(wanted.name, wanted.value, false)
  FROM unnest(%s::text[], %s::text[]) AS wanted (name, value)
  JOIN pg_settings AS known ON known.name = lower(wanted.name);
