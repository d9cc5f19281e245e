"""Turning new blocks into websocket messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.addresses import SYSTEM, VOTE
from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.chain.blocks import Block, ExecutedTransaction
from gridtokenx_indexer.localnet.encode.accounts import AccountEncoding, DataSlice, account_member
from gridtokenx_indexer.localnet.rpc.context import Commitment
from gridtokenx_indexer.localnet.server.subscriptions import (
    AccountTopic,
    Listener,
    LogsTopic,
    ProgramTopic,
    RootTopic,
    SignatureTopic,
    SlotTopic,
    Subscription,
    Subscriptions,
)
from gridtokenx_indexer.localnet.validator import Validator

CLOSED = AccountState(0, b"", SYSTEM)
Deliver = Callable[[set[Listener], bytes], None]


class Notifier(Generic[Listener]):
    """Follows the frontiers of a validator and delivers what each subscription asked for."""

    def __init__(
        self, validator: Validator, subscriptions: Subscriptions[Listener], deliver: Deliver[Listener]
    ) -> None:
        self._validator = validator
        self._subscriptions = subscriptions
        self._deliver = deliver
        self._encoder = msgspec.json.Encoder()
        self._told = dict.fromkeys(Commitment, 0)

    def block_added(self, block: Block) -> None:
        """Also after a fork: heights that were told before the fork are told again with the new blocks."""
        ledger = self._validator.ledger
        self._told[Commitment.PROCESSED] = min(self._told[Commitment.PROCESSED], block.height - 1)
        self._told[Commitment.CONFIRMED] = min(self._told[Commitment.CONFIRMED], block.height - 1)
        root = self._slot_at(min(self._told[Commitment.FINALIZED], ledger.finalized.height))
        if not len(self._subscriptions):
            for commitment, frontier in self._frontiers():
                self._told[commitment] = frontier.height
            return
        for _, subscription in self._subscriptions.on(SlotTopic):
            result = {"slot": block.slot, "parent": block.parent_slot, "root": root}
            self._send(subscription, "slotNotification", result)
        for commitment, frontier in self._frontiers():
            for height in range(self._told[commitment] + 1, frontier.height + 1):
                self._block_reached(ledger.at_height(height), commitment)
            self._told[commitment] = max(self._told[commitment], frontier.height)

    def simulated(self, executed: ExecutedTransaction, slot: int) -> None:
        """A real node also hands out the logs of simulations on its newest bank."""
        for topic, subscription in self._subscriptions.on(LogsTopic):
            if topic.commitment is not Commitment.PROCESSED:
                self._tell_logs(topic, subscription, executed, slot)

    def signature_known(self, topic: SignatureTopic, subscription: Subscription[Listener]) -> bool:
        """Answer a new signature subscription at once when the transaction is there already."""
        frontier = dict(self._frontiers())[topic.commitment]
        executed = self._validator.ledger.transaction(topic.signature)
        if executed is None or executed.slot > frontier.slot:
            return False
        self._tell_signature(subscription, executed.err, frontier.slot)
        return True

    def _frontiers(self) -> list[tuple[Commitment, Block]]:
        ledger = self._validator.ledger
        return [
            (Commitment.PROCESSED, ledger.tip),
            (Commitment.CONFIRMED, ledger.confirmed),
            (Commitment.FINALIZED, ledger.finalized),
        ]

    def _slot_at(self, height: int) -> int:
        return self._validator.ledger.at_height(height).slot

    def _block_reached(self, block: Block, commitment: Commitment) -> None:
        if commitment is Commitment.FINALIZED:
            for _, roots in self._subscriptions.on(RootTopic):
                self._send(roots, "rootNotification", block.parent_slot)
                self._send(roots, "rootNotification", block.slot)
        for logs, subscription in self._subscriptions.on(LogsTopic):
            if logs.commitment is commitment:
                for executed in block.transactions:
                    self._tell_logs(logs, subscription, executed, block.slot)
        for signed, subscription in self._subscriptions.on(SignatureTopic):
            if signed.commitment is commitment:
                for executed in block.transactions:
                    if executed.wire.signature == signed.signature:
                        self._tell_signature(subscription, executed.err, block.slot)
        self._tell_accounts(block, commitment)

    def _tell_logs(
        self,
        topic: LogsTopic,
        subscription: Subscription[Listener],
        executed: ExecutedTransaction,
        slot: int,
    ) -> None:
        keys = executed.keys
        if topic.mentions is not None and topic.mentions not in keys:
            return
        if topic.mentions is None and not topic.with_votes and VOTE in keys:
            return
        value = {"signature": executed.wire.signature, "err": executed.err, "logs": executed.logs}
        self._send(subscription, "logsNotification", {"context": {"slot": slot}, "value": value})

    def _tell_signature(self, subscription: Subscription[Listener], err: object, slot: int) -> None:
        self._send(subscription, "signatureNotification", {"context": {"slot": slot}, "value": {"err": err}})
        self._subscriptions.remove(subscription)

    def _tell_accounts(self, block: Block, commitment: Commitment) -> None:
        versions = self._validator.bank.versions
        written = versions.written_in(block.slot)
        for watched, subscription in self._subscriptions.on(AccountTopic):
            if watched.commitment is commitment and watched.address in written:
                state = versions.at(watched.address, block.slot) or CLOSED
                value = self._account(state, watched.encoding, watched.data_slice, block)
                self._send(
                    subscription, "accountNotification", {"context": {"slot": block.slot}, "value": value}
                )
        for topic, subscription in self._subscriptions.on(ProgramTopic):
            if topic.commitment is commitment:
                for address in written:
                    self._tell_program(topic, subscription, address, block)

    def _tell_program(
        self, topic: ProgramTopic, subscription: Subscription[Listener], address: Pubkey, block: Block
    ) -> None:
        state = self._validator.bank.versions.at(address, block.slot)
        if state is None or state.owner != topic.program:
            return
        if subscription.matches is not None and not subscription.matches(state):
            return
        account = self._account(state, topic.encoding, topic.data_slice, block)
        value = {"pubkey": str(address), "account": account}
        self._send(subscription, "programNotification", {"context": {"slot": block.slot}, "value": value})

    def _account(
        self, state: AccountState, encoding: AccountEncoding, data_slice: DataSlice | None, block: Block
    ) -> object:
        reader = self._validator.bank.reader(block.slot)
        return account_member(state, encoding, data_slice, reader, notification=True)

    def _send(self, subscription: Subscription[Listener], method: str, result: object) -> None:
        if self._validator.faults.take_notification_drop():
            return
        params = {"result": result, "subscription": subscription.number}
        message = self._encoder.encode({"jsonrpc": "2.0", "method": method, "params": params})
        self._deliver(subscription.listeners, message)
