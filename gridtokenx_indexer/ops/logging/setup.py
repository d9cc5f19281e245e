"""The process's log handler."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

from gridtokenx_indexer.ops.logging.formatters import JsonFormatter, TextFormatter


def configure_logging(*, level: str, style: str, stream: TextIO | None = None) -> None:
    """Sends every record of at least `level` to `stream` (standard error). `style`: auto, json or text."""
    target = stream if stream is not None else sys.stderr
    as_json = style == "json" or (style == "auto" and not target.isatty())
    handler = logging.StreamHandler(target)
    handler.setFormatter(JsonFormatter() if as_json else TextFormatter())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(level.upper())
    for chatty in ("httpx", "httpcore", "uvicorn.access", "websockets", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
