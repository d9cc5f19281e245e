"""Paging through the transactions of an address."""

from __future__ import annotations

import base64

import pytest
from solders.compute_budget import set_compute_unit_price
from solders.keypair import Keypair
from solders.system_program import TransferParams, transfer

from tests.support.node import CONFIRMED, SOL, NodeClient, NodeError

pytestmark = [pytest.mark.node, pytest.mark.timeout(300)]
UNKNOWN = "2CghJENJsjapQJh6AiyLuVuWE2TXjqg1oevUEgQoz1DzzSnDkJaR7n2HF8U2eokn5rPsP3SiqRbchaf67vLjLQYR"


async def payments(client: NodeClient, count: int) -> tuple[str, list[str]]:
    """An address and the signatures that touched it, newest first."""
    alice, bob = await client.funded(), Keypair()
    found: list[str] = []
    for number in range(1, count + 1):
        params = TransferParams(from_pubkey=alice.pubkey(), to_pubkey=bob.pubkey(), lamports=SOL)
        landed = await client.sent([set_compute_unit_price(number), transfer(params)], alice)
        found.insert(0, landed["transaction"]["signatures"][0])
    return str(bob.pubkey()), found


async def listed(client: NodeClient, address: str, **config: object) -> list[str]:
    answer = await client.call("getSignaturesForAddress", address, {**CONFIRMED, **config})
    return [each["signature"] for each in answer]


async def test_pages_join_up(client: NodeClient) -> None:
    address, expected = await payments(client, 5)
    assert await listed(client, address) == expected
    first = await listed(client, address, limit=2)
    second = await listed(client, address, limit=2, before=first[-1])
    third = await listed(client, address, limit=2, before=second[-1])
    assert [*first, *second, *third] == expected
    assert await listed(client, address, until=expected[2]) == expected[:2]
    assert await listed(client, address, before=expected[0], until=expected[3]) == expected[1:3]


async def test_members(client: NodeClient) -> None:
    address, (signature,) = await payments(client, 1)
    (member,) = await client.call("getSignaturesForAddress", address, CONFIRMED)
    transaction = await client.transaction(signature)
    assert member["signature"] == signature
    assert (member["slot"], member["blockTime"]) == (transaction["slot"], transaction["blockTime"])
    assert member["err"] is None
    assert member["memo"] is None
    assert member["confirmationStatus"] in ("confirmed", "finalized")


async def test_an_unknown_cursor_is_an_error(client: NodeClient) -> None:
    address, _ = await payments(client, 1)
    for name in ("before", "until"):
        with pytest.raises(NodeError, match=f"Transaction {UNKNOWN} not found") as refused:
            await listed(client, address, **{name: UNKNOWN})
        assert refused.value.code == -32020


async def test_an_unknown_signature_has_no_status(client: NodeClient) -> None:
    config = {"searchTransactionHistory": True}
    assert await client.value("getSignatureStatuses", [UNKNOWN], config) == [None]
    assert await client.transaction(UNKNOWN) is None


async def test_prices_and_fees(client: NodeClient) -> None:
    """The priority fee is charged on the requested limit and shows in the recent fees."""
    alice, bob = await client.funded(), Keypair()
    params = TransferParams(from_pubkey=alice.pubkey(), to_pubkey=bob.pubkey(), lamports=SOL)
    instructions = [set_compute_unit_price(1_000_000), transfer(params)]
    landed = await client.sent(instructions, alice)
    message = await client.signed(instructions, alice)
    text = base64.b64encode(bytes(message.message)).decode()
    assert await client.value("getFeeForMessage", text, CONFIRMED) == landed["meta"]["fee"]
    paid = 10 * SOL - SOL - await client.balance(alice.pubkey())
    assert paid == landed["meta"]["fee"] > 5_000
    recent = await client.call("getRecentPrioritizationFees", [str(alice.pubkey())])
    assert landed["slot"] in [each["slot"] for each in recent]
