"""`queue`: mint operations."""

from __future__ import annotations

import click

from gridtokenx_indexer.mint.status import OperationStatus
from gridtokenx_indexer.ops.cli.invocation import (
    Invocation,
    dry_run_option,
    json_option,
    pass_invocation,
    print_json,
)

_COLUMNS = (
    "operation",
    "window_start",
    "meter_serial",
    "status",
    "amount_base_units",
    "attempts",
    "next_retry_at",
    "error_message",
)
_STATUSES = [str(status) for status in OperationStatus]


@click.group()
def queue() -> None:
    """Mint operations: one per meter and window."""


@queue.command("list")
@click.option(
    "--status", "statuses", multiple=True, type=click.Choice(_STATUSES), help="Only these; repeatable."
)
@click.option("--after", help="Start behind this operation.")
@click.option(
    "--limit", default=100, show_default=True, type=click.IntRange(1, 10_000), help="At most so many."
)
@json_option
@pass_invocation
def list_(
    invocation: Invocation, statuses: tuple[str, ...], after: str | None, limit: int, as_json: bool
) -> None:
    """List operations in the order of window and meter."""
    from gridtokenx_indexer.mint.operation import operation_named
    from gridtokenx_indexer.mint.queue import list_operations
    from gridtokenx_indexer.ops.cli.session import print_rows, with_pool

    invocation.start_logging()
    lines = with_pool(
        invocation.settings,
        lambda pool: list_operations(
            pool,
            statuses=[OperationStatus(status) for status in statuses],
            after=operation_named(after) if after else None,
            limit=limit,
        ),
    )
    print_rows(lines, None if as_json else _COLUMNS, as_json=as_json)


@queue.command()
@click.argument("operation")
@json_option
@pass_invocation
def show(invocation: Invocation, operation: str, as_json: bool) -> None:
    """Show one operation (mint:METER_KEY:WINDOW) and every transaction that ever held it."""
    from gridtokenx_indexer.mint.operation import operation_named
    from gridtokenx_indexer.mint.queue import show_operation
    from gridtokenx_indexer.ops.cli.session import print_rows, rows_of, with_pool

    invocation.start_logging()
    key = operation_named(operation)
    detail = with_pool(invocation.settings, lambda pool: show_operation(pool, key))
    if as_json:
        print_json(detail)
        return
    for name, value in rows_of([detail.line])[0].items():
        click.echo(f"{name:<20} {'-' if value is None else value}")
    click.echo("attempts")
    print_rows(detail.attempts, as_json=False)


@queue.command()
@click.argument("operation")
@dry_run_option
@pass_invocation
def retry(invocation: Invocation, operation: str, dry_run: bool) -> None:
    """Put a parked, rejected or reviewed operation back into the queue."""
    from gridtokenx_indexer.mint.operation import operation_named
    from gridtokenx_indexer.mint.queue import retry_operation
    from gridtokenx_indexer.ops.cli.session import with_pool

    invocation.start_logging()
    key = operation_named(operation)
    line = with_pool(invocation.settings, lambda pool: retry_operation(pool, key, dry_run=dry_run))
    click.echo(f"{line.operation} {'would be' if dry_run else 'is'} queued again, now {line.status}")


@queue.command()
@click.argument("operation")
@click.option("--reason", required=True, help="Why; it is kept with the operation.")
@dry_run_option
@pass_invocation
def park(invocation: Invocation, operation: str, reason: str, dry_run: bool) -> None:
    """Take a queued operation out of the queue until `queue retry`."""
    from gridtokenx_indexer.mint.operation import operation_named
    from gridtokenx_indexer.mint.queue import park_operation
    from gridtokenx_indexer.ops.cli.session import with_pool

    invocation.start_logging()
    key = operation_named(operation)
    line = with_pool(invocation.settings, lambda pool: park_operation(pool, key, reason, dry_run=dry_run))
    click.echo(f"{line.operation} {'would be' if dry_run else 'is'} parked, now {line.status}")


@queue.command()
@dry_run_option
@pass_invocation
def resume(invocation: Invocation, dry_run: bool) -> None:
    """Lift the pause that the books put on minting, once its reason is dealt with."""
    from gridtokenx_indexer.mint.books import resume_minting
    from gridtokenx_indexer.ops.cli.session import with_pool

    invocation.start_logging()
    reason = with_pool(invocation.settings, lambda pool: resume_minting(pool, dry_run=dry_run))
    if reason is None:
        click.echo("minting is not paused")
    else:
        click.echo(f"minting {'would go' if dry_run else 'goes'} on; it was paused because {reason}")
