"""Settings of the database, the cluster, the program and the keys."""

from __future__ import annotations

from gridtokenx_indexer.ops.settings.setting import Kind, Setting
from gridtokenx_indexer.store.embedded_paths import DEFAULT_DATA_DIR


def _key(name: str, variable: str, whose: str) -> tuple[Setting, Setting]:
    """A key is a file or, where secrets come as environment variables, its text."""
    return (
        Setting(section="keys", name=name, kind=Kind.PATH, env=variable, help=f"Key file of {whose}."),
        Setting(
            section="keys",
            name=f"{name}_json",
            kind=Kind.TEXT,
            env=f"{variable}_JSON",
            secret=True,
            help=f"Instead of `{name}`: the key itself, 64 numbers as JSON or the same bytes in base58.",
        ),
    )


CHAIN: tuple[Setting, ...] = (
    Setting(
        section="database",
        name="url",
        kind=Kind.TEXT,
        env="DATABASE_URL",
        prefixes=("postgresql://", "postgres://"),
        secret=True,
        help="Postgres 15 to 18, such as postgresql://user:password@host/name. Unset: an embedded server "
        "starts under data_dir and stops with the process.",
    ),
    Setting(
        section="database",
        name="data_dir",
        kind=Kind.PATH,
        default=DEFAULT_DATA_DIR,
        env="GRIDTOKENX_DATA_DIR",
        help="Where the embedded server keeps its files. For a root whose home is closed to others the "
        "default becomes /var/lib/gridtokenx, because the server then runs as nobody.",
    ),
    Setting(
        section="database",
        name="pool_size",
        kind=Kind.INTEGER,
        default=12,
        minimum=4,
        help="Most connections that the daemon holds, beside one for notifications and one per lease.",
    ),
    Setting(
        section="database",
        name="migrate",
        kind=Kind.BOOLEAN,
        default=False,
        help="Apply missing migrations when the daemon starts; an embedded server always gets them.",
    ),
    Setting(
        section="database",
        name="backup_dir",
        kind=Kind.PATH,
        help="Folder for a pg_dump of the database before migrations change its schema. Unset: none is made.",
    ),
    Setting(
        section="database",
        name="pg_dump",
        kind=Kind.PATH,
        help="The pg_dump that makes these backups; that of the server's own version is best, because older "
        "versions of pg_restore cannot read its files. Unset: the one of PostgreSQL 18 in the package.",
    ),
    Setting(
        section="solana",
        name="rpc_urls",
        kind=Kind.LIST,
        default=("http://127.0.0.1:8899",),
        env="SOLANA_RPC_URL",
        secret=True,
        help="JSON-RPC endpoints, tried in this order, as URLs or monikers (mainnet-beta, testnet, devnet, "
        "localhost or their first letters).",
    ),
    Setting(
        section="solana",
        name="ws_url",
        kind=Kind.TEXT,
        env="SOLANA_WS_URL",
        secret=True,
        help="Websocket endpoint. Unset: computed from the first RPC URL (same host; locally port + 1).",
    ),
    Setting(
        section="program",
        name="id",
        kind=Kind.TEXT,
        env="GRIDTOKENX_PROGRAM_ID",
        help="Address of the deployed program. Unset: the address in the IDL.",
    ),
    Setting(
        section="program",
        name="idl",
        kind=Kind.PATH,
        env="GRIDTOKENX_PROGRAM_IDL",
        help="The program's IDL (spec 0.1.0). Unset: the one that ships with the package.",
    ),
    *_key("keypair", "SOLANA_KEYPAIR", "every role below that names none of its own"),
    *_key("minter", "GRIDTOKENX_MINTER_KEYPAIR", "the minter, who signs and pays for mints"),
    *_key("clearer", "GRIDTOKENX_CLEARER_KEYPAIR", "the clearer, who publishes the result of an epoch"),
    *_key("settler", "GRIDTOKENX_SETTLER_KEYPAIR", "the settler, who executes published trades"),
)
