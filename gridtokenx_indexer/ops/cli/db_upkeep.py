"""`db partitions` and `db retention`: what the tables that grow need, and what they may lose."""

from __future__ import annotations

import click

from gridtokenx_indexer.ops.cli.invocation import Invocation, dry_run_option, json_option, pass_invocation


@click.group()
def partitions() -> None:
    """Partitions that writers will need."""


@partitions.command("plan")
@json_option
@pass_invocation
def plan_partitions(invocation: Invocation, as_json: bool) -> None:
    """Print the statements that create what is missing."""
    from gridtokenx_indexer.ops.cli.session import print_rows, with_pool
    from gridtokenx_indexer.store.partitions import missing_partitions

    invocation.start_logging()
    plan = with_pool(invocation.settings, missing_partitions)
    if as_json:
        print_rows(plan, as_json=True)
    else:
        click.echo("\n".join(one.statement for one in plan) or "-- no partition is missing")


@partitions.command("apply")
@dry_run_option
@pass_invocation
def apply_partitions(invocation: Invocation, dry_run: bool) -> None:
    """Create what is missing; safe beside a running daemon."""
    from gridtokenx_indexer.ops.cli.session import with_pool
    from gridtokenx_indexer.store.partitions import ensure_partitions_ahead, missing_partitions

    invocation.start_logging()
    if dry_run:
        click.echo(f"would create {len(with_pool(invocation.settings, missing_partitions))} partitions")
        return
    count = with_pool(invocation.settings, ensure_partitions_ahead)
    click.echo(f"{count} partitions created")


@click.group()
def retention() -> None:
    """Rows and partitions past their time."""


@retention.command("plan")
@json_option
@pass_invocation
def plan_retention(invocation: Invocation, as_json: bool) -> None:
    """List what is to be archived, dropped or deleted, and what is kept for ever."""
    from gridtokenx_indexer.ops.cli.session import print_rows, with_database
    from gridtokenx_indexer.store.retention import retention_plan

    invocation.start_logging()
    print_rows(with_database(invocation.settings, retention_plan), as_json=as_json)


@retention.command("apply")
@dry_run_option
@pass_invocation
def apply_retention(invocation: Invocation, dry_run: bool) -> None:
    """Delete rows past their time; what is to be archived stays where it is."""
    from gridtokenx_indexer.ops.cli.session import with_database
    from gridtokenx_indexer.store.retention import delete_expired, retention_plan
    from gridtokenx_indexer.store.retention_plan import Action

    def work(url: str) -> None:
        plan = retention_plan(url)
        for step in plan:
            if step.action in (Action.ARCHIVE, Action.DROP):
                click.echo(f"{step.target} stays until it is archived")
            elif step.action is Action.DELETE and dry_run:
                click.echo(f"would delete rows of {step.table} before {step.before}")
        if not any(step.action is Action.DELETE for step in plan):
            click.echo("no row is past its time")
        elif not dry_run:
            for table, count in delete_expired(url, plan).items():
                click.echo(f"{count} rows deleted from {table}")

    invocation.start_logging()
    with_database(invocation.settings, work)
