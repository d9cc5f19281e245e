"""The websocket endpoint: subscriptions and their notifications."""

from __future__ import annotations

import logging
from collections.abc import Callable

import msgspec
from websockets.asyncio.server import Server, ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

from gridtokenx_indexer.localnet.errors import METHOD_NOT_FOUND, RpcError, invalid_params
from gridtokenx_indexer.localnet.rpc.context import NodeContext
from gridtokenx_indexer.localnet.rpc.dispatch import Request, answer_member, decode_body, error_answer
from gridtokenx_indexer.localnet.server.notifications import Notifier
from gridtokenx_indexer.localnet.server.subscriptions import SignatureTopic, Subscription, Subscriptions
from gridtokenx_indexer.localnet.server.topics import READERS, subscription_number

UNSUBSCRIBES = frozenset(name.replace("Subscribe", "Unsubscribe") for name in READERS)


class RpcWebsocketServer:
    def __init__(self, node: NodeContext) -> None:
        self._node = node
        self._subscriptions: Subscriptions[ServerConnection] = Subscriptions()
        self._notifier = Notifier(node.validator, self._subscriptions, _deliver)
        self._encoder = msgspec.json.Encoder()
        self._server: Server | None = None
        node.validator.on_block.append(self._notifier.block_added)
        node.validator.on_simulation.append(self._notifier.simulated)

    async def start(self, host: str, port: int) -> None:
        """Listen; raises OSError when the port is taken."""
        quiet = logging.getLogger("gridtokenx.localnet.websocket")
        quiet.setLevel(logging.WARNING)
        self._server = await serve(self._serve, host, port, compression=None, max_queue=1024, logger=quiet)

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, connection: ServerConnection) -> None:
        try:
            async for message in connection:
                body = message.encode() if isinstance(message, str) else message
                answer, follow_up = self._answer(connection, body)
                if answer is not None:
                    await connection.send(answer.decode())
                if follow_up is not None:
                    follow_up()
        except ConnectionClosed:
            return
        finally:
            self._subscriptions.leave(connection)

    def _answer(
        self, connection: ServerConnection, body: bytes
    ) -> tuple[bytes | None, Callable[[], None] | None]:
        """The answer, and what to do once it is sent."""
        try:
            value = decode_body(body)
        except RpcError as error:
            return self._encoder.encode(error_answer(error, None)), None
        follow_ups: list[Callable[[], None]] = []

        def call(request: Request) -> object:
            return self._call(connection, request, follow_ups)

        if isinstance(value, list):
            answers = [each for member in value if (each := answer_member(member, call))]
            return (self._encoder.encode(answers) if answers else None), _all(follow_ups)
        assert isinstance(value, dict)
        answer = answer_member(value, call)
        return (self._encoder.encode(answer) if answer else None), _all(follow_ups)

    def _call(
        self, connection: ServerConnection, request: Request, follow_ups: list[Callable[[], None]]
    ) -> object:
        if request.method in UNSUBSCRIBES:
            number = subscription_number(request.params)
            if not self._subscriptions.unsubscribe(connection, number):
                raise invalid_params("Invalid subscription id.")
            return True
        reader = READERS.get(request.method)
        if reader is None:
            raise RpcError(METHOD_NOT_FOUND, "Method not found")
        topic, matches = reader(request.params)
        subscription = self._subscriptions.subscribe(connection, topic, matches)
        if isinstance(topic, SignatureTopic):
            follow_ups.append(lambda: self._known_signature(topic, subscription))
        return subscription.number

    def _known_signature(self, topic: SignatureTopic, subscription: Subscription[ServerConnection]) -> None:
        self._notifier.signature_known(topic, subscription)


def _deliver(listeners: set[ServerConnection], message: bytes) -> None:
    broadcast(listeners, message.decode())


def _all(follow_ups: list[Callable[[], None]]) -> Callable[[], None] | None:
    if not follow_ups:
        return None

    def run() -> None:
        for each in follow_ups:
            each()

    return run
