# Everything a person does here. Needs Python 3.11+, make and a package registry; nothing else.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null && { echo $$p; break; }; done)
NOTE ?= examples/video-home.txt
GOLD ?= eval/gold/frozen.jsonl
BIN := .venv/bin
SOURCES := $(shell find classifier -name '*.py')

.DEFAULT_GOAL := help
.PHONY: help suggest test lint train train-check corpus-check eval wheel-check lock clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "no Python 3.11 to 3.13 found: install one, or name it: make PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt

.venv/runtime.done: .venv/bin/python requirements/runtime.txt pyproject.toml
	$(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements/runtime.txt
	$(BIN)/uv pip install --quiet --no-deps --require-hashes -r requirements/build.txt
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/dev.done: .venv/runtime.done requirements/dev.txt
	$(BIN)/uv pip install --quiet --compile-bytecode --require-hashes -r requirements/dev.txt
	@touch $@

suggest: .venv/runtime.done ## print the suggestion for an example note, or NOTE=file
	@$(BIN)/doc2pos suggest $(NOTE) || test $$? -eq 10

test: .venv/dev.done ## lint, types and the fast tests
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	$(BIN)/python -m pytest -q

lint: .venv/dev.done ## ruff and mypy alone
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

train: .venv/dev.done ## rebuild the shipped model from the committed corpus
	$(BIN)/python -m training fit

train-check: .venv/dev.done ## fit anew and show that the shipped model is that one
	$(BIN)/python -m training check

corpus-check: .venv/dev.done ## schema, verbatim evidence, ids, near-duplicates, agreement
	$(BIN)/python -m training corpus

eval: .venv/dev.done ## figures on labelled notes, GOLD=file (default: the frozen authors)
	$(BIN)/python -m eval $(GOLD)

wheel-check: .venv/dev.done ## build the wheel, install it alone, use it
	$(BIN)/python tests/wheel_check.py

lock: .venv/dev.done ## refresh the pinned, hashed requirements
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements/runtime.txt
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --extra dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt

clean: ## remove what was built here
	rm -rf .venv build dist mlflow.db mlartifacts .pytest_cache .mypy_cache .ruff_cache .hypothesis
