# Two commands: `make demo` shows boeki at work, `make test` runs the tests.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.PHONY: demo test check lint types layers figures bench clean

demo: $(VENV)/installed
	$(BIN)/boeki check examples/japan-2024-11.txt --published 2025-01-10 --html demo.html

test: $(VENV)/installed-dev
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term:skip-covered --cov-fail-under=85

# What CI runs besides the tests.
check: lint types layers figures

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-dev
	$(BIN)/mypy

layers: $(VENV)/installed-dev
	$(BIN)/lint-imports

figures: $(VENV)/installed-dev
	$(BIN)/python scripts/embed_figures.py --check
	$(BIN)/python scripts/embed_elasticities.py --check
	$(BIN)/python scripts/embed_research.py --check
	$(BIN)/python scripts/embed_world.py --check

bench: $(VENV)/installed-dev
	$(BIN)/python benchmarks/run.py

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("boeki needs Python 3.11 or newer; name one: make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/installed-dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@ $(VENV)/installed

clean:
	rm -rf $(VENV) demo.html .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage build dist
