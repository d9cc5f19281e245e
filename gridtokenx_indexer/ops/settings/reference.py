"""The table of all settings in `docs/configuration.md`, written from the list."""

from __future__ import annotations

from collections.abc import Iterable

from gridtokenx_indexer.ops.settings.catalog import CATALOG, SECTIONS
from gridtokenx_indexer.ops.settings.masking import plain
from gridtokenx_indexer.ops.settings.setting import Setting


def reference(settings: Iterable[Setting] = CATALOG) -> str:
    lines: list[str] = []
    section = ""
    for setting in settings:
        if setting.section != section:
            section = setting.section
            lines.append(f"\n### `[{section}]` {SECTIONS[section]}\n")
            lines.append("| setting | variable | type | default | meaning |\n|---|---|---|---|---|")
        default = "unset" if setting.default is None else f"`{plain(setting.default)}`"
        kind = " \\| ".join(f"`{choice}`" for choice in setting.choices) or setting.kind.value
        lines.append(f"| `{setting.key}` | `{setting.variable}` | {kind} | {default} | {setting.help} |")
    return "\n".join(lines).lstrip("\n") + "\n"
