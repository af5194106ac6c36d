# The commands of Jiheng. `make run` starts it, `make test` checks it; `make help` lists the rest.

PYTHON ?= python3
PORT ?= 8000
BIND ?= 127.0.0.1
# Processes that run the tests side by side.
WORKERS ?= 2
# More words for pytest: make test ARGS="-k rectification"
ARGS ?=
# What `make bench` measures: make bench PARTS=bench.checking ARGS="--rounds 5"
PARTS ?= bench bench.checking bench.importing bench.launching

VENV = .venv/bin/python
UV = .venv/bin/uv
TEMPLATES = $(shell find templates -name '*.html')
TOOLS = TESTING=1 $(VENV)

.PHONY: help run demo-reset test lint format tools bench screenshots messages lock

help:  ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /  make \1\t/'

run:  ## start the program: make run PORT=8000 BIND=127.0.0.1
	@$(PYTHON) scripts/bootstrap.py run --bind "$(BIND)" --port "$(PORT)"
	@exec $(VENV) -m config.supervisor --bind "$(BIND)" --port "$(PORT)"

demo-reset:  ## forget all that was entered and load the demonstration afresh
	@$(PYTHON) scripts/bootstrap.py run
	@CONFIRM="$(CONFIRM)" $(VENV) -m config.demo_reset

test: lint  ## check everything
	@$(VENV) -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

lint: tools  ## check style, types and templates
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check --quiet .
	@$(TOOLS) -m mypy
	@$(TOOLS) -m djlint --lint --quiet templates
	@.venv/bin/djade --check $(TEMPLATES)

format: tools  ## rewrite code and templates in the common style
	@$(VENV) -m ruff check --fix --quiet .
	@$(VENV) -m ruff format --quiet .
	@.venv/bin/djade $(TEMPLATES)

tools:
	@$(PYTHON) scripts/bootstrap.py test

bench: tools  ## measure an approval beside bare viewflow, the checks, an import and a launch
	@status=0; for part in $(PARTS); do $(VENV) -m $$part $(ARGS) || status=$$?; done; exit $$status

screenshots: tools  ## make the pictures of the README
	@$(VENV) -m scripts.screenshots

messages: tools  ## collect the texts to translate
	@$(TOOLS) manage.py makemessages --locale zh_Hans --no-wrap --add-location file --ignore var --ignore node_modules

lock: tools  ## renew the lock files from requirements*.in and package.json
	@for name in requirements-uv requirements requirements-dev; do \
		$(UV) pip compile --quiet --upgrade --generate-hashes --python-version 3.11 --no-header --no-emit-index-url \
			--output-file $$name.lock $$name.in > /dev/null || exit 1; \
	done
	@npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund
