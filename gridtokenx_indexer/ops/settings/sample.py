"""The sample `config.toml`, written from the list so that it can never say anything else."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from gridtokenx_indexer.ops.settings.catalog import CATALOG, SECTIONS
from gridtokenx_indexer.ops.settings.setting import Setting, Value

_HEAD = """\
# Settings of gridtokenx-indexer, each with its default. A line without "#" before the name is the value in
# force; remove the "#" to set one that has no default. Order: defaults < this file < environment < flags.
# `gridtokenx-indexer config show` prints the effective values and where each came from.
"""


def sample(settings: Iterable[Setting] = CATALOG) -> str:
    lines = [_HEAD]
    section = ""
    for setting in settings:
        if setting.section != section:
            section = setting.section
            lines.append(f"\n# ---- {SECTIONS[section]}\n[{section}]")
        lines.extend(textwrap.wrap(setting.help, 108, initial_indent="# ", subsequent_indent="# "))
        lines.append(f"# ${setting.variable}")
        lines.append(f"{_assignment(setting)}\n")
    return "\n".join(lines).rstrip("\n") + "\n"


def _assignment(setting: Setting) -> str:
    if setting.default is None:
        return f"# {setting.name} ="
    return f"{setting.name} = {_toml(setting.default)}"


def _toml(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{item}"' for item in value) + "]"
    if isinstance(value, Decimal | Path):
        return f'"{value}"'
    return f'"{value or ""}"'
