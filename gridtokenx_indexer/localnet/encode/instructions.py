"""Instructions in the jsonParsed encoding: parsed where the program is known, raw where it is not."""

from __future__ import annotations

from collections.abc import Sequence

from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.base58 import b58encode
from gridtokenx_indexer.localnet.chain.blocks import ExecutedTransaction
from gridtokenx_indexer.localnet.encode.programs import parse_instruction


def message_parsed(executed: ExecutedTransaction, account_keys: list[dict[str, object]]) -> dict[str, object]:
    message = executed.wire.message
    keys = executed.keys
    body: dict[str, object] = {
        "accountKeys": account_keys,
        "instructions": [
            instruction_parsed(keys, each.program_index, each.accounts, each.data, 1)
            for each in message.instructions
        ],
        "recentBlockhash": message.blockhash,
    }
    if message.version is not None:
        body["addressTableLookups"] = [
            {
                "accountKey": str(each.table),
                "readonlyIndexes": list(each.readonly),
                "writableIndexes": list(each.writable),
            }
            for each in message.lookups
        ]
    return body


def inner_parsed(executed: ExecutedTransaction) -> list[dict[str, object]]:
    keys = executed.keys
    return [
        {
            "index": index,
            "instructions": [
                instruction_parsed(keys, each.program_index, each.accounts, each.data, each.stack_height)
                for each in group
            ],
        }
        for index, group in executed.inner
    ]


def instruction_parsed(
    keys: Sequence[Pubkey], program_index: int, accounts: bytes, data: bytes, stack_height: int
) -> dict[str, object]:
    program = keys[program_index]
    named = [keys[index] for index in accounts]
    parsed = parse_instruction(program, named, data)
    if parsed is not None:
        name, body = parsed
        return {"parsed": body, "program": name, "programId": str(program), "stackHeight": stack_height}
    return {
        "accounts": [str(key) for key in named],
        "data": b58encode(data),
        "programId": str(program),
        "stackHeight": stack_height,
    }
