# Everything one does with this repository. `make` alone lists it.

PYTHON ?= python3
VENV := .venv
# one more than there are cores, for many tests wait for a server
PROCESSES ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench eval lock clean

help: ## List what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

run: $(VENV)/.run ## Start the gate with its page at http://127.0.0.1:8080
	@$(BIN)/gatekeeper serve --first-run

test: $(VENV)/.dev ## Run every test; REQUIRE_SERVICES=1 fails where a service is missing instead of skipping
	@PATH="$(CURDIR)/build/bin:$$PATH" $(BIN)/python -m pytest --numprocesses $(PROCESSES) --dist worksteal $(TESTS)

lint: $(VENV)/.dev ## Check style, types, import order and policies
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@PATH="$(CURDIR)/build/bin:$$PATH" sh scripts/lint-policies.sh

format: $(VENV)/.dev ## Format the code and the policies
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

bench: $(VENV)/.dev ## Measure, and print what README shows
	@PATH="$(CURDIR)/build/bin:$$PATH" $(BIN)/python -m bench

eval: $(VENV)/.dev ## Measure accuracy on labelled reports, FILES="..." or the corpus
	@$(BIN)/python -m evaluation $(FILES)

lock: ## Lock the dependencies anew
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--extra build pyproject.toml -o requirements.lock
	@uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--extra build --extra dev pyproject.toml -o requirements-dev.lock

clean: ## Remove what was built (the data in var/ stays)
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/pyvenv.cfg:
	@PYTHON="$(PYTHON)" sh scripts/make-venv.sh $(VENV)

$(VENV)/.run: $(VENV)/pyvenv.cfg requirements.lock pyproject.toml
	@echo "Installing the locked dependencies (once, about a minute) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.lock
	@echo "Installing the locked development dependencies ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
