"""`epoch`: market epochs."""

from __future__ import annotations

import click

from gridtokenx_indexer.domain.ids import EpochNumber, ZoneId
from gridtokenx_indexer.market.epochs import EpochStatus
from gridtokenx_indexer.ops.cli.invocation import (
    Invocation,
    dry_run_option,
    json_option,
    pass_invocation,
    print_json,
)


@click.group()
def epoch() -> None:
    """Market epochs, named YYYYMMDDHHMM of their start in UTC."""


@epoch.command("list")
@click.option("--status", type=click.Choice([str(status) for status in EpochStatus]), help="Only these.")
@click.option("--before", type=int, help="Only epochs before this one.")
@click.option(
    "--limit", default=20, show_default=True, type=click.IntRange(1, 10_000), help="At most so many."
)
@json_option
@pass_invocation
def list_(invocation: Invocation, status: str | None, before: int | None, limit: int, as_json: bool) -> None:
    """List epochs, newest first."""
    from gridtokenx_indexer.market.inspect import list_epochs
    from gridtokenx_indexer.ops.cli.session import print_rows, with_pool

    invocation.start_logging()
    epochs = with_pool(
        invocation.settings,
        lambda pool: list_epochs(
            pool,
            before=EpochNumber(before) if before is not None else None,
            status=EpochStatus(status) if status else None,
            limit=limit,
        ),
    )
    print_rows(epochs, as_json=as_json)


@epoch.command()
@click.argument("number", type=int)
@json_option
@pass_invocation
def show(invocation: Invocation, number: int, as_json: bool) -> None:
    """Show one epoch with its zones, its parts on chain and its trades."""
    from gridtokenx_indexer.market.inspect import show_epoch
    from gridtokenx_indexer.ops.cli.session import print_rows, rows_of, with_pool

    invocation.start_logging()
    detail = with_pool(invocation.settings, lambda pool: show_epoch(pool, EpochNumber(number)))
    if as_json:
        print_json(detail)
        return
    for name, value in rows_of([detail.summary])[0].items():
        click.echo(f"{name:<16} {'-' if value is None else value}")
    for title, items in (("zones", detail.zones), ("parts", detail.parts), ("trades", detail.trades)):
        click.echo(title)
        rows = [{key: value for key, value in row.items() if key != "figures"} for row in rows_of(items)]
        print_rows(rows, as_json=False)


@epoch.command()
@click.argument("number", type=int)
@dry_run_option
@json_option
@pass_invocation
def clear(invocation: Invocation, number: int, dry_run: bool, as_json: bool) -> None:
    """Clear an ended epoch now; with --dry-run, print what that would give."""
    from gridtokenx_indexer.ops.clearing import ClearingSummary, clear_now, preview_now
    from gridtokenx_indexer.ops.cli.chain_session import with_chain
    from gridtokenx_indexer.ops.cli.session import print_rows

    invocation.start_logging()
    settings = invocation.settings
    summaries: list[ClearingSummary]
    if dry_run:
        summaries = with_chain(
            settings,
            lambda pool, rpc, program: preview_now(pool, rpc, program.id, settings, EpochNumber(number)),
        )
        print_rows(summaries, as_json=as_json)
        return
    done = with_chain(
        settings, lambda pool, rpc, program: clear_now(pool, rpc, program.id, settings, EpochNumber(number))
    )
    click.echo(f"epoch {number} {'is cleared' if done else 'was cleared already'}")


@epoch.command()
@click.argument("number", type=int)
@json_option
@pass_invocation
def check(invocation: Invocation, number: int, as_json: bool) -> int:
    """Compute a cleared epoch again from its stored book; compare hash, root and the root on chain."""
    from gridtokenx_indexer.market.check import check_epoch
    from gridtokenx_indexer.market.settlement_accounts import SettlementAccounts
    from gridtokenx_indexer.ops.cli.chain_session import with_chain
    from gridtokenx_indexer.ops.cli.session import print_checks

    invocation.start_logging()
    checks = with_chain(
        invocation.settings,
        lambda pool, rpc, program: check_epoch(
            pool, EpochNumber(number), SettlementAccounts(rpc, program.id)
        ),
    )
    return print_checks(checks, as_json=as_json)


@epoch.command()
@click.argument("number", type=int)
@click.option("--zone", type=click.IntRange(0), help="Only this zone.")
@click.option("--trade", type=click.IntRange(0), help="Only the trade of this index.")
@dry_run_option
@json_option
@pass_invocation
def retry(
    invocation: Invocation, number: int, zone: int | None, trade: int | None, dry_run: bool, as_json: bool
) -> None:
    """Put what is in review back to work: trades, and transactions whose end was in doubt.

    Nothing can settle twice by it. Deal with the reason first, or it comes back to review.
    """
    from gridtokenx_indexer.market.review import retry_reviewed
    from gridtokenx_indexer.ops.cli.session import print_rows, with_pool

    invocation.start_logging()
    lines = with_pool(
        invocation.settings,
        lambda pool: retry_reviewed(
            pool,
            EpochNumber(number),
            zone=None if zone is None else ZoneId(zone),
            trade_index=trade,
            dry_run=dry_run,
        ),
    )
    if as_json:
        print_json(lines)
    elif not lines:
        click.echo(f"nothing of epoch {number} is in review")
    else:
        print_rows(lines, as_json=False)
        click.echo(f"{len(lines)} {'would be' if dry_run else 'are'} tried again")
