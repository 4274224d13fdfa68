# Every command of the project. `make` alone lists them.

PYTHON ?= python3
JOBS ?= 2
BIN := .venv/bin
RUNS := .venv/.runs
DEVELOPS := .venv/.develops

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help demo up status test chaos bench-pipeline bench-grading humaneval check lint audit format shell psql lock clean

help:  ## show this list
	@echo "Creathon: an interactive learning platform. What you can type:"
	@echo
	@grep -hE '^[a-z.-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'
	@printf '  ./flask %-11s %s\n' 'content ...' 'write, check, publish and rejudge challenges: docs/authoring.md'
	@echo
	@echo "  Variables: PYTHON=python3.11 (makes .venv), JOBS=2 and ARGS=\"-k name\" (tests), PORT=8000 (up, demo)."

demo: $(RUNS)  ## watch the main job happen for real: submissions graded live, then everything stops
	@$(BIN)/python -m deploy.local demo

up: $(RUNS)  ## start everything and stay in the foreground; Ctrl-C stops it, the data stays
	@$(BIN)/python -m deploy.local up

status: $(RUNS)  ## say whether the stack runs, and where
	@$(BIN)/python -m deploy.local status || true

test: $(DEVELOPS)  ## run all tests on servers of their own; ARGS="tests/unit -k login" chooses
	@$(BIN)/pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder $(ARGS)

chaos: $(DEVELOPS)  ## kill everything while learners hand in, count what is lost; ARGS="--seed 7"
	@$(BIN)/python -m tests.chaos $(ARGS)

bench-pipeline: $(DEVELOPS)  ## measure the whole pipeline beside raw Celery; ARGS="--quick" for a short run
	@$(BIN)/python -m benchmarks.pipeline $(ARGS)

bench-grading: $(DEVELOPS)  ## measure grading beside bare runs of the same programs
	@$(BIN)/python -m benchmarks.grading $(ARGS)

humaneval: $(DEVELOPS)  ## grade HumanEval's 164 problems and say how strong their tests are; ARGS="--quick 20"
	@$(BIN)/python -m benchmarks.humaneval $(ARGS)

check: lint audit test  ## all that must be green before a change is accepted: lint, audit, then the tests

lint: $(DEVELOPS)  ## format, ruff, import contracts and types, without the tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy

audit: $(DEVELOPS)  ## check the locked dependencies; ARGS=--strict fails where no vulnerability service answers
	@$(BIN)/python -m deploy.audit $(filter --strict,$(ARGS))

format: $(DEVELOPS)  ## format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

shell: $(RUNS)  ## a Python shell of the application
	@$(BIN)/python -m deploy.local run -- flask shell

psql: $(RUNS)  ## a psql session in the local database
	@$(BIN)/python -m deploy.local psql

lock:  ## renew the locked requirements from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --python-version 3.11 --universal --generate-hashes --upgrade \
	  --no-header -o requirements.txt
	uv pip compile pyproject.toml --group dev --python-version 3.11 --universal --generate-hashes \
	  --no-header -c requirements.txt -o requirements-dev.txt

clean:  ## remove .venv, caches and the stack's data (also root's under /var/lib); stops at a running stack
	@$(firstword $(wildcard $(BIN)/python) $(PYTHON)) -m deploy.local.clean
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .schemathesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. The stamps make a second run instant; a changed lock file installs what changed.

.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Creathon needs Python 3.11 or newer, and $(PYTHON) is not. Name one: make PYTHON=python3.11 ..."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "This Python cannot make environments. Install its venv package (Debian: python3-venv),"; \
	  echo "or name another one: make PYTHON=/path/to/python3.11 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

$(RUNS): requirements.txt | .venv/.made
	@echo "installing the locked dependencies into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEVELOPS): requirements-dev.txt | .venv/.made
	@echo "installing the locked dependencies, the developers' too, into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ $(RUNS)
