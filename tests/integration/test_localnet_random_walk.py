"""Random transfers, skips and forks: what must hold on every chain holds on each of them."""

from __future__ import annotations

import itertools
import random

import pytest
from solders.hash import Hash
from solders.keypair import Keypair
from solders.system_program import TransferParams, transfer
from solders.transaction import Transaction, VersionedTransaction

from gridtokenx_indexer.localnet import ForkMode, LocalNode, LocalNodeConfig
from gridtokenx_indexer.localnet.svm.wire import WireTransaction

SOL = 1_000_000_000
PEOPLE = 6
STEPS = 150


class Walk:
    """A node driven by a seeded generator, and a plain ledger of what was sent when."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.node = LocalNode(LocalNodeConfig(slot_ms=0, finality_slots=5, seed=str(seed)))
        self.validator = self.node._validator
        self.people = [Keypair.from_seed(bytes(31) + bytes([each])) for each in range(1, PEOPLE + 1)]
        for person in self.people:
            self.node.set_account(person.pubkey(), 100 * SOL)

    def step(self) -> None:
        for _ in range(self.random.randrange(4)):
            self.pay()
        action = self.random.random()
        depth = self.validator.ledger.tip.height - self.validator.ledger.finalized.height
        if action < 0.2 and depth:
            mode = self.random.choice(list(ForkMode))
            self.node.fork(self.random.randint(1, depth), mode, replay=self.random.random() < 0.5)
        elif action < 0.3:
            self.node.faults.skip_slots = self.random.randint(1, 4)
        self.node.produce(self.random.randint(1, 3))

    def pay(self) -> None:
        source, target = self.random.sample(self.people, 2)
        lamports = self.random.choice([1, SOL // 3, 200 * SOL])
        params = TransferParams(from_pubkey=source.pubkey(), to_pubkey=target.pubkey(), lamports=lamports)
        blockhash = Hash.from_string(self.node.newest("processed").blockhash)
        signed = Transaction.new_signed_with_payer([transfer(params)], source.pubkey(), [source], blockhash)
        wire = WireTransaction(bytes(signed))
        self.validator.submit(wire, VersionedTransaction.from_bytes(wire.data))

    def check(self) -> None:
        self.check_links()
        self.check_books()

    def check_links(self) -> None:
        ledger = self.validator.ledger
        blocks = [ledger.at_height(height) for height in range(ledger.tip.height + 1)]
        for parent, block in itertools.pairwise(blocks):
            assert (block.parent_slot, block.previous_blockhash) == (parent.slot, parent.blockhash)
            assert (block.height, block.slot > parent.slot) == (parent.height + 1, True)
        assert ledger.finalized.height <= ledger.confirmed.height <= ledger.tip.height

    def check_books(self) -> None:
        """Balances follow from the transactions on the chain alone, and the machine agrees."""
        expected = dict.fromkeys((person.pubkey() for person in self.people), 100 * SOL)
        ledger = self.validator.ledger
        for height in range(ledger.tip.height + 1):
            for executed in ledger.at_height(height).transactions:
                for key, before, after in zip(
                    executed.keys, executed.pre_balances, executed.post_balances, strict=True
                ):
                    if key in expected:
                        assert expected[key] == before
                        expected[key] = after
                signature = executed.wire.signature
                assert ledger.transaction(signature) is executed
                status = self.validator.statuses.get(signature)
                assert status is None or (status.slot, status.err) == (executed.slot, executed.err)
        for key, lamports in expected.items():
            state = self.validator.bank.read_back(key)
            assert (state.lamports if state else 0) == lamports
            assert state == self.node.account(key)


@pytest.mark.parametrize("seed", range(4))
async def test_chain_and_books_hold_together(seed: int) -> None:
    walk = Walk(seed)
    for _ in range(STEPS):
        walk.step()
        walk.check_links()
    walk.check()
    landed = [
        executed.err
        for height in range(walk.validator.ledger.tip.height + 1)
        for executed in walk.validator.ledger.at_height(height).transactions
    ]
    assert None in landed
    assert any(landed)
