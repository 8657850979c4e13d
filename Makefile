# `make run` and `make test` set everything up on a machine that has only Python 3.11 and make.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STATIC := src/tuyendau/static/manifest.json
MESSAGES := $(patsubst %.po,%.mo,$(wildcard src/tuyendau/config/locale/*/LC_MESSAGES/django.po))
FRONTEND := $(shell find frontend -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
NODE_OK := $(shell node -e 'const [a,b]=process.versions.node.split(".").map(Number); process.exit(a>20||a==20&&b>=19?0:1)' 2>/dev/null && npm --version >/dev/null 2>&1 && echo yes)

.PHONY: run test check fix bench docs messages clean help
.DEFAULT_GOAL := help

help:  ## show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: $(VENV)/.run $(VENV)/.kernels $(STATIC) $(MESSAGES)  ## set up and run everything here: PostgreSQL, web, worker, the demonstration (PORT=8001 for another port)
	@exec $(BIN)/tuyendau up $(if $(PORT),--port $(PORT))

test: $(VENV)/.dev $(VENV)/.kernels $(STATIC) $(MESSAGES)  ## every check and test
	@$(MAKE) --no-print-directory check
	$(BIN)/pytest -n auto --dist loadfile -m "not browser"
	$(BIN)/pytest -m browser

check: $(VENV)/.dev  ## lint, layers, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

fix: $(VENV)/.dev  ## format, and mend what lint can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev  ## measure, an hour or two on a quiet machine; results go to benchmarks/RESULTS.md
	$(BIN)/python benchmarks/tracing.py
	$(BIN)/python benchmarks/confirm.py
	$(BIN)/python benchmarks/lists.py
	$(BIN)/python benchmarks/people.py
	$(BIN)/python benchmarks/linkage.py
	$(BIN)/python benchmarks/ingest.py --write
	$(BIN)/python benchmarks/live.py --keep
	$(BIN)/python benchmarks/audit_chain.py
	$(BIN)/python benchmarks/history.py --keep
	$(BIN)/python benchmarks/public_map.py --keep
	$(BIN)/python benchmarks/map_points.py --keep
	$(BIN)/python benchmarks/map_layers.py
	$(BIN)/python benchmarks/situation.py
	$(BIN)/python benchmarks/indicators.py
	$(BIN)/python benchmarks/demo.py
	$(BIN)/python benchmarks/evaluation.py

docs: $(VENV)/.dev  ## build the documentation into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

messages: $(VENV)/.dev  ## collect the texts to translate (needs gettext)
	cd src/tuyendau && ../../$(BIN)/python -m django makemessages --locale vi --no-location --no-wrap \
	  --settings tuyendau.config.settings --ignore static

clean:  ## remove what was built; the data in var/ stays
	rm -rf $(VENV) src/tuyendau/static site frontend/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find src -name '*.mo' -delete

$(VENV)/.run: requirements/run.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else 0'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing Python packages into $(VENV): about a minute."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/dev.txt
	@touch $@

$(VENV)/.kernels: $(VENV)/.run $(shell find src/tuyendau/science -name '*.py')
	$(BIN)/python -m tuyendau.config.kernels
	@touch $@

$(VENV)/.node: $(VENV)/.run requirements/node.txt
	$(if $(NODE_OK),,$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/node.txt)
	@touch $@

$(STATIC): $(VENV)/.node $(FRONTEND)
	$(BIN)/python frontend/build.py
	@touch $@

$(MESSAGES): %.mo: %.po $(VENV)/.run
	$(BIN)/python -m tuyendau.config.messages
	@touch $@
