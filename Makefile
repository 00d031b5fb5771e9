# Sitthi. Two commands matter: make run, make test. The rest is for whoever works on it.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
export CHROMIUM FIREFOX

.DEFAULT_GOAL := help
.PHONY: help run test check a11y bench bench-load pictures translations lock sbom chromium firefox machine

help: ## Say what there is
	@grep -hE '^[a-z0-9-]+:.*## ' Makefile | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

run: $(VENV)/.run-ready ## Start app, stand-ins and worker on this machine (PORT=, STANDIN_PORT=, DATA_DIR= change the places)
	@exec $(BIN)/python -m webapp.commands demo

test: $(VENV)/.test-ready chromium firefox machine ## Run every test, browser journeys included
	@exec $(BIN)/python -m pytest -n 2

check: $(VENV)/.test-ready ## Look over style, types and translations
	$(BIN)/python -m ruff check .
	$(BIN)/python -m mypy
	$(BIN)/python -m bandit -q -c pyproject.toml -ll -r webapp deploy
	$(BIN)/python -m pytest tests/house

a11y: $(VENV)/.test-ready chromium ## Look at every page in every state, colour, width and text size (half an hour; again, only what changed)
	@$(BIN)/python -m pytest -n 2 tests/accessibility/walk.py tests/accessibility/test_html.py; \
	  walked=$$?; $(BIN)/python -m tests.accessibility.summary && exit $$walked

bench: $(VENV)/.bench-ready ## Measure pages, the search, the checker and reminders, against what else there is
	@missed=; for file in tests/bench/bench_*.py; do $(BIN)/python $$file || missed="$$missed $$file"; done; \
	  test -z "$$missed" || { echo "limits not kept, or not measured:$$missed" >&2; exit 1; }

bench-load: $(VENV)/.bench-ready ## Put the app under a crowd, over up to ten million generated people on both engines (hours; LOAD="--help" says more)
	@$(BIN)/python -m tests.bench.load $(LOAD)

pictures: $(VENV)/.test-ready chromium ## Take pictures: every page into var/pictures, and what the app shows of itself on a home screen
	@$(BIN)/python -m pytest -q -n 2 tests/accessibility/pictures.py
	@$(BIN)/python -m pytest -q tests/journeys/pictures.py

translations: $(VENV)/.run-ready ## Collect the texts, bring the catalogues up to date, build them
	$(BIN)/pybabel -q extract --mapping-file=pyproject.toml --keywords=ph --no-location --sort-output --output=translations/messages.pot .
	$(BIN)/pybabel -q update --input-file=translations/messages.pot --output-dir=translations --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width=200
	$(BIN)/pybabel -q compile --directory=translations --statistics
	@rm -f translations/messages.pot

UV_LOCK = $(VENV)-lock/bin/uv pip compile -q --upgrade --universal --python-version=3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url
lock: | $(BIN)/python ## Resolve the newest packages anew and write them down with their hashes
	$(BIN)/python -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install -q uv
	$(UV_LOCK) --output-file=requirements.txt pyproject.toml
	$(UV_LOCK) --extra=dev --output-file=requirements-dev.txt pyproject.toml
	$(UV_LOCK) --group=bench --constraint=requirements-dev.txt --output-file=requirements-bench.txt
	@rm -rf $(VENV)-lock

sbom: $(VENV)/.test-ready ## Write the bill of materials (CycloneDX) of the app to var/sbom.json, and docs/licences.md
	$(BIN)/python -m venv $(VENV)-sbom
	$(VENV)-sbom/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@mkdir -p var
	$(BIN)/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --spec-version 1.6 --output-file var/sbom.json $(VENV)-sbom/bin/python
	$(BIN)/python deploy/sbom/licences.py var/sbom.json docs/licences.md
	@rm -rf $(VENV)-sbom

# --- what stands behind them ---

# PYTHON=… names an interpreter; otherwise the first that is new enough is taken.
$(BIN)/python:
	@for name in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	  if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$name; break; fi; \
	done; \
	test -n "$$found" || { echo "Sitthi needs Python 3.11 or later; $(or $(PYTHON),python3) is not (PYTHON=… names another)" >&2; exit 1; }; \
	$$found -m venv $(VENV) || { echo "no virtual environment could be made: on Debian, apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.run-ready: requirements.txt pyproject.toml | $(BIN)/python
	@echo "installing what the app needs into $(VENV) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test-ready: requirements-dev.txt $(VENV)/.run-ready
	@echo "installing what the tests need into $(VENV) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/.bench-ready: requirements-bench.txt $(VENV)/.test-ready
	@echo "installing what the benches measure against into $(VENV) …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@

chromium:
	@if [ -n "$(CHROMIUM)" ]; then \
	  test -x "$(CHROMIUM)" || { echo "CHROMIUM=$(CHROMIUM) is no program that can be started" >&2; exit 1; }; \
	elif command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  echo "installing Chromium and Thai letters for the browser journeys …"; \
	  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends chromium fonts-noto-core; } >/dev/null \
	    || { echo "Chromium could not be installed: see above, or name one with CHROMIUM=…" >&2; exit 1; }; \
	else \
	  echo "no Chromium for the browser journeys, and it cannot be installed here (that takes apt-get and root): name one with CHROMIUM=…" >&2; exit 1; \
	fi

# Without it the journeys in Firefox fail and say so; all others still run.
firefox:
	@if [ -n "$(FIREFOX)" ]; then \
	  test -x "$(FIREFOX)" || { echo "FIREFOX=$(FIREFOX) is no program that can be started" >&2; exit 1; }; \
	elif command -v firefox-esr >/dev/null || command -v firefox >/dev/null; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  echo "installing Firefox for the browser journeys …"; \
	  { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends firefox-esr; } >/dev/null \
	    || echo "Firefox could not be installed (see above): the journeys in it will fail. FIREFOX=… names one" >&2; \
	else \
	  echo "no Firefox here, and it cannot be installed (that takes apt-get and root): the journeys in it will fail. FIREFOX=… names one" >&2; \
	fi

# A C compiler for a slow disk and a jumping clock, nginx and systemd's checker for deploy/. Without one its tests fail and say so; all others still run.
machine:
	@command -v cc >/dev/null && command -v nginx >/dev/null && command -v systemd-analyze >/dev/null || { \
	  command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && echo "installing a C compiler, nginx and systemd for the tests of deploy/ …" \
	  && { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install --no-install-recommends gcc libc6-dev nginx-light systemd; } >/dev/null; \
	} || echo "no C compiler, nginx or systemd-analyze here, and they cannot be installed (that takes apt-get and root): their tests will fail" >&2
