# The commands of this project. Nothing but Python 3.11 or newer and make has to be there:
# the tools are installed into .venv from lock files with hashes, again only when these change.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help site serve test judges check format bench bench-serve bench-search fidelity lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

site: $(VENV)/site.done ## compile content/ into build/; open build/index.html
	@$(BIN)/archiver build $(ARGS)

serve: $(VENV)/site.done ## preview content/ in a browser, every change at once; Ctrl-C ends it
	@$(BIN)/archiver serve $(ARGS)

test: $(VENV)/dev.done ## run all tests, in browsers too
	@$(BIN)/python tests/browsers.py
	@$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder $(ARGS)

judges: $(VENV)/dev.done site ## run the independent judges (needs npm and Java)
	@$(BIN)/python tests/judges.py build

check: $(VENV)/dev.done ## format, lint and types
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: $(VENV)/dev.done ## format the code and mend what the linter can
	@$(BIN)/ruff check --fix --exit-zero .
	@$(BIN)/ruff format .

bench: $(VENV)/dev.done ## measure against Hugo, in one run
	@$(BIN)/python benchmarks/hugo.py $(ARGS)

bench-serve: $(VENV)/dev.done ## measure the preview against Hugo's
	@$(BIN)/python benchmarks/serve.py $(ARGS)

bench-search: $(VENV)/dev.done ## measure the search beside MiniSearch and lunr (needs npm)
	@$(BIN)/python benchmarks/search.py $(ARGS)

fidelity: $(VENV)/dev.done ## measure imports against captures beside the repository, for docs/import.md
	$(BIN)/python scripts/fidelity.py

lock: ## make the lock files again from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --generate-hashes --no-header --group build -o requirements.lock
	uv pip compile pyproject.toml --universal --generate-hashes --no-header --group build --group dev -o requirements-dev.lock

clean: ## remove build/ and everything that was installed here
	rm -rf build .build.staging .build.ledger* $(VENV) node_modules .mypy_cache .ruff_cache .hypothesis

$(VENV)/python.done:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "archiver needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "this Python cannot make a venv; on Debian: apt-get install python3-venv"; exit 1; }
	@touch $@

$(VENV)/site.done: requirements.lock pyproject.toml | $(VENV)/python.done
	@echo "Installing archiver into $(VENV) ..."
	@$(PIP) install --require-hashes --only-binary :all: -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.done: requirements-dev.lock $(VENV)/site.done
	@echo "Installing the tools for tests ..."
	@$(PIP) install --require-hashes --only-binary :all: -r requirements-dev.lock
	@touch $@
