"""The switches that make the node misbehave on purpose."""

from __future__ import annotations

import msgspec


class RateLimit(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Answers the next HTTP requests with status 429."""

    requests: int
    """How many requests are turned away; it counts down."""
    retry_after_s: int = 1
    methods: list[str] = []
    """Only these methods; empty means all."""


class ReturnCode(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Answers the next calls of one method with a JSON-RPC error."""

    method: str
    code: int
    message: str
    requests: int = 1


class Faults(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What goes wrong next. Counters run down to zero; lists and flags stay until they are changed."""

    skip_slots: int = 0
    """Coming slots that get no block."""
    drop_transactions: int = 0
    """Next sent transactions that are answered with their signature and never land."""
    drop_signatures: list[str] = []
    """Signatures that never land."""
    hold_transactions: bool = False
    """Sent transactions wait, and land (or expire) after this is switched off."""
    hold_signatures: list[str] = []
    lose_replies: int = 0
    """Next sendTransaction calls that take effect while the connection closes without an answer."""
    rate_limit: RateLimit | None = None
    return_code: ReturnCode | None = None
    confirmation_delay_slots: int = 0
    """Added to the blocks on top that confirmed and finalized need."""
    truncate_logs_bytes: int | None = None
    """Log limit of new transactions instead of the node's 10,000 bytes."""
    drop_notifications: int = 0
    """Next websocket notifications that are swallowed."""
    freeze_http: bool = False
    """HTTP requests are accepted and answered only after this is switched off."""

    def take_skip(self) -> bool:
        """True when the coming slot is to stay empty."""
        if self.skip_slots <= 0:
            return False
        self.skip_slots -= 1
        return True

    def take_drop(self, signature: str) -> bool:
        if signature in self.drop_signatures:
            return True
        if self.drop_transactions <= 0:
            return False
        self.drop_transactions -= 1
        return True

    def holds(self, signature: str) -> bool:
        return self.hold_transactions or signature in self.hold_signatures

    def take_lost_reply(self, method: str) -> bool:
        if method != "sendTransaction" or self.lose_replies <= 0:
            return False
        self.lose_replies -= 1
        return True

    def take_rate_limit(self, method: str | None) -> RateLimit | None:
        limit = self.rate_limit
        if limit is None or (limit.methods and method not in limit.methods):
            return None
        limit.requests -= 1
        if limit.requests <= 0:
            self.rate_limit = None
        return limit if limit.requests >= 0 else None

    def take_return_code(self, method: str) -> ReturnCode | None:
        failure = self.return_code
        if failure is None or failure.method != method:
            return None
        failure.requests -= 1
        if failure.requests <= 0:
            self.return_code = None
        return failure

    def take_notification_drop(self) -> bool:
        if self.drop_notifications <= 0:
            return False
        self.drop_notifications -= 1
        return True
