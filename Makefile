# Everything a developer or newcomer runs. `make` lists it.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Passed on to the command of a target: make demo ARGS="--json report.json"
ARGS ?=
WORKERS ?= 2
ROUNDS ?= 10
READY := $(VENV)/.ready

.PHONY: help setup demo run test test-node test-timescale lint format bench soak program requirements schema wheel lock clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY) ## Build the environment in .venv from requirements-dev.lock

$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=/path/to/it")'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo 'python3 lacks ensurepip; on Debian: apt-get install python3-venv' >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## Play a real day through the whole stack and check its books
	@exec $(BIN)/gridtokenx-indexer demo $(ARGS)

run: $(READY) ## The same stack, up with its API until Ctrl-C
	@exec $(BIN)/gridtokenx-indexer demo --stay $(ARGS)

test: $(READY) ## Lint, types, import contracts and every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

test-node: $(READY) ## Node behaviour and a small day; against SOLANA_RPC_URL when set, else our local node
	$(BIN)/python -m pytest -m node $(ARGS)

test-timescale: $(READY) ## Time series on hypertables, on the server at TEST_DATABASE_URL, which loads TimescaleDB
	$(BIN)/python -m pytest -m timescale tests/integration $(ARGS)

lint: $(READY) ## Style, types and import contracts only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## Rewrite the sources in the agreed style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) ## Measure the speeds that the README states
	$(BIN)/python -m pytest tests/bench --override-ini python_files=bench_*.py -s -p no:randomly --timeout 1200 $(ARGS)

soak: $(READY) ## Disturb small days at random moments, ROUNDS times; a failure prints its seed
	@for round in $$(seq $(ROUNDS)); do \
	  seed=$$RANDOM; \
	  echo "round $$round of $(ROUNDS), DEMO_SEED=$$seed"; \
	  DEMO_SEED=$$seed $(BIN)/python -m pytest -q tests/e2e/test_demo_disturbed.py $(ARGS); \
	done

program: ## Rebuild the committed on-chain program, byte for byte
	programs/build.sh --toolchain debian

requirements: $(READY) ## Print which test proves which requirement
	@$(BIN)/python -m tests.requirements.matrix

schema: $(READY) ## Rewrite sql/schema.sql from the migrations
	$(BIN)/python -m tests.support.schema

wheel: $(READY) ## Build dist/*.whl
	$(BIN)/python -m hatchling build -t wheel

lock: ## Resolve both lock files again (needs uv)
	uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	uv pip compile --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --all-extras pyproject.toml -o requirements-dev.lock

clean: ## Remove what the targets made
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
