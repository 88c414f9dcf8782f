# Everything one does here. Needs Python 3.11 or newer (and Node.js where no Chromium is installed); no service.
#   make demo PORT=8001        make test ARGS="-k roster"        PYTHON=/opt/python3.12/bin/python3 make demo

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 2
ARGS ?=
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.requirements

.PHONY: demo run worker test check bench messages shots help format

help: ## show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "make %-11s %s\n", $$1, $$2}' Makefile

# Made again when the pinned requirements change; unmarked if it fails half way, so that the next call repairs it.
$(STAMP): requirements.txt requirements-dev.txt
	@python="$${PYTHON:-}"; \
	if [ -z "$$python" ]; then \
	  for name in python3.11 python3 python3.12 python3.13 python; do \
	    if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python="$$name"; break; fi; \
	  done; \
	fi; \
	if [ -z "$$python" ] || ! "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	  echo "Python 3.11 or newer is needed and was not found (python3 is: $$(python3 --version 2>&1 || true))." >&2; \
	  echo "Install it, or name it: PYTHON=/path/to/python3.11 make $(MAKECMDGOALS)" >&2; exit 1; \
	fi; \
	if ! $(PY) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	  echo "Creating $(VENV) with $$("$$python" --version)"; "$$python" -m venv --clear $(VENV); \
	fi; \
	echo "Installing the pinned requirements into $(VENV)"; \
	$(PY) -m pip install --quiet --disable-pip-version-check --no-input -r requirements-dev.txt; \
	touch $@

demo: $(STAMP) ## load the demonstration and serve it: web, worker, beat and broker (PORT=8000)
	@exec $(PY) -m campaign.services demo --host $(HOST) --port $(PORT)

run: $(STAMP) ## serve for development, restarting when code changes (PORT=8000)
	@exec $(PY) -m campaign.services run --host $(HOST) --port $(PORT)

worker: $(STAMP) ## one Celery worker with beat, on the broker that REDIS_URL names
	@exec $(PY) -m campaign.services worker

test: $(STAMP) ## the whole suite: on SQLite, on PostgreSQL, and in a browser (ARGS="-k name")
	@exec $(PY) -m campaign.services test --workers $(WORKERS) -- $(ARGS)

check: $(STAMP) ## style, layers, types, migrations, translations, deployment settings
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check --quiet --output-format concise . || { echo "put it right with: make format"; exit 1; }
	@$(VENV)/bin/djlint templates --lint --quiet
	@$(VENV)/bin/lint-imports --no-logo
	@$(VENV)/bin/mypy -p campaign.playbook -p campaign.findings -p units.roster
	@DATABASE_URL=sqlite://:memory: $(PY) manage.py makemigrations --check --dry-run
	@$(PY) manage.py catalogue --check
	@DEBUG=0 SECRET_KEY="$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(64))')" \
	  FIELD_KEYS="$$($(PY) -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())')" \
	  ALLOWED_HOSTS=campaign.example.gov.cn DATABASE_URL=sqlite://:memory: REDIS_URL=redis://127.0.0.1:6379/0 \
	  EMAIL_URL=smtp://127.0.0.1:25 $(PY) manage.py check --deploy --fail-level WARNING
	@echo "check: all is well"

bench: $(STAMP) ## measure import, workbook and home page against their floors (benchmarks/README.md)
	@for file in benchmarks/bench_*.py; do $(PY) -m benchmarks.$$(basename $$file .py); done

messages: $(STAMP) ## bring the Chinese catalogue up to date with the code, and list what is missing
	@$(PY) manage.py catalogue --update
	@$(PY) manage.py catalogue --missing

shots: $(STAMP) ## take the screenshots of the main pages into docs/images/
	@$(PY) -m tests.shots

format: $(STAMP) ## put the code into the common form
	@$(VENV)/bin/ruff check --fix --quiet . || true
	@$(VENV)/bin/ruff format .
