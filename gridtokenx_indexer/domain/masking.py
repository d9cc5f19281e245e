"""Texts that may hold secrets, as they may be shown to people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

MASK = "***"
_KEYWORD_PASSWORD = re.compile(r"\bpassword\s*=\s*('(?:[^'\\]|\\.)*'|\S+)", re.IGNORECASE)


def masked(text: str) -> str:
    """A URL keeps scheme, user, host, port and database name; anything else is masked whole."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return MASK
    if not parts.scheme or "://" not in text:
        return MASK if text else ""
    user, at, host = parts.netloc.rpartition("@")
    if at:
        user = user.partition(":")[0] + (f":{MASK}" if ":" in user else "")
    path = parts.path
    if parts.scheme.startswith(("http", "ws")) and path.strip("/"):
        path = f"/{MASK}"
    return f"{parts.scheme}://{user}{at}{host}{path}{f'?{MASK}' if parts.query else ''}"


def scrubbed(message: str, url: str) -> str:
    """`message`, which may repeat `url` or parts of it, without its secrets."""
    message = message.replace(url, masked(url)) if url else message
    for secret in sorted(_secrets(url), key=len, reverse=True):
        message = message.replace(secret, MASK)
    return message


def _secrets(url: str) -> Iterator[str]:
    # By hand, because a text that is no proper URL must not show its password either.
    rest = url.partition("://")[2]
    credentials, at, _ = rest.partition("?")[0].rpartition("@")
    password = credentials.partition(":")[2] if at else ""
    # A reader that ends the password at its first @ takes the rest for the host and repeats it.
    found = [password, *password.split("@")]
    found += [value for pair in rest.partition("?")[2].split("&") for value in pair.partition("=")[2:]]
    found += [value.strip("'") for value in _KEYWORD_PASSWORD.findall(url)]
    yield from {form for value in found for form in (value, unquote(value)) if form}
