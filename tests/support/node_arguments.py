"""Prints what a real node must be started with to carry the program of the small day."""

from __future__ import annotations

import sys

from gridtokenx_indexer.ops.demo.chain_setup import demo_cast
from gridtokenx_indexer.resources import resource
from tests.support.program import PROGRAM_ID


def node_arguments() -> list[str]:
    """Arguments of solana-test-validator: program address, program file, upgrade authority."""
    program = resource("programs/gridtokenx/gridtokenx.so")
    authority = demo_cast(PROGRAM_ID).authority.pubkey()
    return ["--upgradeable-program", str(PROGRAM_ID), str(program), str(authority)]


if __name__ == "__main__":
    sys.stdout.write(" ".join(node_arguments()) + "\n")
