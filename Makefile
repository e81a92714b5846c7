# The four things to know:  make run   make test   make setup   make lock
# `make run ARGS="--port 8001"` passes options on to `nhipcau run`.

PYTHON := $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; break; fi; done)
ARGS ?=
LOCK := build/lock/bin/uv pip compile --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-emit-find-links --no-header --quiet

.PHONY: help setup setup-run run test lock clean python
help:
	@sed -n '1,2s/^# //p' Makefile

python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later is needed and was not found." >&2; exit 1; }

# Install what `make run` and `make test` need; nothing happens when nothing changed.
setup: python
	@$(PYTHON) tools/bootstrap.py --dev

setup-run: python
	@$(PYTHON) tools/bootstrap.py

# Start the product with its own database and the demo on 127.0.0.1:8000.
run: setup-run
	@.venv/bin/nhipcau run $(ARGS)

# Everything that proves the project.
test: setup
	@.venv/bin/python tools/check.py $(ARGS)

# Choose versions anew from pyproject.toml and note their hashes.
# To move one package: make lock ARGS="--upgrade-package django". All of them: make lock ARGS=--upgrade
lock: python
	@test -x build/lock/bin/uv || { $(PYTHON) -m venv build/lock && build/lock/bin/pip install --quiet uv; }
	$(LOCK) $(ARGS) -o requirements.lock pyproject.toml
	$(LOCK) $(ARGS) -c requirements.lock --group dev -o requirements-dev.lock pyproject.toml
	$(LOCK) $(ARGS) --group node -o requirements-node.lock

# Remove what setup made; the state folder with the database stays.
clean:
	rm -rf .venv build node_modules static/dist
