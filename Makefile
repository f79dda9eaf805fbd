# Every command of the project. `make help` lists them; README.md tells the two that matter.
# Paths are relative, so that a folder whose name has spaces works.

.DEFAULT_GOAL := help
.PHONY: help setup setup-development demo test check mutants lint types bench bench-transfer lighthouse lock messages clean

RUN = .venv/bin/python
PYTEST_ARGS =
EVERY = 10
# One more than processors: a test that drives a browser, or waits for the database, leaves a part of one idle.
PROCESSES = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
NPM_CI = npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | column -t -s '|' 2>/dev/null || grep '##' Makefile

# -- installing: a stamp file per step, so that a second run takes no time -------------------------------

setup: .venv/.base node_modules/.base ## install what the demo needs

setup-development: .venv/.development node_modules/.development

.venv/bin/python:
	@if command -v uv >/dev/null 2>&1; then uv venv --quiet --python '>=3.11' .venv; else \
	for python in python3 python3.13 python3.12 python3.11; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    "$$python" -m venv .venv && exit 0; \
	    rm -rf .venv; echo "$$python cannot make a virtual environment (on Debian: apt install python3-venv)."; exit 1; \
	  fi; \
	done; echo "Woodshed needs Python 3.11 or newer."; exit 1; fi

.venv/.base: requirements/base.txt
	@$(MAKE) --no-print-directory .venv/bin/python
	@$(MAKE) --no-print-directory install SET=base
	@touch .venv/.base

.venv/.development: requirements/development.txt
	@$(MAKE) --no-print-directory .venv/bin/python
	@$(MAKE) --no-print-directory install SET=development
	@touch .venv/.base .venv/.development

.PHONY: install
install:
	@echo "Installing the $(SET) requirements"
	@if command -v uv >/dev/null 2>&1; then \
	  uv pip install --quiet --python $(RUN) --require-hashes -r requirements/$(SET).txt; \
	else \
	  $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/$(SET).txt; \
	fi

node_modules/.base: package-lock.json
	@command -v npm >/dev/null 2>&1 || { echo "Woodshed needs npm for its front-end libraries."; exit 1; }
	@echo "Installing the front-end libraries"
	@$(NPM_CI) --omit=dev
	@touch node_modules/.base

node_modules/.development: package-lock.json
	@command -v npm >/dev/null 2>&1 || { echo "Woodshed needs npm for its front-end libraries."; exit 1; }
	@echo "Installing the front-end libraries and test tools"
	@$(NPM_CI)
	@touch node_modules/.base node_modules/.development

# -- running ---------------------------------------------------------------------------------------------

demo: setup ## run Woodshed with made-up people; PORT=8000 chooses the port, Ctrl-C stops it
	@exec $(RUN) -m config.demo

bench: setup-development ## measure the main pages with a million entries
	@exec $(RUN) -m benchmarks

bench-transfer: setup-development ## measure files going into a diary and out of it
	@exec $(RUN) -m benchmarks.transfer

lighthouse: setup-development ## audit the main pages with Lighthouse
	@exec $(RUN) -m benchmarks.lighthouse

# -- checking --------------------------------------------------------------------------------------------

test: setup-development ## run the whole test suite; browser tests where a Chromium is found
	@if [ "$$CI" = true ] && ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then \
	  echo "Browser tests must run here, but no Chromium is installed."; exit 1; fi
	@$(RUN) -m config.messages
	$(RUN) -m pytest --numprocesses $(PROCESSES) --dist worksteal $(PYTEST_ARGS)

check: setup-development lint types ## everything that must be right before a change goes in
	$(RUN) manage.py makemigrations --check --dry-run
	@$(MAKE) --no-print-directory check-production
	@if command -v msgfmt >/dev/null 2>&1; then \
	  for file in locale/*/LC_MESSAGES/*.po locale/_libraries/*/LC_MESSAGES/*.po; do \
	    [ ! -e "$$file" ] || msgfmt --check --output-file=/dev/null "$$file" || exit 1; done; fi
	@$(MAKE) --no-print-directory test PYTEST_ARGS='--cov --cov-report=term $(PYTEST_ARGS)'

mutants: setup-development ## take out one in ten checks of who may do what: a test must see it (EVERY=1: all)
	@$(RUN) -m config.messages
	@exec $(RUN) -m tests.mutants --every $(EVERY)

lint: setup-development
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	find templates -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} +
	.venv/bin/lint-imports

types: setup-development
	.venv/bin/mypy

# Production starts only with its own values; these are thrown away.
.PHONY: check-production
check-production: setup-development
	DJANGO_SETTINGS_MODULE=config.settings.production \
	SECRET_KEY=$$($(RUN) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	ALLOWED_HOSTS=diary.example SITE_URL=https://diary.example DATABASE_URL=postgres://nobody@127.0.0.1:1/none \
	CELERY_BROKER_URL=redis://127.0.0.1:1/0 EMAIL_URL=smtp://127.0.0.1:1 DEFAULT_FROM_EMAIL=diary@diary.example \
	$(RUN) manage.py check --deploy --fail-level WARNING

# -- keeping up ------------------------------------------------------------------------------------------

# Extras are named in the lock: pip asked for "coverage[toml]" takes the newest if only "coverage" is pinned.
lock: setup-development ## pin the newest allowed versions of everything
	cd requirements && for set in base production development; do \
	  ../.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	    --no-strip-extras --no-emit-index-url --custom-compile-command 'make lock' \
	    $$set.in --output-file $$set.txt >/dev/null || exit 1; done
	npm install --package-lock-only --ignore-scripts --no-audit --no-fund

messages: setup-development ## collect strings for translation and compile them (needs gettext)
	$(RUN) manage.py makemessages --all --add-location file --no-obsolete \
	  --ignore node_modules --ignore var --ignore .venv --ignore tests --ignore benchmarks
	$(RUN) -m config.messages

clean: ## remove what was installed and built; the demo's data in var/ stays
	rm -rf .venv node_modules staticfiles .mypy_cache .ruff_cache .pytest_cache .import_linter_cache htmlcov .coverage
