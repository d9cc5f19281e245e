"""What no request may hold, whatever its route: unreadable text, and parameters that nobody reads."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from litestar import Litestar, Request

from gridtokenx_indexer.domain.errors import UsageError

_TYPED_PLACE = re.compile(r"\{(\w+):\w+\}")


def check_request(request: Request[Any, Any, Any]) -> None:
    """Raises `UsageError` for text that is not UTF-8 or holds a zero byte, and for unknown query parameters.

    A filter with a misspelt name would otherwise filter nothing, and its answer look complete.
    """
    raw_path: bytes = request.scope.get("raw_path", b"")
    query: bytes = request.scope.get("query_string", b"")
    for part, what in ((raw_path, "path"), (query, "query")):
        _require_text(unquote_to_bytes(part), what)
    known = _parameters(request.app).get(_TYPED_PLACE.sub(r"{\1}", request.scope["path_template"]))
    if known is None:
        return
    for name, _ in parse_qsl(query.decode(), keep_blank_values=True):
        if name not in known:
            allowed = ", ".join(sorted(known)) or "it takes none"
            raise UsageError(f"there is no parameter {name}", remedy=f"parameters: {allowed}")


def _require_text(raw: bytes, what: str) -> None:
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise UsageError(f"the {what} is not UTF-8", remedy="percent-encode UTF-8 text") from error
    if "\0" in text:
        raise UsageError(f"the {what} holds a zero byte", remedy="leave it out")


@cache
def _parameters(app: Litestar) -> dict[str, frozenset[str]]:
    """The query parameters of every path that the OpenAPI description lists."""
    found = {}
    for path, item in (app.openapi_schema.paths or {}).items():
        if item.get is not None:
            listed = item.get.parameters or []
            found[path] = frozenset(
                str(getattr(parameter, "name", ""))
                for parameter in listed
                if getattr(parameter, "param_in", "") == "query"
            )
    return found
