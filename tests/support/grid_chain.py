"""The program after `initialize` on a local node, reached by RPC as any client would."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from solders.compute_budget import set_compute_unit_price
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.message import MessageV0
from solders.pubkey import Pubkey
from solders.system_program import CreateAccountParams, create_account
from solders.transaction import VersionedTransaction

from gridtokenx_indexer.domain.ids import Address, Signature, meter_key
from gridtokenx_indexer.localnet.node import LocalNode
from gridtokenx_indexer.source.config import RpcConfig
from gridtokenx_indexer.source.rpc import Commitment, RpcClient
from gridtokenx_indexer.tx.gridtokenx import instructions, pda
from gridtokenx_indexer.tx.gridtokenx.values import Limits, Roles
from tests.support import svm_tokens as tokens
from tests.support.svm import key, program_bytes

LIMITS = Limits(
    max_mint_base_units=100 * 10**9,
    max_window_age=100_000,
    min_price=1_000_000,
    max_price=10_000_000,
    max_fee_bps=100,
)
SPL = tokens.SPL_TOKEN
PROGRAM = pda.DEFAULT_PROGRAM_ID
PROGRAM_ADDRESS = Address(str(PROGRAM))


def rpc_config(node: LocalNode, **changes: int) -> RpcConfig:
    settings = {"attempts": 3, "backoff_ms": 1, "quarantine_ms": 1, **changes}
    return RpcConfig(urls=(node.http_url,), ws_urls=(node.ws_url,), **settings)


def address(of: Pubkey) -> Address:
    return Address(str(of))


class GridChain:
    """Sends instructions and lets a slot pass for each transaction; the node's clock stands still."""

    def __init__(self, node: LocalNode, rpc: RpcClient) -> None:
        self.node = node
        self.rpc = rpc
        self.payer, self.authority = key("payer"), key("upgrade authority")
        self.minter, self.bank = key("minter"), key("bank")
        self.energy_mint = key("energy mint").pubkey()
        self.payment_mint = key("payment mint").pubkey()
        self.initialize_slot = 0
        self._salt = count(1)

    async def set_up(self) -> None:
        """Installs the program, creates both mints, initializes."""
        for person in (self.payer, self.authority, self.minter, self.bank):
            self.node.set_account(person.pubkey(), 10**13)
        self.node.install_program(PROGRAM, program_bytes(), self.authority.pubkey())
        await self.create_mint(key("energy mint"), 9, pda.mint_authority(PROGRAM)[0])
        await self.create_mint(key("payment mint"), 6, self.bank.pubkey())
        fee_account = await self.open_account(self.bank, self.payment_mint)
        roles = Roles(
            minter=self.minter.pubkey(),
            clearer=key("clearer").pubkey(),
            settler=key("settler").pubkey(),
            issuer=key("issuer").pubkey(),
        )
        await self.send(
            instructions.initialize(
                program_id=PROGRAM,
                payer=self.payer.pubkey(),
                upgrade_authority=self.authority.pubkey(),
                energy_mint=self.energy_mint,
                payment_mint=self.payment_mint,
                energy_token_program=SPL,
                payment_token_program=SPL,
                fee_recipient=fee_account,
                roles=roles,
                limits=LIMITS,
            ),
            signers=[self.authority],
        )
        self.initialize_slot = self.node.slot

    async def create_mint(self, mint: Keypair, decimals: int, authority: Pubkey) -> None:
        create = create_account(
            CreateAccountParams(
                from_pubkey=self.payer.pubkey(),
                to_pubkey=mint.pubkey(),
                lamports=10**7,
                space=tokens.MINT_BYTES,
                owner=SPL,
            )
        )
        initialize = tokens.initialize_mint(SPL, mint.pubkey(), decimals, authority, None)
        await self.send(create, initialize, signers=[mint])

    async def open_account(self, owner: Keypair, mint: Pubkey) -> Pubkey:
        """The owner's associated token account."""
        await self.send(tokens.create_associated_account(self.payer.pubkey(), SPL, owner.pubkey(), mint))
        return tokens.associated_account(SPL, owner.pubkey(), mint)

    def mint(self, serial: str, window: int, amount: int, destination: Pubkey) -> Instruction:
        return instructions.mint_energy(
            program_id=PROGRAM,
            minter=self.minter.pubkey(),
            energy_mint=self.energy_mint,
            energy_token_program=SPL,
            destination=destination,
            meter_id=meter_key(serial),
            window=window,
            amount_base_units=amount,
        )

    @staticmethod
    def transfer(source: Pubkey, destination: Pubkey, owner: Pubkey, amount: int) -> Instruction:
        """A plain transfer: names the two accounts and their owner, not the mint."""
        metas = [
            AccountMeta(source, is_signer=False, is_writable=True),
            AccountMeta(destination, is_signer=False, is_writable=True),
            AccountMeta(owner, is_signer=True, is_writable=False),
        ]
        return Instruction(SPL, b"\x03" + amount.to_bytes(8, "little"), metas)

    def burn(self, account: Pubkey, owner: Pubkey, amount: int) -> Instruction:
        metas = [
            AccountMeta(account, is_signer=False, is_writable=True),
            AccountMeta(self.energy_mint, is_signer=False, is_writable=True),
            AccountMeta(owner, is_signer=True, is_writable=False),
        ]
        return Instruction(SPL, b"\x08" + amount.to_bytes(8, "little"), metas)

    async def send(
        self,
        *steps: Instruction,
        signers: Sequence[Keypair] = (),
        fails: bool | None = False,
        produce: bool = True,
    ) -> Signature:
        """A v0 transaction, and a slot for it unless `produce` is off. `fails` None: lands either way."""
        latest = await self.rpc.get_latest_blockhash(Commitment.PROCESSED)
        salted = [set_compute_unit_price(next(self._salt)), *steps]
        message = MessageV0.try_compile(self.payer.pubkey(), salted, [], Hash.from_string(latest.blockhash))
        signed = VersionedTransaction(message, [self.payer, *signers])
        signature = await self.rpc.send_transaction(bytes(signed), skip_preflight=True)
        if produce:
            self.node.produce()
            (status,) = await self.rpc.get_signature_statuses([signature])
            assert status is not None
            assert fails is None or (status.err is not None) == fails, status.err
        return signature
