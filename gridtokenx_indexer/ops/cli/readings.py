"""`readings`: bring meter readings in."""

from __future__ import annotations

from pathlib import Path

import click

from gridtokenx_indexer.ops.cli.invocation import (
    Invocation,
    dry_run_option,
    json_option,
    pass_invocation,
    print_json,
)


@click.group()
def readings() -> None:
    """Meter readings."""


@readings.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@dry_run_option
@json_option
@pass_invocation
def import_(invocation: Invocation, file: Path, dry_run: bool, as_json: bool) -> int:
    """Store the readings of a CSV file.

    Wrong lines are named with number and reason while the others go in; the exit code is then 1.
    """
    from gridtokenx_indexer.mint.readings_import import import_file
    from gridtokenx_indexer.ops.cli.session import with_pool
    from gridtokenx_indexer.ops.daemon.minting import mint_config

    invocation.start_logging()
    config = mint_config(invocation.settings)
    report = with_pool(invocation.settings, lambda pool: import_file(pool, file, config, dry_run=dry_run))
    if as_json:
        print_json(
            {
                "lines": report.lines,
                "stored": report.stored,
                "parked": report.parked,
                "refused": report.refused,
                "dry_run": report.dry_run,
                "problems": report.problems,
            }
        )
        return report.exit_code
    for problem in report.problems:
        click.echo(f"line {problem.line}: {problem.obstacle}: {problem.detail}", err=True)
    verb = "would be stored" if dry_run else "stored"
    click.echo(
        f"{report.lines} lines, {report.stored} {verb}, {report.parked} of them parked,"
        f" {report.refused} refused"
    )
    return report.exit_code
