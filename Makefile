# Two commands matter: `make refresh` and `make test`. Both set up by themselves.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
DEV := $(VENV)/dev
export PATHWAYS_HOME ?= $(CURDIR)/state
WAREHOUSE = $(PATHWAYS_HOME)/builds/candidate/warehouse.duckdb

.PHONY: refresh test test-browser test-engines soak ui lint docs bench clean

refresh: $(READY) ## the main job on the sample returns
	@$(BIN)/pathways init --sample
	@$(BIN)/pathways refresh

ui: $(READY) ## Dagster's own page on the same home
	@$(BIN)/pathways init --sample
	@$(BIN)/pathways ui

test: $(DEV) ## everything that must hold before a change lands
	@$(BIN)/python -m pytest -n 2 --dist worksteal

test-browser: $(DEV) ## the pages and the Dagster UI as people use them
	@command -v chromium >/dev/null || { apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } || \
		{ echo "This needs Chromium. As root: apt-get install chromium"; exit 2; }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-browser.lock
	@$(BIN)/python -m pytest -m browser tests/browser

test-engines: $(DEV) ## what holds on the default engines, on others: the control store in Postgres, the models on Spark
	@ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || \
		{ apt-get update -qq && apt-get install -y -qq postgresql >/dev/null; } || \
		{ echo "This needs Postgres. As root: apt-get install postgresql"; exit 2; }
	@command -v java >/dev/null || { apt-get update -qq && apt-get install -y -qq openjdk-17-jre-headless >/dev/null; } || \
		{ echo "This needs Java 17. As root: apt-get install openjdk-17-jre-headless"; exit 2; }
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-postgres.lock -r requirements-spark.lock
	@$(BIN)/python -m pytest -m engines

soak: $(DEV) ## kills of the real refresh and fuzzing, at length
	@$(BIN)/python -m pytest -m soak

lint: $(DEV) ## style, types, SQL, imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/sqlfluff lint -q dbt_project/models dbt_project/tests expectations
	$(BIN)/lint-imports

docs: $(DEV) ## the generated pages, and dbt's own page on the models of the last build
	@$(BIN)/python -m docs.generate
	@test -e $(WAREHOUSE) || { echo "There is no build yet. Run make refresh first."; exit 2; }
	@PATHWAYS_WAREHOUSE=$(WAREHOUSE) $(BIN)/dbt docs generate --quiet --static \
		--project-dir dbt_project --profiles-dir dbt_project --target-path target/docs
	@echo "Open dbt_project/target/docs/static_index.html"

bench: $(DEV) ## timings as ratios, written to bench/results.json
	@$(BIN)/python -m bench

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Pathways needs Python 3.11, 3.12 or 3.13. Name one: make PYTHON=python3.13"; exit 2; }
	@echo "Setting up in $(VENV), once"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --editable .
	@touch $@

$(DEV): $(READY) requirements-dev.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -r requirements-dev.lock
	@touch $@

clean: ## forget the environment; the home stays
	rm -rf $(VENV)
