"""`python -m gridtokenx_indexer.ops.cli`: the command line of exactly this interpreter and package."""

from __future__ import annotations

from gridtokenx_indexer.ops.cli.main import main

if __name__ == "__main__":
    main()
