"""Token mints and accounts on the test SVM, by real instructions of both token programs."""

from __future__ import annotations

from hashlib import sha256

from solders.instruction import AccountMeta, Instruction
from solders.pubkey import Pubkey
from solders.system_program import CreateAccountParams, create_account
from spl.token.constants import TOKEN_2022_PROGRAM_ID, TOKEN_PROGRAM_ID

from tests.support.svm import Chain, key

SPL_TOKEN: Pubkey = TOKEN_PROGRAM_ID
TOKEN_2022: Pubkey = TOKEN_2022_PROGRAM_ID
ATA_PROGRAM = Pubkey.from_string("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL")
MINT_BYTES = 82
ACCOUNT_BYTES = 165


def _read(address: Pubkey) -> AccountMeta:
    return AccountMeta(address, is_signer=False, is_writable=False)


def _write(address: Pubkey) -> AccountMeta:
    return AccountMeta(address, is_signer=False, is_writable=True)


def _sign(address: Pubkey) -> AccountMeta:
    return AccountMeta(address, is_signer=True, is_writable=False)


def _u64(value: int) -> bytes:
    return value.to_bytes(8, "little")


def initialize_mint(
    program: Pubkey, mint: Pubkey, decimals: int, authority: Pubkey, freeze: Pubkey | None
) -> Instruction:
    frozen_by = b"\x01" + bytes(freeze) if freeze else b"\x00"
    return Instruction(program, bytes([20, decimals]) + bytes(authority) + frozen_by, [_write(mint)])


def create_mint(
    chain: Chain,
    program: Pubkey,
    name: str,
    *,
    decimals: int,
    authority: Pubkey,
    freeze: Pubkey | None = None,
    extensions: tuple[tuple[int, bytes], ...] = (),
) -> Pubkey:
    """A new mint. `extensions` are (bytes of the extension's value, its initializing data)."""
    mint = key(f"mint {name}")
    size = MINT_BYTES
    if extensions:
        size = ACCOUNT_BYTES + 1 + sum(4 + length for length, _ in extensions)
    chain.send(
        create_account(
            CreateAccountParams(
                from_pubkey=chain.payer.pubkey(),
                to_pubkey=mint.pubkey(),
                lamports=chain.rent(size),
                space=size,
                owner=program,
            )
        ),
        *(Instruction(program, data, [_write(mint.pubkey())]) for _, data in extensions),
        initialize_mint(program, mint.pubkey(), decimals, authority, freeze),
        signers=[mint],
    )
    return mint.pubkey()


def initialize_metadata(mint: Pubkey, authority: Pubkey, texts: tuple[str, str, str]) -> Instruction:
    """Name, symbol and address of a Token-2022 mint, kept in the mint."""
    name = sha256(b"spl_token_metadata_interface:initialize_account").digest()[:8]
    fields = [text.encode() for text in texts]
    data = name + b"".join(len(field).to_bytes(4, "little") + field for field in fields)
    accounts = [_write(mint), _read(authority), _read(mint), _sign(authority)]
    return Instruction(TOKEN_2022, data, accounts)


def associated_account(program: Pubkey, owner: Pubkey, mint: Pubkey) -> Pubkey:
    return Pubkey.find_program_address([bytes(owner), bytes(program), bytes(mint)], ATA_PROGRAM)[0]


def create_associated_account(payer: Pubkey, program: Pubkey, owner: Pubkey, mint: Pubkey) -> Instruction:
    """Creates it unless it exists."""
    return Instruction(
        ATA_PROGRAM,
        b"\x01",
        [
            AccountMeta(payer, is_signer=True, is_writable=True),
            _write(associated_account(program, owner, mint)),
            _read(owner),
            _read(mint),
            _read(Pubkey.default()),
            _read(program),
        ],
    )


def initialize_account(program: Pubkey, account: Pubkey, mint: Pubkey, owner: Pubkey) -> Instruction:
    """Makes a token account of room that the program owns already."""
    return Instruction(program, bytes([18]) + bytes(owner), [_write(account), _read(mint)])


def mint_to(
    program: Pubkey, mint: Pubkey, destination: Pubkey, authority: Pubkey, amount: int
) -> Instruction:
    accounts = [_write(mint), _write(destination), _sign(authority)]
    return Instruction(program, b"\x07" + _u64(amount), accounts)


def approve(program: Pubkey, account: Pubkey, owner: Pubkey, delegate: Pubkey, amount: int) -> Instruction:
    accounts = [_write(account), _read(delegate), _sign(owner)]
    return Instruction(program, b"\x04" + _u64(amount), accounts)


def revoke(program: Pubkey, account: Pubkey, owner: Pubkey) -> Instruction:
    return Instruction(program, b"\x05", [_write(account), _sign(owner)])


def transfer(program: Pubkey, source: Pubkey, destination: Pubkey, owner: Pubkey, amount: int) -> Instruction:
    return Instruction(program, b"\x03" + _u64(amount), [_write(source), _write(destination), _sign(owner)])


def close_account(program: Pubkey, account: Pubkey, owner: Pubkey) -> Instruction:
    return Instruction(program, b"\x09", [_write(account), _write(owner), _sign(owner)])


def set_account_owner(program: Pubkey, account: Pubkey, owner: Pubkey, new_owner: Pubkey) -> Instruction:
    data = bytes([6, 2, 1]) + bytes(new_owner)
    return Instruction(program, data, [_write(account), _sign(owner)])


def set_mint_authority(
    program: Pubkey, mint: Pubkey, authority: Pubkey, new_authority: Pubkey
) -> Instruction:
    data = bytes([6, 0, 1]) + bytes(new_authority)
    return Instruction(program, data, [_write(mint), _sign(authority)])


def freeze(program: Pubkey, account: Pubkey, mint: Pubkey, authority: Pubkey) -> Instruction:
    return Instruction(program, b"\x0a", [_write(account), _read(mint), _sign(authority)])


def reallocate(program: Pubkey, account: Pubkey, payer: Pubkey, owner: Pubkey, extension: int) -> Instruction:
    """Make room for an account extension (Token-2022)."""
    accounts = [
        _write(account),
        AccountMeta(payer, is_signer=True, is_writable=True),
        _read(Pubkey.default()),
        _sign(owner),
    ]
    return Instruction(program, bytes([29]) + extension.to_bytes(2, "little"), accounts)


def require_memo(program: Pubkey, account: Pubkey, owner: Pubkey, *, required: bool) -> Instruction:
    return Instruction(program, bytes([30, 0 if required else 1]), [_write(account), _sign(owner)])


def guard_cpi(program: Pubkey, account: Pubkey, owner: Pubkey) -> Instruction:
    return Instruction(program, bytes([34, 0]), [_write(account), _sign(owner)])


def amount(chain: Chain, account: Pubkey) -> int:
    return int.from_bytes(chain.data(account)[64:72], "little")


def allowance(chain: Chain, account: Pubkey) -> int:
    return int.from_bytes(chain.data(account)[121:129], "little")


def supply(chain: Chain, mint: Pubkey) -> int:
    return int.from_bytes(chain.data(mint)[36:44], "little")
