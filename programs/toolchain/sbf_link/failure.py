"""The one way to give up: nothing is dropped silently."""

from __future__ import annotations

import sys
from typing import NoReturn


def fail(message: str) -> NoReturn:
    sys.exit(f"sbf-link: error: {message}")
