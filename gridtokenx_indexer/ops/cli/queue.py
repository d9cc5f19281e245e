"""`queue`: mint operations."""

from __future__ import annotations

import click

from gridtokenx_indexer.domain.errors import UsageError
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
_PARKED_COLUMNS = ("operation", "window_start", "meter_serial", "attempts", "error_class", "error_message")
_RETRY_LIMIT = 1_000
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
@click.argument("operation", required=False)
@click.option("--all-parked", is_flag=True, help="Every parked operation, except those that a person parked.")
@click.option(
    "--error", help="Of all parked only those of this class (see queue list --json), code or name of error."
)
@click.option(
    "--limit", type=click.IntRange(1, 1_000_000), help="Of all parked at most so many; 1000 without it."
)
@dry_run_option
@json_option
@pass_invocation
def retry(
    invocation: Invocation,
    operation: str | None,
    all_parked: bool,
    error: str | None,
    limit: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Put a parked, rejected or reviewed operation back into the queue, or all parked ones.

    Nothing can be minted twice by it: what a live transaction holds stays as it is.
    """
    invocation.start_logging()
    if all_parked:
        if operation is not None:
            raise UsageError("--all-parked takes no operation", remedy="name one, or leave it out")
        _retry_parked(invocation, error, limit or _RETRY_LIMIT, dry_run=dry_run, as_json=as_json)
    elif operation is None:
        raise UsageError(
            "queue retry needs an operation", remedy="name one of queue list, or give --all-parked"
        )
    elif error is not None or limit is not None:
        raise UsageError("--error and --limit choose among all parked", remedy="give --all-parked")
    else:
        _retry_one(invocation, operation, dry_run=dry_run, as_json=as_json)


def _retry_one(invocation: Invocation, operation: str, *, dry_run: bool, as_json: bool) -> None:
    from gridtokenx_indexer.mint.operation import operation_named
    from gridtokenx_indexer.mint.queue import retry_operation
    from gridtokenx_indexer.ops.cli.session import with_pool

    key = operation_named(operation)
    line = with_pool(invocation.settings, lambda pool: retry_operation(pool, key, dry_run=dry_run))
    if as_json:
        print_json(line)
    else:
        again = "judged" if line.status is OperationStatus.SENT else "queued"
        click.echo(f"{line.operation} {'would be' if dry_run else 'is'} {again} again, now {line.status}")


def _retry_parked(
    invocation: Invocation, error: str | None, limit: int, *, dry_run: bool, as_json: bool
) -> None:
    from gridtokenx_indexer.mint.queue import list_parked, retry_parked
    from gridtokenx_indexer.ops.cli.session import print_rows, with_pool

    if not dry_run:
        count = with_pool(invocation.settings, lambda pool: retry_parked(pool, error=error, limit=limit))
        if as_json:
            print_json({"queued_again": count})
        else:
            click.echo(f"{count} operations are queued again")
        return
    lines = with_pool(invocation.settings, lambda pool: list_parked(pool, error=error, limit=limit))
    print_rows(lines, None if as_json else _PARKED_COLUMNS, as_json=as_json)
    if not as_json:
        click.echo(f"{len(lines)} operations would be queued again")


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
