# Two commands are all one needs: `make serve` and `make test`. Both set everything up by themselves.
SHELL := /bin/bash
PYTHON := .venv/bin/python
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 2
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export PYTHONWARNINGS := ignore
export OPENBLAS_NUM_THREADS := 1
export SANIC_HOST ?= 127.0.0.1

.PHONY: help setup build train knowledge serve actions ask shell wechat-sim test check eval bench clean

help:  ## what one can do here
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

setup: .venv/complete  ## make .venv from the pinned lock

.venv/complete: requirements.lock
	@command -v python3.10 >/dev/null || { echo "Python 3.10 is needed (python3.10 was not found)"; exit 1; }
	@echo "setting up .venv (a few minutes, once)"
	python3.10 -m venv .venv
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --requirement requirements.lock
	@touch $@

knowledge: setup  ## build the database, if the guides changed
	@$(PYTHON) -m knowledge build --if-changed

train: setup  ## train the model, if what it learns from changed
	@$(PYTHON) -m bot train --if-changed

build: knowledge train  ## both

serve: build  ## answer questions on http://127.0.0.1:5005
	@$(PYTHON) -m bot serve

actions: knowledge  ## the actions as a server of their own, beside a stock `rasa run`
	@$(PYTHON) -m rasa run actions --actions bot.actions

ask: build  ## answer once: make ask Q="住院费用怎么报销"
	@$(PYTHON) -m bot ask "$(Q)"

shell: build  ## talk in the terminal
	@$(PYTHON) -m bot shell

wechat-sim: build  ## chat with the WeChat account as on a phone, without an account (ARGS="--mode plain", lines from a file: < FILE)
	@$(PYTHON) -m bot.wechat_sim chat $(ARGS)

eval: build  ## measure understanding and answers on tests/evaluation (or FILES="…")
	@$(PYTHON) -m bot evaluate $(FILES)

bench: build  ## this server beside a stock Rasa set-up, trained and asked alike (or ARGS="--rounds 1 --messages 100")
	@$(PYTHON) -m bench.stock $(ARGS)

check: setup  ## style, types and data
	@$(PYTHON) -m ruff check .
	@$(PYTHON) -m ruff format --check --quiet .
	@$(PYTHON) -m mypy
	@$(PYTHON) -m knowledge check
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory node_modules/complete && npm run --silent check; \
	elif [ -n "$$CI" ]; then echo "npm is needed: it checks the widget"; exit 1; else echo "no npm: the widget is not checked"; fi
	@$(PYTHON) -m rasa data validate --fail-on-warnings 2>&1 | tail -n 3; exit $${PIPESTATUS[0]}

node_modules/complete: package-lock.json
	npm ci --silent
	@touch $@

test: check build  ## everything that must hold
	@$(PYTHON) -m pytest --numprocesses 2 --dist loadgroup --no-loadscope-reorder

clean:  ## forget what was built
	rm -rf .venv models build .rasa results knowledge/knowledge.sqlite
