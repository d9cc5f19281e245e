"""Reading the parameters of the subscribe methods."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec
from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.base58 import Base58Error, b58decode
from gridtokenx_indexer.localnet.chain.accounts import AccountState
from gridtokenx_indexer.localnet.encode.accounts import AccountEncoding
from gridtokenx_indexer.localnet.errors import RpcError, invalid_params
from gridtokenx_indexer.localnet.rpc.account_filters import account_filters
from gridtokenx_indexer.localnet.rpc.accounts import encoding_of, slice_of
from gridtokenx_indexer.localnet.rpc.context import commitment_of
from gridtokenx_indexer.localnet.rpc.params import Params, unsigned, wrong_type
from gridtokenx_indexer.localnet.server.subscriptions import (
    AccountTopic,
    LogsTopic,
    ProgramTopic,
    RootTopic,
    SignatureTopic,
    SlotTopic,
    Topic,
)

Matches = Callable[[AccountState], bool]
Reader = Callable[[object], tuple[Topic, Matches | None]]
INVALID_PREFIX = "Invalid params: "
LOGS_VARIANTS = "expected one of `all`, `allWithVotes`, `mentions`."


def slot_topic(values: object) -> tuple[Topic, Matches | None]:
    Params(values)
    return SlotTopic(), None


def root_topic(values: object) -> tuple[Topic, Matches | None]:
    Params(values)
    return RootTopic(), None


def logs_topic(values: object) -> tuple[Topic, Matches | None]:
    params = Params(values, required=1, allowed=2)
    wanted = params.raw(0)
    commitment = commitment_of(params.config(1, "struct RpcTransactionLogsConfig"))
    if isinstance(wanted, str):
        if wanted not in ("all", "allWithVotes"):
            raise invalid_params(f"Invalid params: unknown variant `{wanted}`, {LOGS_VARIANTS}")
        return LogsTopic(commitment, None, wanted == "allWithVotes"), None
    if not isinstance(wanted, Mapping) or len(wanted) != 1:
        raise wrong_type(wanted, "string or map")
    ((name, mentions),) = wanted.items()
    if name != "mentions":
        raise invalid_params(f"Invalid params: unknown variant `{name}`, {LOGS_VARIANTS}")
    if not isinstance(mentions, list):
        raise wrong_type(mentions, "a sequence")
    if len(mentions) != 1:
        raise invalid_params("Invalid Request: Only 1 address supported")
    return LogsTopic(commitment, Pubkey(_bytes(str(mentions[0]), 32, "mentions"))), None


def signature_topic(values: object) -> tuple[Topic, Matches | None]:
    params = Params(values, required=1, allowed=2)
    text = params.text(0)
    _bytes(text, 64, "signature")
    return SignatureTopic(commitment_of(params.config(1, "struct RpcSignatureSubscribeConfig")), text), None


def account_topic(values: object) -> tuple[Topic, Matches | None]:
    params = Params(values, required=1, allowed=2)
    address = Pubkey(_bytes(params.text(0), 32, "pubkey"))
    config = params.config(1, "struct RpcAccountInfoConfig")
    encoding = encoding_of(config, AccountEncoding.BINARY)
    return AccountTopic(commitment_of(config), address, encoding, slice_of(config)), None


def program_topic(values: object) -> tuple[Topic, Matches | None]:
    params = Params(values, required=1, allowed=2)
    program = Pubkey(_bytes(params.text(0), 32, "pubkey"))
    config = params.config(1, "struct RpcProgramAccountsConfig")
    encoding = encoding_of(config, AccountEncoding.BINARY)
    filters = config.get("filters")
    topic = ProgramTopic(
        commitment_of(config), program, encoding, slice_of(config), msgspec.json.encode(filters)
    )
    try:
        return topic, account_filters(filters) if filters else None
    except RpcError as error:
        prefix = "" if error.message.startswith(INVALID_PREFIX) else INVALID_PREFIX
        raise invalid_params(prefix + error.message) from error


def subscription_number(values: object) -> int:
    """The only parameter of an unsubscribe method."""
    numbers = values if isinstance(values, list) else []
    if not numbers:
        raise invalid_params(f"{INVALID_PREFIX}invalid length 0, expected a tuple of size 1.")
    number = unsigned(numbers[0], "u64")
    if len(numbers) > 1:
        raise invalid_params(
            f"{INVALID_PREFIX}invalid length {len(numbers)}, expected fewer elements in array."
        )
    return number


def _bytes(text: str, size: int, what: str) -> bytes:
    try:
        data = b58decode(text)
    except Base58Error:
        raise _invalid(what) from None
    if len(data) != size:
        raise _invalid(what)
    return data


def _invalid(what: str) -> RpcError:
    return invalid_params(f"Invalid Request: Invalid {what} provided")


READERS: Mapping[str, Reader] = {
    "slotSubscribe": slot_topic,
    "rootSubscribe": root_topic,
    "logsSubscribe": logs_topic,
    "signatureSubscribe": signature_topic,
    "accountSubscribe": account_topic,
    "programSubscribe": program_topic,
}
