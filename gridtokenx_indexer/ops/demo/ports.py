"""Free TCP ports on the loopback interface."""

from __future__ import annotations

import socket

from gridtokenx_indexer.domain.errors import RetryableError

_ATTEMPTS = 50


def free_port() -> int:
    """Free at this moment; whoever is told of it should bind it soon."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def free_port_pair() -> int:
    """The first of two free neighbours: a node serves HTTP on one and its websocket on the next."""
    for _ in range(_ATTEMPTS):
        port = free_port()
        try:
            socket.create_server(("127.0.0.1", port + 1)).close()
        except OSError:
            continue
        return port
    raise RetryableError("no two neighbouring ports are free", remedy="end some processes")
