"""`gridtokenx-indexer`: the root command and the one place where errors become exit codes."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import NoReturn

import click

from gridtokenx_indexer.domain.errors import GridTokenXError
from gridtokenx_indexer.ops.cli.invocation import Invocation
from gridtokenx_indexer.ops.cli.lazy import LazyGroup
from gridtokenx_indexer.ops.version import package_version

_CLI = "gridtokenx_indexer.ops.cli"
EXIT_INTERRUPTED = 130

_COMMANDS = {
    "run": (f"{_CLI}.run:run", "Run the daemon."),
    "demo": (f"{_CLI}.demo:demo", "Play a day of meter readings through the whole service."),
    "localnet": (f"{_CLI}.localnet:localnet", "Run a local Solana node."),
    "status": (f"{_CLI}.status:status", "Where the index, the queues and the epochs stand."),
    "verify": (f"{_CLI}.verify:verify", "Prove the indexed range and the books again."),
    "replay": (f"{_CLI}.replay:replay", "Decode stored raw transactions again, without a node."),
    "db": (f"{_CLI}.db:db", "Migrations, roles and schema of the database."),
    "config": (f"{_CLI}.config:config", "The effective settings."),
    "readings": (f"{_CLI}.readings:readings", "Meter readings."),
    "queue": (f"{_CLI}.queue:queue", "Mint operations."),
    "keys": (f"{_CLI}.keys:keys", "Signing keys that are watched."),
    "epoch": (f"{_CLI}.epoch:epoch", "Market epochs."),
    "idl": (f"{_CLI}.idl:idl", "Program interfaces."),
}


@click.group(
    cls=LazyGroup,
    commands_at=_COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 done, 1 failed, 2 wrong call, 75 try again later, 130 interrupted.",
)
@click.option("--config", type=click.Path(path_type=Path), help="Settings file. [env: GRIDTOKENX_CONFIG]")
@click.option("-u", "--url", help="RPC URL or moniker (m, t, d, l); a comma list. [env: SOLANA_RPC_URL]")
@click.option("-k", "--keypair", help="Key file of every role without its own. [env: SOLANA_KEYPAIR]")
@click.option("--database-url", help="Postgres to use. [env: DATABASE_URL]")
@click.option("--data-dir", help="Files of the embedded Postgres. [env: GRIDTOKENX_DATA_DIR]")
@click.option("--program-id", help="Address of the program. [env: GRIDTOKENX_PROGRAM_ID]")
@click.option("--log-level", help="debug, info, warning or error. [env: LOG_LEVEL]")
@click.option("--log-format", help="auto, json or text. [env: LOG_FORMAT]")
@click.version_option(package_version(), prog_name="gridtokenx-indexer")
@click.pass_context
def cli(
    context: click.Context,
    config: Path | None,
    url: str | None,
    keypair: str | None,
    database_url: str | None,
    data_dir: str | None,
    program_id: str | None,
    log_level: str | None,
    log_format: str | None,
) -> None:
    """Index a Solana energy market, mint meter readings, clear and settle its epochs."""
    given = {
        "solana.rpc_urls": ("--url", url),
        "keys.keypair": ("--keypair", keypair),
        "database.url": ("--database-url", database_url),
        "database.data_dir": ("--data-dir", data_dir),
        "program.id": ("--program-id", program_id),
        "log.level": ("--log-level", log_level),
        "log.format": ("--log-format", log_format),
    }
    flags = {key: (flag, value) for key, (flag, value) in given.items() if value is not None}
    context.obj = Invocation(config=config, flags=flags)


def main() -> NoReturn:
    """The entry point: one clear line on standard error and an exit code for every failure."""
    # Until a command has handlers of its own SIGTERM is an interrupt: what was started is stopped again, and
    # the first process of a container, for which the kernel ignores it by default, ends.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(call(sys.argv[1:]))


def call(arguments: list[str]) -> int:
    """Runs the command line; returns its exit code."""
    try:
        returned = cli.main(arguments, prog_name="gridtokenx-indexer", standalone_mode=False)
    except click.exceptions.Exit as asked:
        return asked.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return EXIT_INTERRUPTED
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except GridTokenXError as error:
        return _explain(error)
    except BrokenPipeError:
        return 1
    except Exception as error:
        from gridtokenx_indexer.ops.failures import as_own, as_refusal

        own = as_own(error) or as_refusal(error)
        if own is None:
            raise
        return _explain(own)
    return returned if isinstance(returned, int) else 0


def _explain(error: GridTokenXError) -> int:
    click.echo(f"error: {' '.join(str(error).split())}", err=True)
    return error.exit_code
