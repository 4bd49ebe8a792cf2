# Gõ Cửa. `make run` and `make test` are all a newcomer needs; `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON := $(shell for p in python3 python3.13 python3.12 python3.11; do $$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
RUN := .venv/bin/python
export UV_SYSTEM_CERTS := 1
export UV_PYTHON_DOWNLOADS := never
export UV_PYTHON := $(PYTHON)
export UV_PROJECT_ENVIRONMENT := .venv
# Compiled once at installation: without bytecode every start of a command spends seconds on compiling Wagtail again.
export UV_COMPILE_BYTECODE := 1
unexport PYTHONDONTWRITEBYTECODE
export PYTHONUNBUFFERED := 1

.PHONY: help run test check bench serve worker setup catalogues screens clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' Makefile

.uv/bin/uv:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with its venv module is needed (on Debian: apt install python3 python3-venv)"; exit 2; }
	@$(PYTHON) -m venv .uv && .uv/bin/pip install --quiet --disable-pip-version-check 'uv>=0.9,<0.10'

.venv/.ready: uv.lock pyproject.toml | $(UV)
	@echo "Installing what the lock file names …"
	@$(UV) sync --frozen --quiet --no-dev --inexact && touch $@

.venv/.ready-dev: uv.lock pyproject.toml | $(UV)
	@echo "Installing what the lock file names, and what the tests need …"
	@$(UV) sync --frozen --quiet && touch $@ .venv/.ready

run: .venv/.ready ## set up what is missing, then serve the site with its worker
	@$(RUN) -m project.setup_state || $(RUN) manage.py setup
	@exec $(RUN) manage.py serve --with-worker

serve: ## serve only (no set-up); with REDIS_URL the worker runs apart: make worker
	@exec $(RUN) manage.py serve

worker: ## the queue's consumer alone
	@exec $(RUN) manage.py run_huey --quiet --graceful-signal TERM

setup: .venv/.ready ## migrations, places, catalogues, lessons, demo
	@$(RUN) manage.py setup

test: .venv/.ready-dev ## set up what is missing, then every test; make test ARGS="-k name"
	@$(RUN) -m tests.run $(ARGS)

check: .venv/.ready-dev ## format, lint, import contracts, types, templates, migrations, catalogues, deployment
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/lint-imports
	@.venv/bin/mypy
	@.venv/bin/djlint templates --lint --quiet
	@DJANGO_SETTINGS_MODULE=project.settings.test $(RUN) manage.py makemigrations --check --dry-run
	@DJANGO_SETTINGS_MODULE=project.settings.test $(RUN) manage.py catalogues --check
	@DJANGO_SETTINGS_MODULE=project.settings.production SECRET_KEY=$$($(RUN) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	  ALLOWED_HOSTS=gocua.example SITE_URL=https://gocua.example EMAIL_HOST=localhost REDIS_URL=redis://127.0.0.1:6379/0 \
	  DATABASE_URL=postgres://gocua@127.0.0.1/gocua $(RUN) manage.py check --deploy --fail-level WARNING

bench: .venv/.ready-dev ## measurements; BENCH=name SIZE=small|full
	@$(RUN) -m tests.bench.run $(BENCH) --size $(or $(SIZE),small)

catalogues: .venv/.ready-dev ## extract and merge the strings of the screens
	@$(RUN) manage.py catalogues

screens: .venv/.ready-dev ## take a picture of every page, as each role, into screenshots/
	@$(RUN) -m tests.browser.screens

clean: ## remove what was installed and built (never your data in var/)
	@rm -rf .venv .uv build .mypy_cache .pytest_cache .ruff_cache screenshots
