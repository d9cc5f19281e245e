"""The layers of settings merged: defaults, file, environment, flags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

import msgspec

from gridtokenx_indexer.domain.errors import UsageError
from gridtokenx_indexer.ops.settings.setting import Setting, Value, read_value

Config = TypeVar("Config")


class Resolved(msgspec.Struct, frozen=True):
    """A value and where it came from: `default`, a file's path, `$VARIABLE` or a flag."""

    setting: Setting
    value: Value
    origin: str


class Settings:
    """The effective settings. `settings["database.url"]` is the value; an unknown key is a `KeyError`."""

    def __init__(self, resolved: Mapping[str, Resolved]) -> None:
        self._resolved = dict(resolved)

    def __getitem__(self, key: str) -> Value:
        return self._resolved[key].value

    def __iter__(self) -> Iterator[Resolved]:
        return iter(self._resolved.values())

    def origin(self, key: str) -> str:
        return self._resolved[key].origin

    def section(self, section: str) -> dict[str, Value]:
        """The values that are set in one section; unset ones are absent, so that defaults hold."""
        return {
            entry.setting.name: entry.value
            for entry in self._resolved.values()
            if entry.setting.section == section and entry.value is not None
        }

    def struct(self, section: str, config: type[Config]) -> Config:
        """A package's own configuration built from its section."""
        try:
            return msgspec.convert(self.section(section), config)
        except msgspec.ValidationError as error:
            raise UsageError(
                f"[{section}] does not fit: {error}", remedy="see `gridtokenx-indexer config show`"
            ) from error


def merge(
    settings: Iterable[Setting],
    *,
    file: Mapping[str, Any] | None = None,
    file_name: str = "config.toml",
    environment: Mapping[str, str] | None = None,
    flags: Mapping[str, tuple[str, object]] | None = None,
) -> Settings:
    """Later layers win. `flags` maps a key to (flag as typed, value). Unknown names raise `UsageError`."""
    known = {setting.key: setting for setting in settings}
    layers = _flatten(file or {}, known, file_name)
    resolved: dict[str, Resolved] = {}
    for key, setting in known.items():
        resolved[key] = Resolved(setting, setting.default, "default")
        if key in layers:
            resolved[key] = Resolved(setting, read_value(setting, layers[key], file_name), file_name)
        text = (environment or {}).get(setting.variable)
        if text:
            origin = f"${setting.variable}"
            resolved[key] = Resolved(setting, read_value(setting, text, origin), origin)
        if flags and key in flags:
            flag, raw = flags[key]
            resolved[key] = Resolved(setting, read_value(setting, raw, flag), flag)
    _refuse_unknown_variables(environment or {}, {setting.variable for setting in known.values()})
    return Settings(resolved)


def _flatten(file: Mapping[str, Any], known: Mapping[str, Setting], file_name: str) -> dict[str, object]:
    sections = {setting.section for setting in known.values()}
    flat: dict[str, object] = {}
    for section, entries in file.items():
        if section not in sections or not isinstance(entries, Mapping):
            raise _unknown(section, sections, f"section or key in {file_name}")
        for name, raw in entries.items():
            key = f"{section}.{name}"
            if key not in known:
                raise _unknown(key, known, f"setting in {file_name}")
            flat[key] = raw
    return flat


_OWN_VARIABLES = frozenset({"GRIDTOKENX_CONFIG"})
# Kubernetes puts these into every pod for each Service beside it, one named gridtokenx-… too.
_SERVICE_LINK = re.compile(
    r"GRIDTOKENX_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)=.*"
    r"|GRIDTOKENX_(\w+_)?PORT=(tcp|udp|sctp)://.*"
)


def _refuse_unknown_variables(environment: Mapping[str, str], known: set[str]) -> None:
    """A misspelt GRIDTOKENX_ variable would otherwise be a setting that silently does nothing."""
    for variable, value in environment.items():
        if not variable.startswith("GRIDTOKENX_") or variable.startswith("GRIDTOKENX_TEST_"):
            continue
        if variable not in known | _OWN_VARIABLES and not _SERVICE_LINK.fullmatch(f"{variable}={value}"):
            raise _unknown(variable, known | _OWN_VARIABLES, "environment variable")


def _unknown(name: str, known: Iterable[str], what: str) -> UsageError:
    nearest = get_close_matches(name, list(known), n=1, cutoff=0.5)
    remedy = f"did you mean {nearest[0]}?" if nearest else "`config show` lists all names"
    return UsageError(f"{name} is not a known {what}", remedy=remedy)
