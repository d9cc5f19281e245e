"""Transactions as members of blocks and as answers of their own."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from enum import StrEnum

from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.base58 import b58encode
from gridtokenx_indexer.localnet.chain.blocks import ExecutedTransaction, ReturnData, TokenBalance
from gridtokenx_indexer.localnet.encode.amounts import ui_token_amount
from gridtokenx_indexer.localnet.encode.instructions import inner_parsed, message_parsed
from gridtokenx_indexer.localnet.svm.wire import WireTransaction


class Encoding(StrEnum):
    JSON = "json"
    JSON_PARSED = "jsonParsed"
    BASE58 = "base58"
    BASE64 = "base64"
    BINARY = "binary"


class Details(StrEnum):
    FULL = "full"
    ACCOUNTS = "accounts"
    SIGNATURES = "signatures"
    NONE = "none"


def transaction_member(
    executed: ExecutedTransaction, encoding: Encoding, details: Details, *, with_version: bool
) -> dict[str, object]:
    """`meta`, `transaction` and, when asked for, `version`."""
    if details is Details.ACCOUNTS:
        member: dict[str, object] = {
            "meta": _short_meta(executed),
            "transaction": {
                "accountKeys": account_keys(executed),
                "signatures": [b58encode(each) for each in executed.wire.signatures],
            },
        }
    else:
        member = {"meta": meta(executed, encoding), "transaction": encoded_transaction(executed, encoding)}
    if with_version:
        version = executed.wire.message.version
        member["version"] = "legacy" if version is None else version
    return member


def encoded_transaction(executed: ExecutedTransaction, encoding: Encoding) -> object:
    wire = executed.wire
    if encoding is Encoding.BASE64:
        return [b64encode(wire.data).decode(), "base64"]
    if encoding is Encoding.BASE58:
        return [b58encode(wire.data), "base58"]
    if encoding is Encoding.BINARY:
        return b58encode(wire.data)
    if encoding is Encoding.JSON_PARSED:
        message = message_parsed(executed, account_keys(executed))
    else:
        message = message_json(wire)
    return {"message": message, "signatures": [b58encode(each) for each in wire.signatures]}


def message_json(wire: WireTransaction) -> dict[str, object]:
    message = wire.message
    body: dict[str, object] = {
        "accountKeys": [str(key) for key in message.keys],
        "header": {
            "numReadonlySignedAccounts": message.readonly_signed,
            "numReadonlyUnsignedAccounts": message.readonly_unsigned,
            "numRequiredSignatures": message.required_signatures,
        },
        "instructions": [
            {
                "accounts": list(each.accounts),
                "data": b58encode(each.data),
                "programIdIndex": each.program_index,
                "stackHeight": 1,
            }
            for each in message.instructions
        ],
        "recentBlockhash": message.blockhash,
    }
    if message.version is not None:
        body["addressTableLookups"] = table_lookups(wire)
    return body


def table_lookups(wire: WireTransaction) -> list[dict[str, object]]:
    return [
        {
            "accountKey": str(each.table),
            "readonlyIndexes": list(each.readonly),
            "writableIndexes": list(each.writable),
        }
        for each in wire.message.lookups
    ]


def account_keys(executed: ExecutedTransaction) -> list[dict[str, object]]:
    message = executed.wire.message
    programs = {each.program_index for each in message.instructions}
    keys: list[dict[str, object]] = [
        {
            "pubkey": str(key),
            "signer": index < message.required_signatures,
            "source": "transaction",
            "writable": message.is_static_writable(index) and index not in programs,
        }
        for index, key in enumerate(message.keys)
    ]
    for addresses, writable in ((executed.loaded_writable, True), (executed.loaded_readonly, False)):
        keys.extend(
            {"pubkey": str(key), "signer": False, "source": "lookupTable", "writable": writable}
            for key in addresses
        )
    return keys


def status_object(err: object) -> dict[str, object]:
    return {"Ok": None} if err is None else {"Err": err}


def token_balances(balances: list[TokenBalance], *, zero_is_null: bool) -> list[dict[str, object]]:
    return [
        {
            "accountIndex": each.account_index,
            "mint": str(each.mint),
            "owner": str(each.owner),
            "programId": str(each.program_id),
            "uiTokenAmount": ui_token_amount(each.amount, each.decimals, zero_is_null=zero_is_null),
        }
        for each in balances
    ]


def return_data(returned: ReturnData | None) -> dict[str, object] | None:
    if returned is None:
        return None
    return {"data": [b64encode(returned.data).decode(), "base64"], "programId": str(returned.program_id)}


def loaded_addresses(writable: Iterable[Pubkey], readonly: Iterable[Pubkey]) -> dict[str, list[str]]:
    return {"readonly": [str(key) for key in readonly], "writable": [str(key) for key in writable]}


def _short_meta(executed: ExecutedTransaction) -> dict[str, object]:
    return {
        "err": executed.err,
        "fee": executed.fee_lamports,
        "postBalances": executed.post_balances,
        "postTokenBalances": token_balances(executed.post_token_balances, zero_is_null=True),
        "preBalances": executed.pre_balances,
        "preTokenBalances": token_balances(executed.pre_token_balances, zero_is_null=True),
        "rewards": [],
        "status": status_object(executed.err),
    }


def meta(executed: ExecutedTransaction, encoding: Encoding) -> dict[str, object]:
    body = _short_meta(executed)
    body["computeUnitsConsumed"] = executed.compute_units
    body["costUnits"] = executed.cost_units
    body["logMessages"] = executed.logs
    if encoding is Encoding.JSON_PARSED:
        body["innerInstructions"] = inner_parsed(executed)
    else:
        body["innerInstructions"] = inner_json(executed)
        body["loadedAddresses"] = loaded_addresses(executed.loaded_writable, executed.loaded_readonly)
    if executed.return_data is not None:
        body["returnData"] = return_data(executed.return_data)
    return body


def inner_json(executed: ExecutedTransaction) -> list[dict[str, object]]:
    return [
        {
            "index": index,
            "instructions": [
                {
                    "accounts": list(each.accounts),
                    "data": b58encode(each.data),
                    "programIdIndex": each.program_index,
                    "stackHeight": each.stack_height,
                }
                for each in group
            ],
        }
        for index, group in executed.inner
    ]
