PYTHON ?= python3
BIN := .venv/bin

.PHONY: try test check bench rehearse

try: .venv/installed
	$(BIN)/playercoach try

test: .venv/installed
	$(BIN)/python -m pytest -n auto

check: .venv/installed
	PATH="$(CURDIR)/$(BIN):$$PATH" scripts/check

bench: .venv/installed
	$(BIN)/python -m pytest tests/bench -q -s -o addopts='--import-mode=importlib' -p no:cacheprovider -W default

rehearse: .venv/installed
	$(BIN)/python -m tests.rehearsal
	$(BIN)/python -m tests.bench.retention

# Once installed, nothing here needs the network.
.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt "setuptools>=65" wheel
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -c constraints.txt -e ".[dev]"
	touch $@
