"""Token amounts as the node writes them."""

from __future__ import annotations

from decimal import Decimal


def ui_amount_string(amount: int, decimals: int) -> str:
    """The amount in whole tokens, without trailing zeros."""
    text = f"{Decimal(amount).scaleb(-decimals):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def ui_token_amount(amount: int, decimals: int, *, zero_is_null: bool = False) -> dict[str, object]:
    """`zero_is_null`: balances inside a block's meta have a null uiAmount for nothing."""
    ui_amount = None if zero_is_null and amount == 0 else amount / 10**decimals
    return {
        "amount": str(amount),
        "decimals": decimals,
        "uiAmount": ui_amount,
        "uiAmountString": ui_amount_string(amount, decimals),
    }
