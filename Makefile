# What one can wish for. `make help` lists it; nothing here needs root or a running server.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed

.PHONY: help
help: ## List every wish
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(INSTALLED) ## Install everything that is pinned, and Kafka's jars

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
