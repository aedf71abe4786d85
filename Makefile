# Two commands set up everything that they need: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: help demo run test year kill-loop openapi check format docs site-docs bench accuracy week soak lock clean

help:
	@echo "make demo       watch Linkwell check a course page, without internet"
	@echo "make run        check the page named in config.yaml"
	@echo "make test       run all tests"
	@echo "make year       live through a simulated year, and count what was told against what was planted"
	@echo "make kill-loop  kill Linkwell a hundred times, and see that nothing is lost or told twice"
	@echo "make openapi    fetch GitHub's description of its API, for the tests (needs npm)"
	@echo "make check      lint, formatting, types, layers"
	@echo "make docs       write the pages that are made from the code"
	@echo "make site-docs  build the documentation as a site, into build/docs"
	@echo "make bench      measure speed and memory"
	@echo "make week       two daemons and a cron job on one history, for a compressed week"
	@echo "make soak       the daemon for a compressed month: memory, files, database"
	@echo "make accuracy   count false alarms and false OKs, beside other link checkers"

$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Linkwell needs Python 3.11 or newer: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "Python has no venv module here; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing into $(VENV) …"
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY)
	@$(BIN)/python -m tests.world.demo

run: $(READY)
	@$(BIN)/linkwell check

# Coverage: everything 95 %, what decides 100 %. Without npm the tests that need GitHub's own
# description of its API are skipped, as the last line says.
test: $(READY)
	@$(BIN)/python -m tests.world.fetch_openapi --if-possible
	@rm -f .coverage .coverage.*
	@$(BIN)/python -m pytest -n 2 --cov --cov-report= $(ARGS)
	@$(BIN)/coverage report --fail-under=95
	@$(BIN)/coverage report --include='monitor/core/*,monitor/providers/*' --fail-under=100 > /dev/null || \
		{ $(BIN)/coverage report --include='monitor/core/*,monitor/providers/*'; \
		  echo "What decides must be covered wholly."; exit 1; }
	@$(BIN)/python -m tests.world.openapi

# The history, the report and the issues of that year are then in reports/year.
year: $(READY)
	@$(BIN)/python -m tests.world.fetch_openapi --if-possible
	@$(BIN)/python -m tests.year $(ARGS)

kill-loop: $(READY)
	@$(BIN)/python -m tests.world.fetch_openapi --if-possible
	@$(BIN)/python -m tests.kill_loop $(ARGS)

openapi: $(READY)
	@$(BIN)/python -m tests.world.fetch_openapi

check: $(READY)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(READY)
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

docs: $(READY)
	@$(BIN)/python docs/make_reasons.py
	@$(BIN)/python docs/make_providers.py
	@$(BIN)/python docs/make_credentials.py
	@$(BIN)/python docs/make_config.py
	@$(BIN)/python docs/make_commands.py

# The users' documentation as a site in build/docs, of files that ask no other host for anything.
site-docs: docs
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict
	@echo "The site: build/docs/index.html"

bench: $(READY)
	@for bench in bench/*.py; do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

# The other checkers go into .rivals; where they cannot be had Linkwell is measured alone.
accuracy: $(READY)
	@$(BIN)/python -m bench.accuracy --install $(ARGS)

week: $(READY)
	@$(BIN)/python -m tests.week $(ARGS)

soak: $(READY)
	@$(BIN)/python -m tests.soak $(ARGS)

lock: $(READY)
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 pyproject.toml --extra postgresql -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 pyproject.toml --extra postgresql --group build --group test --group check --group docs -o requirements-dev.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 --constraint requirements-dev.lock --group backend -o requirements-build.lock

clean:
	@rm -rf $(VENV) .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache
