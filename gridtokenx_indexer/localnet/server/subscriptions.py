"""Who gets which notifications: equal subscriptions share one id over the whole node."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.encode.accounts import AccountEncoding, DataSlice
from gridtokenx_indexer.localnet.rpc.context import Commitment

Listener = TypeVar("Listener", bound=Hashable)


class SlotTopic(msgspec.Struct, frozen=True, tag=True):
    pass


class RootTopic(msgspec.Struct, frozen=True, tag=True):
    pass


class LogsTopic(msgspec.Struct, frozen=True):
    commitment: Commitment
    mentions: Pubkey | None
    with_votes: bool = False


class SignatureTopic(msgspec.Struct, frozen=True):
    commitment: Commitment
    signature: str


class AccountTopic(msgspec.Struct, frozen=True):
    commitment: Commitment
    address: Pubkey
    encoding: AccountEncoding
    data_slice: DataSlice | None


class ProgramTopic(msgspec.Struct, frozen=True):
    commitment: Commitment
    program: Pubkey
    encoding: AccountEncoding
    data_slice: DataSlice | None
    filters: bytes
    """The filters as JSON: two subscriptions are equal when this is."""


Topic = SlotTopic | RootTopic | LogsTopic | SignatureTopic | AccountTopic | ProgramTopic
T = TypeVar("T", SlotTopic, RootTopic, LogsTopic, SignatureTopic, AccountTopic, ProgramTopic)


class Subscription(Generic[Listener]):
    def __init__(self, number: int, topic: Topic, matches: Callable[[AccountState], bool] | None) -> None:
        self.number = number
        self.topic = topic
        self.matches = matches
        self.listeners: set[Listener] = set()


class Subscriptions(Generic[Listener]):
    """All subscriptions of the node."""

    def __init__(self) -> None:
        self._by_number: dict[int, Subscription[Listener]] = {}
        self._by_topic: dict[Topic, Subscription[Listener]] = {}
        self._next = 0

    def __len__(self) -> int:
        return len(self._by_number)

    def subscribe(
        self, listener: Listener, topic: Topic, matches: Callable[[AccountState], bool] | None = None
    ) -> Subscription[Listener]:
        subscription = self._by_topic.get(topic)
        if subscription is None:
            subscription = Subscription(self._next, topic, matches)
            self._next += 1
            self._by_topic[topic] = subscription
            self._by_number[subscription.number] = subscription
        subscription.listeners.add(listener)
        return subscription

    def unsubscribe(self, listener: Listener, number: int) -> bool:
        """Whatever kind of subscription the number names; False when the listener has none such."""
        subscription = self._by_number.get(number)
        if subscription is None or listener not in subscription.listeners:
            return False
        subscription.listeners.discard(listener)
        if not subscription.listeners:
            self.remove(subscription)
        return True

    def remove(self, subscription: Subscription[Listener]) -> None:
        self._by_number.pop(subscription.number, None)
        self._by_topic.pop(subscription.topic, None)

    def leave(self, listener: Listener) -> None:
        """The listener is gone."""
        for number in [each.number for each in self._by_number.values() if listener in each.listeners]:
            self.unsubscribe(listener, number)

    def on(self, kind: type[T]) -> Iterator[tuple[T, Subscription[Listener]]]:
        for subscription in list(self._by_number.values()):
            topic = subscription.topic
            if isinstance(topic, kind):
                yield topic, subscription
