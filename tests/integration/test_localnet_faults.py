"""Each switch does what it says, and no more."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import msgspec
import pytest
from solders.compute_budget import set_compute_unit_price
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.pubkey import Pubkey
from websockets.asyncio.client import connect

from gridtokenx_indexer.localnet import Faults, LocalNode, LocalNodeConfig, RateLimit, ReturnCode
from tests.support.localnet import SOL, funded, lamports, payment, send, stopped_node
from tests.support.node import NodeError

CONFIRMED = {"commitment": "confirmed"}
MEMO = Pubkey.from_string("MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr")
BLOCK = {"transactionDetails": "none", "maxSupportedTransactionVersion": 0, **CONFIRMED}


async def test_skipped_slots_have_no_block() -> None:
    """-32004 until finality has passed them, then -32007; the chain steps over them."""
    async with stopped_node() as (node, client):
        node.produce(2)
        assert await client.call("localnet_skipSlots", 3) == 3
        node.produce(5)
        assert node.slot == 7
        assert await client.call("getBlocks", 0, 7, CONFIRMED) == [0, 1, 2, 6]
        block = await client.call("getBlock", 6, BLOCK)
        assert (block["parentSlot"], block["blockHeight"]) == (2, 3)
        for method, arguments in (("getBlock", (4, BLOCK)), ("getBlockTime", (4,))):
            with pytest.raises(NodeError, match="Block not available for slot 4") as refused:
                await client.call(method, *arguments)
            assert refused.value.code == -32004
        node.produce(8)
        for method, arguments in (("getBlock", (4, BLOCK)), ("getBlockTime", (4,))):
            with pytest.raises(NodeError, match="Slot 4 was skipped") as refused:
                await client.call(method, *arguments)
            assert refused.value.code == -32007


async def test_a_dropped_transaction_never_lands() -> None:
    async with stopped_node() as (node, client):
        alice, bob = funded(node), Keypair().pubkey()
        node.produce(1)
        await client.call("localnet_dropTransactions", 1)
        dropped = await send(client, payment(node, alice, bob, SOL))
        kept = await send(client, payment(node, alice, bob, 2 * SOL))
        node.produce(3)
        statuses = await client.value("getSignatureStatuses", [dropped, kept])
        assert [each is None for each in statuses] == [True, False]
        assert lamports(node, bob) == 2 * SOL


async def test_named_signatures_are_dropped_every_time() -> None:
    async with stopped_node() as (node, client):
        alice, bob = funded(node), Keypair().pubkey()
        node.produce(1)
        transaction = payment(node, alice, bob)
        await client.call("localnet_dropTransactions", [str(transaction.signatures[0])])
        for _ in range(2):
            await send(client, transaction)
            node.produce(1)
        assert lamports(node, bob) == 0
        await client.call("localnet_dropTransactions", [])
        await send(client, transaction)
        node.produce(1)
        assert lamports(node, bob) == SOL


async def test_a_lost_reply_has_landed_all_the_same() -> None:
    async with stopped_node() as (node, client):
        alice, bob = funded(node), Keypair().pubkey()
        node.produce(1)
        node.faults.lose_replies = 1
        transaction = payment(node, alice, bob)
        with pytest.raises(httpx.RemoteProtocolError):
            await send(client, transaction)
        node.produce(2)
        assert lamports(node, bob) == SOL
        with pytest.raises(NodeError, match="already been processed"):
            await send(client, transaction)


async def test_rate_limit_answers_429_with_retry_after() -> None:
    async with stopped_node() as (node, client), httpx.AsyncClient() as http:
        node.faults.rate_limit = RateLimit(requests=2, retry_after_s=7)
        request = {"jsonrpc": "2.0", "id": 1, "method": "getSlot"}
        for _ in range(2):
            answer = await http.post(node.http_url, json=request)
            assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
        assert (await http.post(node.http_url, json=request)).status_code == 200
        node.faults.rate_limit = RateLimit(requests=1, methods=["getBlock"])
        assert await client.call("getSlot") == 0
        with pytest.raises(httpx.HTTPStatusError, match="429"):
            await client.call("getBlock", 0)
        assert (await client.call("getBlock", 0))["blockHeight"] == 0


async def test_a_method_answers_a_code_of_choice() -> None:
    async with stopped_node() as (node, client):
        failure = ReturnCode(method="getSlot", code=-32005, message="Node is behind by 42 slots")
        node.faults = Faults(return_code=failure)
        assert await client.call("getBlockHeight") == 0
        with pytest.raises(NodeError, match="Node is behind by 42 slots") as refused:
            await client.call("getSlot")
        assert refused.value.code == -32005
        assert await client.call("getSlot") == 0


async def test_held_transactions_land_when_released() -> None:
    async with stopped_node() as (node, client):
        alice, bob = funded(node), Keypair().pubkey()
        node.produce(1)
        await client.call("localnet_setFaults", {"hold_transactions": True})
        await send(client, payment(node, alice, bob))
        node.produce(3)
        assert lamports(node, bob) == 0
        await client.call("localnet_setFaults", {"hold_transactions": False})
        node.produce(1)
        assert lamports(node, bob) == SOL


async def test_a_transaction_held_too_long_expires() -> None:
    async with stopped_node() as (node, client):
        alice, bob = funded(node), Keypair().pubkey()
        transaction = payment(node, alice, bob)
        node.faults.hold_signatures = [str(transaction.signatures[0])]
        await send(client, transaction)
        node.produce(152)
        node.faults.hold_signatures = []
        node.produce(1)
        assert lamports(node, bob) == 0


async def test_confirmations_can_be_delayed() -> None:
    async with stopped_node() as (node, _):
        node.faults.confirmation_delay_slots = 3
        node.produce(10)
        assert (node.slot, node.confirmed_slot, node.finalized_slot) == (10, 6, 1)
        node.faults.confirmation_delay_slots = 0
        node.produce(1)
        assert (node.confirmed_slot, node.finalized_slot) == (10, 5)


async def test_a_delay_takes_nothing_back() -> None:
    async with stopped_node() as (node, _):
        node.produce(10)
        node.faults.confirmation_delay_slots = 5
        node.produce(1)
        assert (node.confirmed_slot, node.finalized_slot) == (9, 4)


async def test_logs_can_be_truncated_early() -> None:
    async with stopped_node() as (node, client):
        alice = funded(node)
        node.produce(1)
        for limit, truncated in ((200, True), (None, False)):
            node.faults.truncate_logs_bytes = limit
            memos = [Instruction(MEMO, b"m" * 150, []), set_compute_unit_price(1 if truncated else 2)]
            transaction = await client.signed(
                memos, alice, blockhash=payment(node, alice, MEMO).message.recent_blockhash
            )
            signature = await client.submit(transaction, skipPreflight=True)
            node.produce(2)
            logs = (await client.transaction(signature))["meta"]["logMessages"]
            assert ("Log truncated" in logs) is truncated


async def test_a_frozen_endpoint_answers_when_thawed() -> None:
    async with stopped_node() as (node, client):
        node.faults.freeze_http = True
        waiting = asyncio.create_task(client.call("getSlot"))
        async with httpx.AsyncClient() as other:
            request = {"jsonrpc": "2.0", "id": 1, "method": "localnet_getFaults"}
            faults = (await other.post(node.http_url, json=request)).json()["result"]
        assert faults["freeze_http"] is True
        assert not waiting.done()
        node.faults = Faults()
        assert await waiting == 0


async def test_notifications_can_be_swallowed() -> None:
    async with stopped_node() as (node, _), connect(node.ws_url) as socket:
        await socket.send(b'{"jsonrpc":"2.0","id":1,"method":"slotSubscribe"}'.decode())
        await socket.recv()
        node.faults.drop_notifications = 2
        node.produce(3)
        message: Any = msgspec.json.decode(await socket.recv())
        assert message["params"]["result"]["slot"] == 3


async def test_wrong_faults_are_refused() -> None:
    async with stopped_node() as (_, client):
        for wrong in ({"nonsense": 1}, {"skip_slots": "three"}):
            with pytest.raises(NodeError) as refused:
                await client.call("localnet_setFaults", wrong)
            assert refused.value.code == -32602


async def test_the_market_clock_moves_block_times_forward_only() -> None:
    async with stopped_node() as (node, client):
        day = 1_463_011_200
        node.produce(1)
        wall = await client.call("getBlockTime", 1)
        await client.call("localnet_setClock", {"unix": day})
        node.produce(1)
        assert await client.call("getBlockTime", 2) == wall
        await client.call("localnet_setClock", {"unix": wall + 3_600})
        node.produce(1)
        assert wall + 3_600 <= await client.call("getBlockTime", 3) <= wall + 3_602
        await client.call("localnet_setClock", {})
        node.produce(1)
        assert await client.call("getBlockTime", 4) >= wall + 3_600


async def test_a_past_market_day_holds_from_genesis() -> None:
    """Set before the first slot, the chain lives in the past, its Clock sysvar included."""
    day = 1_463_011_200
    async with stopped_node(LocalNodeConfig(port=0, slot_ms=0, genesis_unix=day)) as (node, client):
        node.produce(2)
        assert await client.call("getBlockTime", 0) == day
        assert day <= await client.call("getBlockTime", 2) <= day + 2
        config = {"encoding": "jsonParsed", "commitment": "confirmed"}
        clock = await client.value("getAccountInfo", "SysvarC1ock11111111111111111111111111111111", config)
        assert clock["data"]["parsed"]["info"]["unixTimestamp"] == await client.call("getBlockTime", 1)


async def test_programs_and_accounts_can_be_put_in_place() -> None:
    async with stopped_node() as (_, client):
        address = Keypair().pubkey()
        body = {"lamports": 5 * SOL, "data": "AQID", "owner": str(MEMO)}
        assert await client.call("localnet_setAccount", str(address), body) is True
        account = await client.value("getAccountInfo", str(address), {"encoding": "base64"})
        assert (account["lamports"], account["data"][0], account["owner"]) == (5 * SOL, "AQID", str(MEMO))
        assert await client.call("localnet_setAccount", str(address), None) is True
        assert await client.value("getAccountInfo", str(address)) is None


async def test_equal_seeds_make_equal_chains_names() -> None:
    first, second = LocalNode(LocalNodeConfig(seed="a")), LocalNode(LocalNodeConfig(seed="a"))
    other, anonymous = LocalNode(LocalNodeConfig(seed="b")), LocalNode()
    assert first.genesis_hash == second.genesis_hash
    assert len({first.genesis_hash, other.genesis_hash, anonymous.genesis_hash}) == 3
