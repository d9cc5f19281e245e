"""Settings of following, minting, clearing and settling."""

from __future__ import annotations

from gridtokenx_indexer.ops.settings.setting import Setting

WORK: tuple[Setting, ...] = ()
