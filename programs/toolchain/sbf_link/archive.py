"""Members of a Unix archive, as rustc writes its rlibs."""

from __future__ import annotations

from collections.abc import Iterator

from sbf_link.failure import fail

MAGIC = b"!<arch>\n"
_HEADER_BYTES = 60


def members(data: bytes) -> Iterator[tuple[str, bytes]]:
    """(name, content) of every member, in the GNU or the BSD form of long names."""
    if not data.startswith(MAGIC):
        fail("not an archive")
    position, long_names = len(MAGIC), b""
    while position + _HEADER_BYTES <= len(data):
        header = data[position : position + _HEADER_BYTES]
        name, size = header[:16].decode().strip(), int(header[48:58])
        start = position + _HEADER_BYTES
        body = data[start : start + size]
        position = start + size + (size & 1)
        if name == "//":
            long_names = body
        elif name in ("/", "/SYM64/"):
            continue
        elif name.startswith("#1/"):
            length = int(name[3:])
            yield body[:length].rstrip(b"\0").decode(), body[length:]
        elif name.startswith("/"):
            offset = int(name[1:])
            yield long_names[offset : long_names.index(b"\n", offset)].decode().rstrip("/"), body
        else:
            yield name.rstrip("/"), body
