"""`db`: migrations, checks, roles and schema of the database."""

from __future__ import annotations

import click

from gridtokenx_indexer.ops.cli.db_indexes import indexes
from gridtokenx_indexer.ops.cli.db_rollups import rollups
from gridtokenx_indexer.ops.cli.db_seed import seed
from gridtokenx_indexer.ops.cli.db_upkeep import partitions, retention
from gridtokenx_indexer.ops.cli.invocation import (
    Invocation,
    dry_run_option,
    json_option,
    pass_invocation,
    print_json,
)
from gridtokenx_indexer.ops.cli.tables import table


@click.group()
def db() -> None:
    """Migrations, roles and schema of the database."""


@db.command()
@dry_run_option
@pass_invocation
def migrate(invocation: Invocation, dry_run: bool) -> None:
    """Apply the migrations that the database lacks."""
    from gridtokenx_indexer.ops.database import backup_hook, database
    from gridtokenx_indexer.store import migrate as runner
    from gridtokenx_indexer.store.migration_plan import objections, pending

    invocation.start_logging()
    with database(invocation.settings, share=True) as url:
        if dry_run:
            statuses = runner.migration_status(url)
            runner.raise_first(objections(statuses))
            for migration in pending(statuses):
                click.echo(f"would apply {migration.version} {migration.description}")
            return
        applied = runner.migrate(
            url,
            before_change=backup_hook(invocation.settings, url),
            on_applied=lambda one: click.echo(f"applied {one.migration.version} {one.migration.description}"),
        )
    click.echo(f"{len(applied)} migrations applied")


@db.command("status")
@json_option
@pass_invocation
def show_status(invocation: Invocation, as_json: bool) -> int:
    """List every migration and whether it is installed; exit code 1 when any is not as it should be."""
    from gridtokenx_indexer.ops.database import database
    from gridtokenx_indexer.store.migrate import migration_status
    from gridtokenx_indexer.store.migration_plan import objections

    invocation.start_logging()
    with database(invocation.settings, share=True) as url:
        statuses = migration_status(url)
    rows = [
        {"version": one.version, "description": one.description, "state": str(one.state)} for one in statuses
    ]
    if as_json:
        print_json(rows)
    else:
        click.echo(table(rows))
    problems = objections(statuses)
    for problem in problems:
        click.echo(f"error: {problem}", err=True)
    return 1 if problems else 0


@db.command()
@click.option(
    "--seal",
    metavar="NUMBER:VALUE",
    help="A seal of the audit trail from an earlier log: it must still be there.",
)
@json_option
@pass_invocation
def verify(invocation: Invocation, seal: str | None, as_json: bool) -> int:
    """Check ledger, every object of the schema, and audit seals; exit code 1 when something differs."""
    from gridtokenx_indexer.ops.database import database
    from gridtokenx_indexer.store.db_verify import verify_database

    invocation.start_logging()
    with database(invocation.settings, share=True) as url:
        checks = verify_database(url, seal)
    if as_json:
        print_json(checks)
    else:
        for one in checks:
            click.echo(
                f"{'ok    ' if one.ok else 'FAILED'} {one.name}{': ' if one.detail else ''}{one.detail}"
            )
            for difference in one.differences:
                click.echo(f"       {difference}")
    return 0 if all(one.ok for one in checks) else 1


@db.command()
@pass_invocation
def dump(invocation: Invocation) -> None:
    """Print the schema, the same text on every machine."""
    from gridtokenx_indexer.ops.database import database
    from gridtokenx_indexer.store.schema_dump import dump_schema

    invocation.start_logging()
    with database(invocation.settings, share=True) as url:
        click.echo(dump_schema(url), nl=False)


@db.command()
@dry_run_option
@pass_invocation
def roles(invocation: Invocation, dry_run: bool) -> None:
    """Create the four database roles and give each its rights."""
    from gridtokenx_indexer.ops.cli.session import with_database
    from gridtokenx_indexer.store.roles import apply_roles

    invocation.start_logging()
    statements = with_database(invocation.settings, lambda url: apply_roles(url, dry_run=dry_run))
    if dry_run:
        click.echo("\n".join(statements))
    else:
        click.echo(f"{len(statements)} statements applied")


db.add_command(partitions)
db.add_command(retention)
db.add_command(rollups)
db.add_command(indexes)
db.add_command(seed)
