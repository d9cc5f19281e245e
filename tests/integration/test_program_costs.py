"""The cost table of the README is what the SVM says, and within what was promised."""

from __future__ import annotations

from gridtokenx_indexer.resources import resource
from gridtokenx_indexer.tx.gridtokenx import pda
from tests.support.svm_instructions import prepare
from tests.support.svm_market import NOW_WINDOW
from tests.support.svm_measured import METER, measured

OPENING, CLOSING = "<!-- measured -->\n", "\n<!-- /measured -->"


def test_the_readme_holds_the_measured_table() -> None:
    text = resource("programs/README.md").read_text()
    found = text.split(OPENING)[1].split(CLOSING)[0]
    expected = measured()
    print(expected)  # noqa: T201
    assert found == expected, "programs/README.md: put the table printed above between its two marks"


def test_a_meter_costs_at_most_six_thousandths_of_a_sol_per_4096_windows() -> None:
    prepared = prepare("mint_energy")
    minter = prepared.market.minter.pubkey()
    before = prepared.market.chain.lamports(minter)
    prepared.market.chain.send(prepared.instruction, signers=prepared.signers)
    address = pda.ledger(pda.DEFAULT_PROGRAM_ID, METER, pda.ledger_page(METER, NOW_WINDOW - 1))[0]
    rent = prepared.market.chain.lamports(address)
    assert before - prepared.market.chain.lamports(minter) == rent
    assert rent <= 6_000_000
