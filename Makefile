# Every target makes the virtual environment first and passes ARGS="..." on to its command.
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: demo up down test lint bench performance faults soak fuzz lock clean

demo up: .venv/ready
	$(BIN)/skillpulse $@ $(ARGS)

down: .venv/ready
	$(BIN)/skillpulse down $(ARGS)

# Two at a time: most tests wait for real brokers and databases. Each process starts engines of its own (about 2 GB).
test: .venv/ready
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile $(ARGS)

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/ready .venv-bench/ready
	$(BIN)/python -m benchmarks $(ARGS)

# Measures everything that docs/performance.md says and writes it anew.
performance: .venv/ready .venv-bench/ready
	$(BIN)/python -m benchmarks.page $(ARGS)

faults: .venv/ready
	$(BIN)/python -m tests.faults $(ARGS)

soak: .venv/ready
	$(BIN)/python -m tests.faults.soak $(ARGS)

fuzz: .venv/ready
	$(BIN)/python -m tests.fuzz $(ARGS)

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "skillpulse needs Python 3.11 or newer: install it, or say where it is with make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "skillpulse needs Python's venv module: install it (on Debian: apt install python3-venv)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# What the benchmarks measure beside skillpulse has an environment of its own; without it they skip those and say so.
.venv-bench/ready: benchmarks/peers/requirements.lock
	-$(PYTHON) -m venv .venv-bench \
	  && .venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $< \
	  && touch $@

# The exact locks, for all supported Python versions and platforms; needs `pip install uv`.
LOCK := uv pip compile --universal --generate-hashes --no-header --no-emit-index-url
lock:
	$(LOCK) pyproject.toml --extra dev --output-file requirements.lock
	$(LOCK) benchmarks/peers/requirements.in --python-version 3.11 --output-file benchmarks/peers/requirements.lock

clean:
	rm -rf .venv .venv-bench .skillpulse build *.egg-info .mypy_cache .ruff_cache .pytest_cache
