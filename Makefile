# Two commands set up everything that they need: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: help demo run test check format docs bench accuracy lock clean

help:
	@echo "make demo       watch Linkwell check a course page, without internet"
	@echo "make run        check the page named in config.yaml"
	@echo "make test       run all tests"
	@echo "make check      lint, formatting, types, layers"
	@echo "make bench      measure speed and memory"
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

# Coverage: everything 95 %, what decides 100 %.
test: $(READY)
	@rm -f .coverage .coverage.*
	@$(BIN)/python -m pytest -n 2 --cov --cov-report= $(ARGS)
	@$(BIN)/coverage report --fail-under=95
	@$(BIN)/coverage report --include='monitor/core/*,monitor/providers/*' --fail-under=100 > /dev/null || \
		{ $(BIN)/coverage report --include='monitor/core/*,monitor/providers/*'; \
		  echo "What decides must be covered wholly."; exit 1; }

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

bench: $(READY)
	@for bench in bench/*.py; do echo "== $$bench"; $(BIN)/python $$bench || exit 1; done

# The other checkers go into .rivals; where they cannot be had Linkwell is measured alone.
accuracy: $(READY)
	@$(BIN)/python -m bench.accuracy --install $(ARGS)

lock: $(READY)
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
		--python-version 3.11 pyproject.toml --group build --group test --group check -o requirements-dev.lock

clean:
	@rm -rf $(VENV) .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache
