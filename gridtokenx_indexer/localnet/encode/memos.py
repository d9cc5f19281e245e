"""The memo column of getSignaturesForAddress."""

from __future__ import annotations

from gridtokenx_indexer.localnet.addresses import MEMO_PROGRAMS
from gridtokenx_indexer.localnet.svm.wire import WireMessage


def memo_text(message: WireMessage) -> str | None:
    """`[length in bytes] text` of every top-level memo, joined; None without a memo."""
    memos = [
        f"[{len(each.data)}] {_text(each.data)}"
        for each in message.instructions
        if message.keys[each.program_index] in MEMO_PROGRAMS
    ]
    return "; ".join(memos) or None


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "(unparseable)"
