"""`idl`: program interfaces."""

from __future__ import annotations

from pathlib import Path

import click

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.ops.cli.invocation import json_option, print_json
from gridtokenx_indexer.ops.cli.tables import table


@click.group()
def idl() -> None:
    """Program interfaces."""


@idl.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def check(file: Path, as_json: bool) -> int:
    """Compile every event, account and instruction of an IDL; exit code 1 when one cannot be decoded."""
    from gridtokenx_indexer.idl.check import check_idl

    try:
        text = file.read_bytes()
    except OSError as error:
        raise UsageError(
            f"the IDL {file} cannot be read ({error.strerror})", remedy="check the path"
        ) from error
    report = check_idl(text)
    rows = [
        {
            "kind": item.kind,
            "name": item.name,
            "discriminator": item.discriminator,
            "bytes": f"{item.min_size}{'' if item.fixed else '+'}" if item.min_size is not None else "-",
            "problem": item.problem,
        }
        for item in report.items
    ]
    if as_json:
        print_json(
            {
                "name": report.name,
                "address": report.address,
                "generation": str(report.generation),
                "sha256": report.sha256,
                "items": rows,
            }
        )
    else:
        click.echo(f"{report.name} {report.address or '-'} {report.generation} sha256 {report.sha256}")
        click.echo(table(rows))
    return 1 if report.problems else 0
