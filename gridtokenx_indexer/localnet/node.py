"""The local node as a library object."""

from __future__ import annotations

import asyncio
import logging
import secrets
from contextlib import suppress
from hashlib import sha256
from types import TracebackType

from solders.keypair import Keypair
from solders.pubkey import Pubkey

from gridtokenx_indexer.domain.errors import StopError
from gridtokenx_indexer.localnet.addresses import SYSTEM
from gridtokenx_indexer.localnet.base58 import b58encode
from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.chain.blocks import Block
from gridtokenx_indexer.localnet.config import LocalNodeConfig
from gridtokenx_indexer.localnet.faults import Faults
from gridtokenx_indexer.localnet.rpc.admin import install
from gridtokenx_indexer.localnet.rpc.context import Commitment, NodeContext
from gridtokenx_indexer.localnet.server.rpc_http import RpcHttpServer
from gridtokenx_indexer.localnet.server.websocket import RpcWebsocketServer
from gridtokenx_indexer.localnet.validator import ForkMode, Validator

PORT_ATTEMPTS = 50
logger = logging.getLogger("gridtokenx.localnet")


class LocalNode:
    """A Solana node in this process and event loop.

    `async with LocalNode(LocalNodeConfig(port=0, slot_ms=50)) as node:` serves JSON-RPC at `node.http_url`
    and `node.ws_url` until the block ends. With `slot_ms=0` slots pass only when `produce` is called.
    """

    def __init__(self, config: LocalNodeConfig | None = None) -> None:
        self.config = config or LocalNodeConfig()
        seed = self.config.seed.encode() if self.config.seed is not None else secrets.token_bytes(32)
        self.genesis_hash = b58encode(_derive(seed, b"genesis"))
        identity = Keypair.from_seed(_derive(seed, b"identity"))
        faucet = Keypair.from_seed(_derive(seed, b"faucet"))
        self._validator = Validator(
            self.config, identity.pubkey(), self.genesis_hash, _derive(seed, b"blockhashes")
        )
        self._context = NodeContext(
            self._validator, self.config, identity.pubkey(), faucet, self.genesis_hash
        )
        self._http = RpcHttpServer(self._context)
        self._websocket = RpcWebsocketServer(self._context)
        self._validator.on_block.append(self._wake)
        self._block_added = asyncio.Event()
        self._ticker: asyncio.Task[None] | None = None
        self._port = self.config.port
        self.set_account(faucet.pubkey(), self.config.faucet_lamports)
        self.set_account(identity.pubkey(), 500_000_000_000)

    async def __aenter__(self) -> LocalNode:
        """Raises `StopError` when the ports are taken or a program file cannot be read."""
        self._install_configured()
        await self._listen()
        if self.config.slot_ms > 0:
            self._ticker = asyncio.create_task(self._tick(), name="localnet-slots")
            self._ticker.add_done_callback(_log_failure)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        ticker, self._ticker = self._ticker, None
        await self._websocket.stop()
        await self._http.stop()
        if ticker is not None:
            ticker.cancel()
            with suppress(asyncio.CancelledError):
                await ticker

    @property
    def http_url(self) -> str:
        return f"http://{self.config.host}:{self._port}"

    @property
    def ws_url(self) -> str:
        return f"ws://{self.config.host}:{self._port + 1}"

    @property
    def faults(self) -> Faults:
        """The switches; assign a new `Faults` to set several at once."""
        return self._validator.faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._validator.faults = faults
        self._http.thaw()

    @property
    def slot(self) -> int:
        """The newest slot with a block."""
        return self._validator.ledger.tip.slot

    @property
    def confirmed_slot(self) -> int:
        return self._validator.ledger.confirmed.slot

    @property
    def finalized_slot(self) -> int:
        return self._validator.ledger.finalized.slot

    def newest(self, commitment: str = Commitment.FINALIZED) -> Block:
        return self._context.newest(Commitment(commitment))

    def install_program(self, program_id: Pubkey, elf: bytes, upgrade_authority: Pubkey | None) -> None:
        """Install a program as the upgradeable loader stores it, visible at every commitment."""
        install(self._context, program_id, elf, upgrade_authority)

    def set_account(
        self,
        address: Pubkey,
        lamports: int,
        *,
        data: bytes = b"",
        owner: Pubkey = SYSTEM,
        executable: bool = False,
    ) -> None:
        """Put an account in place at every commitment, as if it had been there at genesis."""
        self._validator.bank.install(address, AccountState(lamports, data, owner, executable))

    def account(self, address: Pubkey) -> AccountState | None:
        """The newest state of an account."""
        return self._validator.bank.account(address)

    def set_clock(self, unix: float) -> None:
        """Set the time of coming blocks; it ticks on from there and never runs backwards."""
        self._validator.clock.set_unix(unix)

    def produce(self, slots: int = 1) -> int:
        """Let slots pass at once; returns the newest slot with a block."""
        for _ in range(slots):
            self._validator.produce()
        return self.slot

    def fork(self, blocks: int, mode: ForkMode = ForkMode.REPLACE, *, replay: bool = False) -> list[int]:
        """Replace the newest blocks, confirmed ones included; returns the slots taken off the chain.

        `replay` puts their transactions into the new blocks; without it they are lost. Raises `UsageError`
        for more blocks than there are above the finalized one.
        """
        return [block.slot for block in self._validator.fork(blocks, mode, replay=replay)]

    async def run_until(self, stop: asyncio.Event) -> None:
        """Serve until `stop` is set; raises the error that ended the chain, if one did."""
        stopped = asyncio.create_task(stop.wait())
        waiting: set[asyncio.Task[object]] = {stopped} | ({self._ticker} if self._ticker else set())
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        for task in done:
            task.result()

    async def wait_for_slot(self, slot: int, commitment: str = Commitment.PROCESSED) -> int:
        """Wait until the newest block at `commitment` has reached `slot`; returns its slot."""
        while self.newest(commitment).slot < slot:
            self._block_added.clear()
            await self._block_added.wait()
        return self.newest(commitment).slot

    def _wake(self, block: Block) -> None:
        self._block_added.set()

    def _install_configured(self) -> None:
        for program in self.config.programs:
            try:
                elf = program.path.read_bytes()
            except OSError as error:
                raise StopError(
                    f"cannot read program {program.program_id} from {program.path}: {error.strerror}",
                    remedy="give the path of a compiled .so file",
                ) from error
            authority = program.upgrade_authority
            self.install_program(
                Pubkey.from_string(program.program_id),
                elf,
                Pubkey.from_string(authority) if authority is not None else None,
            )

    async def _listen(self) -> None:
        for _ in range(PORT_ATTEMPTS if self.config.port == 0 else 1):
            try:
                self._port = await self._http.start(self.config.host, self.config.port)
                await self._websocket.start(self.config.host, self._port + 1)
            except OSError as error:
                taken = error
                await self._http.stop()
            else:
                return
        raise StopError(
            f"cannot listen on {self.config.host} ports {self._port} and {self._port + 1}: {taken.strerror}",
            remedy="stop the other node or choose another port",
        ) from taken

    async def _tick(self) -> None:
        """One slot per period; a slot that comes late does not make the next ones come early."""
        loop = asyncio.get_running_loop()
        period = self.config.slot_ms / 1000
        due = loop.time()
        while True:
            self._validator.produce()
            self._http.thaw()
            due = max(due + period, loop.time())
            await asyncio.sleep(due - loop.time())


def _log_failure(ticker: asyncio.Task[None]) -> None:
    """The chain has stopped: say so at once; leaving the node raises the same error."""
    if not ticker.cancelled() and ticker.exception() is not None:
        logger.critical("localnet_chain_stopped", exc_info=ticker.exception())


def _derive(seed: bytes, purpose: bytes) -> bytes:
    return sha256(b"localnet:" + purpose + b":" + seed).digest()
