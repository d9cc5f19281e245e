from __future__ import annotations

from gridtokenx_indexer.store.index_plan import (
    FoundIndex,
    FoundTable,
    IndexLock,
    IndexPlan,
    WantedIndex,
    plan_indexes,
)

USERS = FoundTable("public.users", partitioned=False)
EMAIL = WantedIndex(
    "public.users", "users_email_idx", "CREATE INDEX users_email_idx ON public.users USING btree (email)"
)
KEY = WantedIndex(
    "public.users",
    "users_pkey",
    "CREATE UNIQUE INDEX users_pkey ON public.users USING btree (id)",
    constraint="PRIMARY KEY (id)",
)
ONCE = WantedIndex(
    "public.users",
    "users_once",
    "CREATE INDEX users_once ON public.users USING gist (period)",
    constraint="EXCLUDE USING gist (period WITH &&)",
)
ROWS = WantedIndex(
    "hosting.rows", "rows_at_idx", "CREATE INDEX rows_at_idx ON ONLY hosting.rows USING btree (at)"
)
ROWS_KEY = WantedIndex(
    "hosting.rows",
    "rows_pkey",
    "CREATE UNIQUE INDEX rows_pkey ON ONLY hosting.rows USING btree (id, at)",
    constraint="PRIMARY KEY (id, at)",
)
PARTITIONED = [
    FoundTable("hosting.rows", partitioned=True),
    FoundTable("hosting.rows_p1", partitioned=False, parent="hosting.rows"),
    FoundTable("hosting.rows_p2", partitioned=False, parent="hosting.rows"),
]


def statements(plan: IndexPlan) -> list[str]:
    assert plan.obstacles == ()
    return [step.statement for step in plan.steps]


def attached(number: int, *, valid: bool = True) -> FoundIndex:
    return FoundIndex(f"hosting.rows_p{number}", f"rows_p{number}_at_idx", valid=valid, part_of="rows_at_idx")


def test_what_is_there_needs_nothing() -> None:
    there = [
        FoundIndex("public.users", "users_email_idx"),
        FoundIndex("public.users", "users_pkey", is_constraint=True),
    ]
    assert plan_indexes([EMAIL, KEY], [USERS], there) == IndexPlan((), ())


def test_a_missing_table_waits_for_its_migration() -> None:
    assert plan_indexes([EMAIL], [], []) == IndexPlan((), ())


def test_a_missing_index_is_built_beside_writers() -> None:
    plan = plan_indexes([EMAIL], [USERS], [])
    assert statements(plan) == [
        "CREATE INDEX CONCURRENTLY users_email_idx ON public.users USING btree (email)"
    ]
    assert plan.steps[0].shuts_out is IndexLock.NOTHING


def test_an_invalid_index_is_dropped_first() -> None:
    plan = plan_indexes([EMAIL], [USERS], [FoundIndex("public.users", "users_email_idx", valid=False)])
    assert statements(plan) == [
        "DROP INDEX CONCURRENTLY public.users_email_idx",
        "CREATE INDEX CONCURRENTLY users_email_idx ON public.users USING btree (email)",
    ]


def test_an_index_that_is_being_built_is_left_alone() -> None:
    building = FoundIndex("public.users", "users_email_idx", valid=False, builder=4711)
    plan = plan_indexes([EMAIL], [USERS], [building])
    assert plan.steps == ()
    assert "process 4711 is building it" in plan.obstacles[0].reason


def test_a_key_comes_back_with_its_constraint() -> None:
    build = "CREATE UNIQUE INDEX CONCURRENTLY users_pkey ON public.users USING btree (id)"
    add = "ALTER TABLE public.users ADD CONSTRAINT users_pkey PRIMARY KEY USING INDEX users_pkey"
    assert statements(plan_indexes([KEY], [USERS], [])) == [build, add]
    # Killed between the two.
    assert statements(plan_indexes([KEY], [USERS], [FoundIndex("public.users", "users_pkey")])) == [add]


def test_an_invalid_key_is_rebuilt_in_its_place() -> None:
    broken = FoundIndex("public.users", "users_pkey", valid=False, is_constraint=True)
    assert statements(plan_indexes([KEY], [USERS], [broken])) == [
        "REINDEX INDEX CONCURRENTLY public.users_pkey"
    ]


def test_an_exclusion_constraint_is_left_to_a_person() -> None:
    plan = plan_indexes([ONCE], [USERS], [])
    assert plan.steps == ()
    assert plan.obstacles[0].reason.endswith(
        "run: ALTER TABLE public.users ADD CONSTRAINT users_once EXCLUDE USING gist (period WITH &&)"
    )
    broken = FoundIndex("public.users", "users_once", valid=False, is_constraint=True)
    plan = plan_indexes([ONCE], [USERS], [broken])
    assert plan.obstacles[0].reason.endswith("run: REINDEX INDEX public.users_once")


def test_leftovers_of_an_interrupted_rebuild_go() -> None:
    found = [
        FoundIndex("public.users", "users_email_idx"),
        FoundIndex("public.users", "users_email_idx_ccnew", valid=False),
        FoundIndex("public.users", "users_email_idx_ccold1", valid=False),
        FoundIndex("public.users", "somebody_else_ccnew", valid=False),
    ]
    assert statements(plan_indexes([EMAIL], [USERS], found)) == [
        "DROP INDEX CONCURRENTLY public.users_email_idx_ccnew",
        "DROP INDEX CONCURRENTLY public.users_email_idx_ccold1",
    ]


def test_a_partitioned_table_gets_its_index_part_by_part() -> None:
    plan = plan_indexes([ROWS], PARTITIONED, [])
    assert [(step.statement, step.shuts_out) for step in plan.steps] == [
        ("CREATE INDEX rows_at_idx ON ONLY hosting.rows USING btree (at)", IndexLock.WRITERS),
        (
            "CREATE INDEX CONCURRENTLY rows_p1_at_idx ON hosting.rows_p1 USING btree (at)",
            IndexLock.NOTHING,
        ),
        ("ALTER INDEX hosting.rows_at_idx ATTACH PARTITION hosting.rows_p1_at_idx", IndexLock.PARTITION),
        (
            "CREATE INDEX CONCURRENTLY rows_p2_at_idx ON hosting.rows_p2 USING btree (at)",
            IndexLock.NOTHING,
        ),
        ("ALTER INDEX hosting.rows_at_idx ATTACH PARTITION hosting.rows_p2_at_idx", IndexLock.PARTITION),
    ]


def test_a_plan_goes_on_where_the_last_one_was_killed() -> None:
    found = [
        FoundIndex("hosting.rows", "rows_at_idx", valid=False),
        attached(1),
        FoundIndex("hosting.rows_p2", "rows_p2_at_idx", valid=False),
    ]
    attach = "ALTER INDEX hosting.rows_at_idx ATTACH PARTITION hosting.rows_p2_at_idx"
    assert statements(plan_indexes([ROWS], PARTITIONED, found)) == [
        "DROP INDEX CONCURRENTLY hosting.rows_p2_at_idx",
        "CREATE INDEX CONCURRENTLY rows_p2_at_idx ON hosting.rows_p2 USING btree (at)",
        attach,
    ]
    found[2] = FoundIndex("hosting.rows_p2", "rows_p2_at_idx")
    assert statements(plan_indexes([ROWS], PARTITIONED, found)) == [attach]


def test_an_invalid_part_is_rebuilt_and_makes_the_whole_valid() -> None:
    whole = FoundIndex("hosting.rows", "rows_at_idx", valid=False)
    assert statements(plan_indexes([ROWS], PARTITIONED, [whole, attached(1), attached(2, valid=False)])) == [
        "REINDEX INDEX CONCURRENTLY hosting.rows_p2_at_idx",
        "ALTER INDEX hosting.rows_at_idx ATTACH PARTITION hosting.rows_p2_at_idx",
    ]


def test_the_key_of_a_partitioned_table_is_a_constraint_on_each_part() -> None:
    assert statements(plan_indexes([ROWS_KEY], PARTITIONED[:2], [])) == [
        "ALTER TABLE ONLY hosting.rows ADD CONSTRAINT rows_pkey PRIMARY KEY (id, at)",
        "CREATE UNIQUE INDEX CONCURRENTLY rows_p1_pkey ON hosting.rows_p1 USING btree (id, at)",
        "ALTER TABLE hosting.rows_p1 ADD CONSTRAINT rows_p1_pkey PRIMARY KEY USING INDEX rows_p1_pkey",
        "ALTER INDEX hosting.rows_pkey ATTACH PARTITION hosting.rows_p1_pkey",
    ]


def test_a_partition_of_the_release_keeps_the_name_that_the_release_gives() -> None:
    own = WantedIndex(
        "hosting.rows_p1", "own_name", "CREATE INDEX own_name ON hosting.rows_p1 USING btree (at)"
    )
    alone = WantedIndex("hosting.rows_p1", "alone", "CREATE INDEX alone ON hosting.rows_p1 USING btree (id)")
    assert statements(plan_indexes([ROWS, own, alone], PARTITIONED[:2], [])) == [
        "CREATE INDEX rows_at_idx ON ONLY hosting.rows USING btree (at)",
        "CREATE INDEX CONCURRENTLY own_name ON hosting.rows_p1 USING btree (at)",
        "ALTER INDEX hosting.rows_at_idx ATTACH PARTITION hosting.own_name",
        "CREATE INDEX CONCURRENTLY alone ON hosting.rows_p1 USING btree (id)",
    ]


def test_partitions_of_partitions() -> None:
    tables = [
        FoundTable("hosting.rows", partitioned=True),
        FoundTable("hosting.rows_old", partitioned=True, parent="hosting.rows"),
        FoundTable("hosting.rows_old_p1", partitioned=False, parent="hosting.rows_old"),
    ]
    assert statements(plan_indexes([ROWS], tables, [])) == [
        "CREATE INDEX rows_at_idx ON ONLY hosting.rows USING btree (at)",
        "CREATE INDEX rows_old_at_idx ON ONLY hosting.rows_old USING btree (at)",
        "CREATE INDEX CONCURRENTLY rows_old_p1_at_idx ON hosting.rows_old_p1 USING btree (at)",
        "ALTER INDEX hosting.rows_old_at_idx ATTACH PARTITION hosting.rows_old_p1_at_idx",
        "ALTER INDEX hosting.rows_at_idx ATTACH PARTITION hosting.rows_old_at_idx",
    ]


def test_a_hypertable_has_indexes_of_its_own() -> None:
    assert plan_indexes([ROWS], [FoundTable("hosting.rows", partitioned=False)], []) == IndexPlan((), ())


def test_names_fit_into_63_bytes_and_differ() -> None:
    tables = [
        FoundTable("hosting.rows", partitioned=True),
        *(
            FoundTable(f"hosting.{'r' * 58}_p{number}", partitioned=False, parent="hosting.rows")
            for number in (1, 2)
        ),
    ]
    names = {step.index for step in plan_indexes([ROWS], tables, []).steps if step.index != "rows_at_idx"}
    assert len(names) == 2
    assert max(map(len, names)) == 63


def test_a_comment_comes_back_with_its_index() -> None:
    said = WantedIndex(EMAIL.table, EMAIL.name, EMAIL.definition, comment="Deviation: the user's own.")
    comment = "COMMENT ON INDEX public.users_email_idx IS 'Deviation: the user''s own.'"
    assert statements(plan_indexes([said], [USERS], []))[-1] == comment
    bare = FoundIndex("public.users", "users_email_idx")
    assert statements(plan_indexes([said], [USERS], [bare])) == [comment]
    there = FoundIndex("public.users", "users_email_idx", comment=said.comment)
    assert statements(plan_indexes([said], [USERS], [there])) == []


def test_a_comment_comes_back_with_its_constraint() -> None:
    said = WantedIndex(
        KEY.table, KEY.name, KEY.definition, constraint=KEY.constraint, constraint_comment="Deviation: both."
    )
    comment = "COMMENT ON CONSTRAINT users_pkey ON public.users IS 'Deviation: both.'"
    assert statements(plan_indexes([said], [USERS], []))[-1] == comment
