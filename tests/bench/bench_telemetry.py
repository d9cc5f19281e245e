"""Telemetry through COPY: monthly partitions beside one table of the same shape."""

from __future__ import annotations

import time

import psycopg

from tests.support.postgres import DatabaseServer, query
from tests.support.speed import report

TELEMETRY_ROWS = 300_000
ROUNDS = 3

SHAPE = """
CREATE TABLE hosting.one_table
    (LIKE hosting.miner_telemetry INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES);
ALTER TABLE hosting.one_table ADD FOREIGN KEY (miner_id) REFERENCES hosting.hosting_miners (id);
SELECT indexer.ensure_partition('hosting.miner_telemetry', now());
INSERT INTO hosting.hosting_sites (name) VALUES ('s');
INSERT INTO hosting.miner_models (name, hashrate, power_consumption) VALUES ('m', 100, 3000);
INSERT INTO hosting.hosting_miners (serial_number, miner_model_id, site_id)
SELECT 'M-' || g, 1, 1 FROM generate_series(1, 6000) AS g;
"""


def copy_telemetry(url: str, table: str) -> float:
    """Seconds of the server for one COPY; the text is made before."""
    lines = [f"{1 + n % 6000}\t110\t65\t3250\t5400\n" for n in range(TELEMETRY_ROWS)]
    blocks = ["".join(lines[n : n + 5000]) for n in range(0, TELEMETRY_ROWS, 5000)]
    with psycopg.connect(url) as connection:
        connection.execute(f"TRUNCATE {table}".encode())
        started = time.perf_counter()
        statement = f"COPY {table} (miner_id, hashrate, temperature, power_consumption, fan_speed) FROM STDIN"
        with connection.cursor().copy(statement.encode()) as target:
            for block in blocks:
                target.write(block)
        connection.commit()
        return time.perf_counter() - started


def test_telemetry_into_partitions(postgres: DatabaseServer) -> None:
    with postgres.database() as url:
        query(url, SHAPE)
        # In turns, so that a disturbance of the machine meets both.
        pairs = [
            (copy_telemetry(url, "hosting.miner_telemetry"), copy_telemetry(url, "hosting.one_table"))
            for _ in range(ROUNDS)
        ]
    cut, whole = min(one for one, _ in pairs), min(other for _, other in pairs)
    report("telemetry rows copied into partitions", TELEMETRY_ROWS / cut, "per s")
    report(
        "the same into one table",
        TELEMETRY_ROWS / whole,
        "per s",
        against="as long in partitions",
        ratio=cut / whole,
    )
    assert cut / whole <= 1.25
