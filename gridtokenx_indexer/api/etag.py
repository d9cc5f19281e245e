"""Weak entity tags: two answers with the same data have the same tag, whatever slot they were given at."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response

Body = TypeVar("Body")


class NotModifiedError(Exception):
    """The client already has this data; answered as 304."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


def tagged(request: Request[Any, Any, Any], body: Body, data: object) -> Response[Body]:
    """`body` with the tag of its `data`; raises `NotModifiedError` when the request names that tag."""
    tag = f'W/"{sha256(msgspec.json.encode(data)).hexdigest()[:32]}"'
    if matches(request.headers.get("if-none-match", ""), tag):
        raise NotModifiedError(tag)
    return Response(body, headers={"ETag": tag, "Cache-Control": "no-cache"})


def matches(if_none_match: str, tag: str) -> bool:
    """The weak comparison of RFC 9110 section 13.1.2."""
    given = [item.strip().removeprefix("W/") for item in if_none_match.split(",")]
    return "*" in given or tag.removeprefix("W/") in given


def not_modified(_request: Request[Any, Any, Any], error: NotModifiedError) -> Response[None]:
    return Response(None, status_code=304, headers={"ETag": error.tag})
