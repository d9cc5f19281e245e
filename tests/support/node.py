"""A small JSON-RPC client for tests that run against any node."""

from __future__ import annotations

import asyncio
import base64
import itertools
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import httpx
from solders.address_lookup_table_account import AddressLookupTableAccount
from solders.hash import Hash
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.message import Message, MessageV0
from solders.pubkey import Pubkey
from solders.transaction import VersionedTransaction

POLL_S = 0.02
SOL = 1_000_000_000
CONFIRMED = {"commitment": "confirmed"}
FINALIZED = {"commitment": "finalized"}
Found = TypeVar("Found")


class NodeError(Exception):
    """A JSON-RPC error object."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: int = error["code"]
        self.message: str = error["message"]
        self.data: Any = error.get("data")


class NodeClient:
    """Calls and the usual errands: fund a key, send and wait. `patience_s` bounds every wait."""

    def __init__(self, http: httpx.AsyncClient, http_url: str, ws_url: str, patience_s: float) -> None:
        self._http = http
        self._ids = itertools.count(1)
        self.http_url = http_url
        self.ws_url = ws_url
        self.patience_s = patience_s

    async def call(self, method: str, *params: Any) -> Any:
        request = {"jsonrpc": "2.0", "id": next(self._ids), "method": method, "params": list(params)}
        response = await self._http.post(self.http_url, json=request)
        response.raise_for_status()
        body = response.json()
        if "error" in body:
            raise NodeError(body["error"])
        return body["result"]

    async def value(self, method: str, *params: Any) -> Any:
        return (await self.call(method, *params))["value"]

    async def until(self, what: str, look: Callable[[], Awaitable[Found | None]]) -> Found:
        """The first result of `look` that is not None or False."""
        deadline = asyncio.get_running_loop().time() + self.patience_s
        while True:
            found = await look()
            if found is not None and found is not False:
                return found
            assert asyncio.get_running_loop().time() < deadline, f"waited {self.patience_s} s for {what}"
            await asyncio.sleep(POLL_S)

    async def until_slot(self, slot: int, commitment: str = "confirmed") -> int:
        async def reached() -> int | None:
            newest: int = await self.call("getSlot", {"commitment": commitment})
            return newest if newest >= slot else None

        return await self.until(f"slot {slot} {commitment}", reached)

    async def blockhash(self, commitment: str = "confirmed") -> Hash:
        value = await self.value("getLatestBlockhash", {"commitment": commitment})
        return Hash.from_string(value["blockhash"])

    async def funded(self, lamports: int = 10 * SOL) -> Keypair:
        """A new key with lamports that every commitment but finalized knows."""
        key = Keypair()
        await self.landed(await self.call("requestAirdrop", str(key.pubkey()), lamports))
        return key

    async def signed(
        self,
        instructions: Sequence[Instruction],
        payer: Keypair,
        *signers: Keypair,
        tables: Sequence[AddressLookupTableAccount] | None = None,
        blockhash: Hash | None = None,
    ) -> VersionedTransaction:
        """A legacy transaction, or a version 0 one when `tables` is given (it may be empty)."""
        recent = blockhash or await self.blockhash()
        message: Message | MessageV0
        if tables is None:
            message = Message.new_with_blockhash(list(instructions), payer.pubkey(), recent)
        else:
            message = MessageV0.try_compile(payer.pubkey(), list(instructions), list(tables), recent)
        return VersionedTransaction(message, [payer, *signers])

    async def submit(self, transaction: VersionedTransaction, **config: Any) -> str:
        text = base64.b64encode(bytes(transaction)).decode()
        options = {"encoding": "base64", "preflightCommitment": "confirmed", **config}
        signature: str = await self.call("sendTransaction", text, options)
        return signature

    async def landed(self, signature: str, commitment: str = "confirmed") -> dict[str, Any]:
        """The signature's status once it has the commitment."""
        wanted = ("confirmed", "finalized") if commitment == "confirmed" else ("finalized",)

        async def seen() -> dict[str, Any] | None:
            (status,) = await self.value("getSignatureStatuses", [signature])
            return status if status is not None and status["confirmationStatus"] in wanted else None

        return await self.until(f"{signature} {commitment}", seen)

    async def sent(
        self,
        instructions: Sequence[Instruction],
        payer: Keypair,
        *signers: Keypair,
        tables: Sequence[AddressLookupTableAccount] | None = None,
        **config: Any,
    ) -> dict[str, Any]:
        """Send and wait until confirmed; returns the transaction as getTransaction tells it."""
        transaction = await self.signed(instructions, payer, *signers, tables=tables)
        signature = await self.submit(transaction, **config)
        await self.landed(signature)
        return await self.transaction(signature)

    async def transaction(self, signature: str, commitment: str = "confirmed") -> dict[str, Any]:
        config = {"commitment": commitment, "encoding": "json", "maxSupportedTransactionVersion": 0}
        found: dict[str, Any] = await self.call("getTransaction", signature, config)
        return found

    async def balance(self, address: Pubkey, commitment: str = "confirmed") -> int:
        lamports: int = await self.value("getBalance", str(address), {"commitment": commitment})
        return lamports
