PYTHON ?= python3
BIN := .venv/bin

.PHONY: try test check bench chaos fuzz rehearse wander tools audit

try: .venv/installed
	$(BIN)/playercoach try

# All but the long stories, in under five minutes on two cores; those it names at the end take their time, too.
test: .venv/installed
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not long" --durations=15

check: .venv/installed .tools/installed
	PATH="$(CURDIR)/$(BIN):$$PATH" scripts/check

bench: .venv/installed
	$(BIN)/python -m pytest tests/bench -q -s -o addopts='--import-mode=importlib' -p no:cacheprovider -W default

# Faults by the hundred against real processes; an hour. `CHAOS="--scale 0.1"` is a tenth of it, `--only slack,postgres` some rows.
chaos: .venv/installed
	$(BIN)/python -m tests.chaos $(CHAOS)

# Spoilt payloads of everything that Slack sends, and a quarter as many requests to all routes; `FUZZ=100000` sends more.
FUZZ ?= 20000
fuzz: .venv/installed
	FUZZ=$(FUZZ) $(BIN)/python -m pytest tests/flows/test_fuzz.py tests/flows/test_fuzz_routes.py -q -s

rehearse: .venv/installed
	$(BIN)/python -m tests.rehearsal
	$(BIN)/python -m tests.bench.retention

# Made-up people who do anything, in any order; `WANDER="--seeds 7 --weeks 30"` is another walk, the same one each time.
WANDER ?= --seeds 1-8 --weeks 8
wander: .venv/installed
	$(BIN)/python -m tests.wandering $(WANDER)

# Known weaknesses of every package that is pinned. It asks a public service, so it is no part of `check`; where that can't be
# reached, or doesn't know a package, this fails and says so.
audit: .tools/audit/bin/pip-audit
	.tools/audit/bin/pip-audit --requirement constraints.txt --no-deps --disable-pip --strict --progress-spinner off

.tools/audit/bin/pip-audit:
	$(PYTHON) -m venv .tools/audit
	.tools/audit/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1

# What others wrote and our xAPI statements are tried against: a validator and a learning record store, each on its own.
tools: .tools/installed

.tools/installed: .tools/validator-installed .tools/store-installed
	touch $@

.tools/validator-installed: Makefile
	npm install --silent --no-audit --no-fund --no-package-lock --prefix .tools @learninglocker/xapi-validation@3.0.0
	touch $@

.tools/store-installed: Makefile
	$(PYTHON) -m venv .tools/ralph
	.tools/ralph/bin/python -m pip install --quiet --disable-pip-version-check "ralph-malph[backend-lrs,lrs,cli,full]==5.1.0"
	touch $@

# Once installed, nothing here needs the network.
.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt "setuptools>=65" wheel
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -c constraints.txt -e ".[dev]"
	touch $@
