# One command a chore; each calls one small script. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON_HERE := .venv/bin/python

.PHONY: help
help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: ## Set up everything for work on the project (seconds when nothing changed)
	@tools/setup

.PHONY: setup-demo
setup-demo: ## Set up only what running it needs
	@tools/setup demo

.PHONY: demo
demo: setup-demo ## Start app, scheduler and desk simulator; Ctrl-C ends all
	@exec $(PYTHON_HERE) tools/demo.py

.PHONY: demo-postgres
demo-postgres: setup-demo ## The same on a private PostgreSQL, with two workers that share the work
	@exec $(PYTHON_HERE) -m tools.demo_postgres

.PHONY: test
test: setup ## Run all tests but the slow ones, on SQLite and PostgreSQL
	@tools/run-tests "not slow"

.PHONY: test-slow
test-slow: setup ## Run the slow tests: kills, fuzzing, long runs
	@tools/run-tests "slow"

.PHONY: coverage
coverage: setup ## Run the tests of `make test` and show which lines none of them runs
	@tools/run-tests "not slow" --cov --cov-report=term:skip-covered

.PHONY: check
check: setup ## Check format, lint, types and layers
	@tools/check

.PHONY: bench
bench: setup ## Run the benchmarks (BENCH=prefix runs some)
	@exec $(PYTHON_HERE) -m bench

.PHONY: simulate
simulate: setup ## Simulate a year with people, crashes and silences; build/simulation/report.html
	@exec $(PYTHON_HERE) -m bench.simulate $(SIMULATE)

.PHONY: docs
docs: setup ## Renew the parts of docs/ that are drawn from the code
	@$(PYTHON_HERE) -m tools.configuration_docs
	@$(PYTHON_HERE) -m tools.architecture_docs

.PHONY: learn
learn: setup ## Learn reading anew from the corpus and compare (LEARN=--product replaces bot/data/model.json)
	@tools/setup learn
	@XMZ_MODE=demo exec .venv/bin/flask learn $(LEARN)

.PHONY: lock
lock: ## Pin the newest allowed versions of all dependencies, with hashes
	@tools/lock

.PHONY: clean
clean: ## Remove what make made (not var/, which holds data)
	@tools/clean
