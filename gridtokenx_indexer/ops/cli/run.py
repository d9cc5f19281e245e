"""`run`: the daemon."""

from __future__ import annotations

import click

from gridtokenx_indexer.ops.cli.invocation import Invocation, pass_invocation


@click.command()
@click.option("--listen", help="HOST:PORT of the API. [env: GRIDTOKENX_API_LISTEN]")
@pass_invocation
def run(invocation: Invocation, listen: str | None) -> int:
    """Index, mint, clear, settle and serve until stopped.

    SIGTERM lets every service finish what it holds; a second signal stops at once. Without DATABASE_URL an
    embedded Postgres runs under --data-dir and stops with the daemon. A role without a key does not work.
    """
    from gridtokenx_indexer.ops.daemon.run import run_daemon

    settings = invocation.with_flags({"api.listen": ("--listen", listen)})
    invocation.start_logging()
    return run_daemon(settings)
