"""Instructions of the System program."""

from __future__ import annotations

from collections.abc import Sequence

from solders.pubkey import Pubkey

from gridtokenx_indexer.localnet.encode.fields import Fields


def parse_system(accounts: Sequence[Pubkey], data: bytes) -> object | None:
    """Raises IndexError or ValueError when data or accounts are too short."""
    kind = int.from_bytes(data[:4], "little")
    body = Fields(data[4:])
    names = [str(each) for each in accounts]
    match kind:
        case 0:
            info: dict[str, object] = {
                "source": names[0],
                "newAccount": names[1],
                "lamports": body.u64(),
                "space": body.u64(),
                "owner": body.key(),
            }
            return {"info": info, "type": "createAccount"}
        case 1:
            return {"info": {"account": names[0], "owner": body.key()}, "type": "assign"}
        case 2:
            info = {"source": names[0], "destination": names[1], "lamports": body.u64()}
            return {"info": info, "type": "transfer"}
        case 3:
            info = {"source": names[0], "newAccount": names[1], "base": body.key(), "seed": body.text()}
            info |= {"lamports": body.u64(), "space": body.u64(), "owner": body.key()}
            return {"info": info, "type": "createAccountWithSeed"}
        case 8:
            return {"info": {"account": names[0], "space": body.u64()}, "type": "allocate"}
        case _:
            return None
