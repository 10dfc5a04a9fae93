# Sanad. `make help` lists what can be done. Needs Python 3.11 or newer with its venv module, and make; nothing else.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do command -v $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALL := $(PIP) install --root-user-action=ignore --no-deps
WORKERS ?= 2
MAKEFLAGS += --no-print-directory
unexport PYTHONDONTWRITEBYTECODE  # what Python has read once it keeps compiled: without that a start takes twice as long

.DEFAULT_GOAL := help

.PHONY: help
help: ## what can be done
	@echo "Sanad: make …"
	@sed -n 's/^\([a-z-]*\):.*## /  \1\t/p' $(MAKEFILE_LIST) | expand -t 16
	@echo "Settings are read from the environment; see README.md. PORT=8000 make run serves elsewhere."

# The environment. A stamp holds the lock that was installed, so that pip is asked only when the lock has changed.

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: apt install python3 python3-venv" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is older than Python 3.11. Name a newer one: make PYTHON=/path/to/python3.11" >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "The venv module of Python is missing: apt install python3-venv" >&2; exit 2; }
	@echo "Making .venv" >&2
	@$(PYTHON) -m venv .venv

.PHONY: runtime
runtime: .venv/bin/python
	@cmp -s config/requirements.txt .venv/runtime.lock || { \
		echo "Installing what the clinic runs on" >&2; \
		$(INSTALL) --require-hashes --only-binary :all: -r config/requirements.txt \
		&& cp config/requirements.txt .venv/runtime.lock; }
	@$(MAKE) project

.PHONY: setup
setup: .venv/bin/python ## build .venv with everything that is needed to run and to test
	@cmp -s config/requirements-dev.txt .venv/dev.lock || { \
		echo "Installing what the clinic runs on and is tested with" >&2; \
		$(INSTALL) --require-hashes --only-binary :all: -r config/requirements-dev.txt \
		&& cp config/requirements-dev.txt .venv/dev.lock && cp config/requirements.txt .venv/runtime.lock; }
	@$(MAKE) project

CATALOGUE := clinic/translations/ar/LC_MESSAGES/messages
DECIDES := templates clinic/web clinic/formats.py clinic/languages.py .venv/runtime.lock
.PHONY: project
project:
	@cmp -s pyproject.toml .venv/project.toml || { \
		$(INSTALL) --no-index --no-build-isolation --editable . && cp pyproject.toml .venv/project.toml; }
	@$(BIN)/python -m compileall -q clinic config
	@test $(CATALOGUE).mo -nt $(CATALOGUE).po || $(BIN)/python -m clinic.dev.translate compile
	@test -d .venv/templates && test -z "$$(find $(DECIDES) -newer .venv/templates -print -quit)" \
		|| $(BIN)/python -m clinic.dev.templates

.PHONY: run
run: runtime ## serve the demonstration clinic on http://127.0.0.1:5000 (PORT)
	@exec $(BIN)/clinic run

# The checks.

CHECKS := format lint types contracts templates catalogue migrations packages security advisories
.PHONY: check $(CHECKS)
check: setup ## format, lint, types, import contracts, templates, catalogue, migrations, packages, security, advisories
	@$(MAKE) --jobs=$(WORKERS) --keep-going --output-sync=target $(CHECKS)
	@echo "All checks passed."

types: # the slowest first
	@$(BIN)/mypy --no-error-summary && echo "types       ok"
format:
	@$(BIN)/ruff format --quiet --check . && echo "format      ok" || { echo "Mend with: $(BIN)/ruff format ."; exit 1; }
lint:
	@$(BIN)/ruff check --quiet . && echo "lint        ok"
contracts:
	@$(BIN)/lint-imports > .venv/contracts.txt 2>&1 && echo "contracts   ok" || { cat .venv/contracts.txt; exit 1; }
templates:
	@$(BIN)/djlint templates --lint --quiet && echo "templates   ok"
catalogue:
	@$(BIN)/python -m clinic.dev.translate check && echo "catalogue   ok"
migrations:
	@$(BIN)/python -m clinic.dev.migrations check && echo "migrations  ok"
packages: # that are installed are those of the lock (by the stamp of setup), and fit each other
	@$(PIP) check > .venv/packages.txt 2>&1 && echo "packages    ok" || { cat .venv/packages.txt; exit 1; }
security:
	@$(BIN)/bandit --quiet --recursive --configfile pyproject.toml clinic config && echo "security    ok"
advisories: # known holes of what is locked, as they were looked up last; needs no network
	@$(BIN)/python -m clinic.dev.advisories check

# The tests.

.PHONY: test
test: check ## the checks, then every test: SQLite, PostgreSQL and the browser
	@$(BIN)/pytest --numprocesses=$(WORKERS) --dist=worksteal

.PHONY: test-quick
test-quick: setup ## the tests on SQLite alone, without a browser
	@$(BIN)/pytest --numprocesses=$(WORKERS) --dist=worksteal -m "not postgres and not browser and not slow" -k "not sqlcipher"

.PHONY: pictures
pictures: setup ## the journeys, with pictures of their pages in artefacts/
	@PICTURES=1 $(BIN)/pytest --numprocesses=$(WORKERS) --dist=worksteal tests/journeys

# The speed. docs/performance.md says what is measured and what it must reach.

.PHONY: bench
bench: setup ## measure the speed: QUICK=1 to see that it runs, LARGE=1 for 100,000 cases too, DATABASE=a PostgreSQL server
	@$(BIN)/python -m bench $(if $(QUICK),--quick) $(if $(LARGE),--large) $(if $(DATABASE),--database $(DATABASE))

# The languages and the database.

.PHONY: translate
translate: setup ## gather new sentences into the Arabic catalogue and say what waits for a translation
	@$(BIN)/python -m clinic.dev.translate update

.PHONY: migration
migration: setup ## write the next migration from the models: make migration name=hearing_outcome
	@test -n "$(name)" || { echo "Name it: make migration name=hearing_outcome" >&2; exit 2; }
	@$(BIN)/python -m clinic.dev.migrations new "$(name)"

.PHONY: lock
lock: ## renew config/requirements*.txt from pyproject.toml (needs uv on the path)
	@command -v uv > /dev/null || { echo "uv is needed for this: python3 -m pip install uv" >&2; exit 2; }
	@$(LOCK) --extra build --output-file config/requirements.txt
	@$(LOCK) --extra build --extra dev --constraint config/requirements.txt --output-file config/requirements-dev.txt
	@$(MAKE) look-up
LOCK := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	pyproject.toml

.PHONY: look-up
look-up: .venv/bin/python ## look up known holes of every locked package (needs a network) and keep what was said
	@$(BIN)/python -m clinic.dev.advisories look
