"""Settings of the read API."""

from __future__ import annotations

import msgspec

from gridtokenx_indexer.domain.errors import UsageError


class ApiConfig(msgspec.Struct, frozen=True, kw_only=True):
    enabled: bool = True
    listen: str = "127.0.0.1:8080"
    """HOST:PORT; port 0 takes a free one."""
    ready_lag_slots: int = 150
    """`/readyz` refuses while the index is further behind the cluster's tip."""

    def address(self) -> tuple[str, int]:
        """Host and port of `listen`; raises `UsageError` when it is not HOST:PORT."""
        host, colon, port = self.listen.rpartition(":")
        if not colon or not port.isdecimal() or int(port) > 65_535:
            raise UsageError(
                f"api.listen = {self.listen!r} is not HOST:PORT", remedy="give for example 127.0.0.1:8080"
            )
        return host.strip("[]") or "127.0.0.1", int(port)
