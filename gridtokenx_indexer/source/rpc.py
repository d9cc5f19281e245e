"""Typed JSON-RPC methods of a Solana node over a pool of endpoints."""

from __future__ import annotations

import base64
import time
from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from types import TracebackType
from typing import TypeVar

import httpx
import msgspec

from gridtokenx_indexer.domain.ids import Address, Blockhash, BlockHeight, Signature, Slot
from gridtokenx_indexer.source.answers import (
    Account,
    AccountAt,
    AccountsAt,
    LatestBlockhash,
    Simulation,
    TokenSupply,
)
from gridtokenx_indexer.source.config import RpcConfig
from gridtokenx_indexer.source.endpoints import Endpoint
from gridtokenx_indexer.source.errors import EndpointError
from gridtokenx_indexer.source.transport import RpcTransport
from gridtokenx_indexer.source.wire import (
    AccountsWire,
    AccountValue,
    AccountWire,
    BlockHeader,
    BlockWire,
    LamportsWire,
    LatestBlockhashWire,
    SignatureInfo,
    SignatureStatus,
    SignatureStatusesWire,
    SimulationWire,
    TokenAmountWire,
)

MAX_TRANSACTION_VERSION = 1
ACCOUNTS_PER_CALL = 100

BlockT = TypeVar("BlockT", bound=BlockHeader)

_text = msgspec.json.Decoder(str)
_integer = msgspec.json.Decoder(int)
_integers = msgspec.json.Decoder(list[int])
_header: msgspec.json.Decoder[BlockHeader | None] = msgspec.json.Decoder(BlockHeader | None)
_block: msgspec.json.Decoder[BlockWire | None] = msgspec.json.Decoder(BlockWire | None)
_latest_blockhash = msgspec.json.Decoder(LatestBlockhashWire)
_account = msgspec.json.Decoder(AccountWire)
_accounts = msgspec.json.Decoder(AccountsWire)
_token_amount = msgspec.json.Decoder(TokenAmountWire)
_lamports = msgspec.json.Decoder(LamportsWire)
_signature_infos = msgspec.json.Decoder(list[SignatureInfo])
_signature_statuses = msgspec.json.Decoder(SignatureStatusesWire)
_simulation = msgspec.json.Decoder(SimulationWire)


class Commitment(StrEnum):
    PROCESSED = "processed"
    CONFIRMED = "confirmed"
    FINALIZED = "finalized"


class RpcClient:
    """Calls go to the first healthy endpoint; `pinned()` gives a view that keeps to one.

    Every method raises `RpcRetryableError` or `RpcRequestError` (see `source.errors`).
    """

    def __init__(self, config: RpcConfig, *, http_transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._transport = RpcTransport(config, http_transport)
        self._pin: Endpoint | None = None

    async def __aenter__(self) -> RpcClient:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        await self._transport.aclose()

    @property
    def counters(self) -> Counter[tuple[str, str, str]]:
        """Calls by (endpoint label, method, outcome); outcome is ok, timeout, network, malformed,
        http_<status> or error_<code>."""
        return self._transport.counters

    @property
    def endpoint_label(self) -> str | None:
        """The endpoint of a pinned view."""
        return self._pin.label if self._pin else None

    def pinned(self) -> RpcClient:
        """A view that asks one endpoint only, the best one now."""
        return self._view(self._transport.pool.choose(_now_ms()))

    def second_opinion(self) -> RpcClient | None:
        """A view on a healthy endpoint other than this view's, if there is one."""
        if self._pin is None:
            return None
        other = self._transport.pool.other_than(self._pin, _now_ms())
        return self._view(other) if other else None

    def _view(self, endpoint: Endpoint) -> RpcClient:
        view = RpcClient.__new__(RpcClient)
        view._transport = self._transport
        view._pin = endpoint
        return view

    async def get_genesis_hash(self) -> Blockhash:
        return Blockhash(await self._transport.call("getGenesisHash", [], _text, self._pin))

    async def get_slot(self, commitment: Commitment) -> Slot:
        return Slot(await self._transport.call("getSlot", [{"commitment": commitment}], _integer, self._pin))

    async def get_block_height(self, commitment: Commitment) -> BlockHeight:
        return BlockHeight(
            await self._transport.call("getBlockHeight", [{"commitment": commitment}], _integer, self._pin)
        )

    async def get_blocks(self, first: Slot, last: Slot, commitment: Commitment) -> list[Slot]:
        """Slots with a block in [first, last]. A slot left out is not thereby proved skipped."""
        params: list[object] = [first, last, {"commitment": commitment}]
        slots = await self._transport.call("getBlocks", params, _integers, self._pin)
        return [Slot(slot) for slot in slots]

    async def get_block(self, slot: Slot, commitment: Commitment) -> BlockWire:
        """A whole block; its transactions are raw JSON in the order of the block."""
        block = await self._transport.call(
            "getBlock", [slot, _block_options(commitment, "full")], _block, self._pin
        )
        return _present(block, slot)

    async def get_block_header(self, slot: Slot, commitment: Commitment) -> BlockHeader:
        header = await self._transport.call(
            "getBlock", [slot, _block_options(commitment, "none")], _header, self._pin
        )
        return _present(header, slot)

    async def get_signatures_for_address(
        self,
        address: Address,
        *,
        before: Signature | None = None,
        limit: int = 1000,
        commitment: Commitment = Commitment.FINALIZED,
    ) -> list[SignatureInfo]:
        """Newest first; an empty list ends the history that this node has."""
        options: dict[str, object] = {"limit": limit, "commitment": commitment}
        if before is not None:
            options["before"] = before
        params: list[object] = [address, options]
        return await self._transport.call("getSignaturesForAddress", params, _signature_infos, self._pin)

    async def get_signature_statuses(
        self, signatures: Sequence[Signature], *, search_transaction_history: bool = False
    ) -> list[SignatureStatus | None]:
        """At most 256 signatures, in the order asked. A hint: None proves nothing."""
        params: list[object] = [
            list(signatures),
            {"searchTransactionHistory": search_transaction_history},
        ]
        wire = await self._transport.call("getSignatureStatuses", params, _signature_statuses, self._pin)
        return wire.value

    async def get_latest_blockhash(self, commitment: Commitment) -> LatestBlockhash:
        wire = await self._transport.call(
            "getLatestBlockhash", [{"commitment": commitment}], _latest_blockhash, self._pin
        )
        return LatestBlockhash(wire.value.blockhash, wire.value.last_valid_block_height, wire.context.slot)

    async def send_transaction(self, raw: bytes, *, skip_preflight: bool = False) -> Signature:
        """Hand over signed bytes once; the node's own re-sending is off, we re-send the stored bytes.

        Raises `TransactionRefusedError` when preflight or sanitising refuses them, which proves nothing.
        """
        options: dict[str, object] = {
            "encoding": "base64",
            "skipPreflight": skip_preflight,
            "preflightCommitment": Commitment.CONFIRMED,
            "maxRetries": 0,
        }
        params: list[object] = [base64.b64encode(raw).decode(), options]
        return Signature(await self._transport.call("sendTransaction", params, _text, self._pin))

    async def simulate_transaction(self, raw: bytes, commitment: Commitment) -> Simulation:
        params: list[object] = [
            base64.b64encode(raw).decode(),
            {"encoding": "base64", "commitment": commitment},
        ]
        wire = await self._transport.call("simulateTransaction", params, _simulation, self._pin)
        return Simulation(
            wire.context.slot, wire.value.err, tuple(wire.value.logs or ()), wire.value.units_consumed
        )

    async def request_airdrop(self, address: Address, lamports: int) -> Signature:
        """Test networks only."""
        return Signature(await self._transport.call("requestAirdrop", [address, lamports], _text, self._pin))

    async def get_balance(self, address: Address, commitment: Commitment) -> int:
        """Lamports; 0 for an address without an account."""
        wire = await self._transport.call(
            "getBalance", [address, {"commitment": commitment}], _lamports, self._pin
        )
        return wire.value

    async def get_minimum_balance_for_rent_exemption(self, size_bytes: int) -> int:
        """Lamports."""
        return await self._transport.call(
            "getMinimumBalanceForRentExemption", [size_bytes], _integer, self._pin
        )

    async def get_account(self, address: Address, commitment: Commitment) -> AccountAt:
        params: list[object] = [address, {"encoding": "base64", "commitment": commitment}]
        wire = await self._transport.call("getAccountInfo", params, _account, self._pin)
        return AccountAt(wire.context.slot, _account_of(wire.value))

    async def get_multiple_accounts(self, addresses: Sequence[Address], commitment: Commitment) -> AccountsAt:
        """At most `ACCOUNTS_PER_CALL` addresses."""
        params: list[object] = [list(addresses), {"encoding": "base64", "commitment": commitment}]
        wire = await self._transport.call("getMultipleAccounts", params, _accounts, self._pin)
        return AccountsAt(wire.context.slot, tuple(_account_of(value) for value in wire.value))

    async def get_token_supply(self, mint: Address, commitment: Commitment) -> TokenSupply:
        wire = await self._transport.call(
            "getTokenSupply", [mint, {"commitment": commitment}], _token_amount, self._pin
        )
        return TokenSupply(int(wire.value.amount), wire.value.decimals, wire.context.slot)


def _block_options(commitment: Commitment, details: str) -> dict[str, object]:
    return {
        "encoding": "json",
        "transactionDetails": details,
        "rewards": False,
        "commitment": commitment,
        "maxSupportedTransactionVersion": MAX_TRANSACTION_VERSION,
    }


def _present(block: BlockT | None, slot: Slot) -> BlockT:
    """A null block is a storage fault of the node, never an absence."""
    if block is None:
        raise EndpointError(f"getBlock: null for slot {slot}")
    return block


def _account_of(value: AccountValue | None) -> Account | None:
    if value is None:
        return None
    return Account(value.lamports, value.owner, base64.b64decode(value.data[0]), value.executable)


def _now_ms() -> int:
    return int(time.monotonic() * 1000)
