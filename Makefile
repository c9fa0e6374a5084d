# From a clone to a running house: `make up`. Everything that is installed or trained is
# remembered by a stamp file, so that nothing is done twice. README.md says more.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

# Compiled modules are wanted: without them every start of Rasa takes 9 s more.
unexport PYTHONDONTWRITEBYTECODE
# Another Python's modules, or another environment, would get in the way.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV
# The two Pythons are the machine's own (see scripts/find-python), never a download.
export UV_PYTHON_DOWNLOADS := never

APP := .venv/bin/python
RASA := .venv-rasa/bin/python
UV := .tools/bin/uv
STEP := scripts/step
INSTALL := pip install --quiet --require-hashes

.PHONY: up test check train bench lock clean clean-data pythons install install-dev

up: install
	@exec $(APP) -m bot.cli up

train: install
	@exec $(APP) -m bot.cli train

# Browsers and whole houses come last and one at a time: they need the machine for themselves.
test: install-dev train
	$(APP) -m pytest tests --ignore=tests/engine --ignore=tests/e2e -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
	$(APP) -m pytest tests/e2e
	$(RASA) -m pytest --confcutdir=tests/engine tests/engine

check: install-dev
	.venv/bin/ruff format --check
	.venv/bin/ruff check
	.venv/bin/mypy
	.venv/bin/mypy --config-file bot/engine/mypy.ini --python-executable $(RASA) -p bot.engine
	.venv/bin/lint-imports

# About an hour on two cores, most of it two trainings of stock Rasa, whose models are kept
# (var/benchmarks).
# ARGS=--all trains it on everything, too: hours. A part alone: ARGS="--only traffic", say;
# `python -m benchmarks --help` names them.
bench: install train
	@exec $(APP) -m benchmarks $(ARGS)

# Which versions the environments hold, with the hashes of their files. Run it after a change
# of the dependencies in pyproject.toml; add ARGS=--upgrade to take newer versions.
LOCK = $(UV) pip compile --quiet --generate-hashes --no-emit-index-url --custom-compile-command "make lock" $(ARGS)
lock: $(UV)
	$(LOCK) --group pyproject.toml:tools --python-version 3.12 -o requirements/uv.txt
	$(LOCK) pyproject.toml --python-version 3.12 -o requirements/app.txt
	$(LOCK) pyproject.toml --extra dev -c requirements/app.txt --python-version 3.12 -o requirements/dev.txt
	$(LOCK) --group pyproject.toml:rasa --python-version 3.10 -o requirements/rasa.txt
	$(LOCK) --group pyproject.toml:rasa-dev -c requirements/rasa.txt --python-version 3.10 -o requirements/rasa-dev.txt

# Leaves var/ alone: orders, conversations and photos are the seller's.
clean:
	rm -rf .venv .venv-rasa .tools models .rasa *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find actions benchmarks bot scripts tests -name __pycache__ -type d -prune -exec rm -rf {} +

clean-data:
	@read -r -p "Delete var/ with all orders, conversations and photos? Type yes: " answer; \
	[[ $$answer == yes ]] && rm -rf var || echo "Nothing was deleted."

install: pythons .venv/.installed .venv-rasa/.installed

install-dev: install .venv/.installed-dev .venv-rasa/.installed-dev

pythons:
	@scripts/find-python 3.12 >/dev/null
	@scripts/find-python 3.10 >/dev/null

$(UV): requirements/uv.txt | pythons
	@$(STEP) "Fetch the installer" bash -eu -c \
		'"$$(scripts/find-python 3.12)" -m venv --clear .tools; .tools/bin/python -m pip install --quiet --require-hashes -r $<'
	@touch $@

.venv/bin/python: | $(UV)
	@$(UV) venv --quiet --clear --python "$$(scripts/find-python 3.12)" .venv

.venv-rasa/bin/python: | $(UV)
	@$(UV) venv --quiet --clear --python "$$(scripts/find-python 3.10)" .venv-rasa

# `sync` takes away what is no longer listed, the tools for development too.
.venv/.installed: requirements/app.txt pyproject.toml | .venv/bin/python
	@rm -f .venv/.installed-dev
	@$(STEP) "Install the house (.venv)" bash -eu -c \
		'$(UV) pip sync --quiet --require-hashes --python $(APP) $<; $(UV) pip install --quiet --no-deps --no-build-isolation --python $(APP) -e .'
	@touch $@

.venv-rasa/.installed: requirements/rasa.txt | .venv-rasa/bin/python
	@rm -f .venv-rasa/.installed-dev
	@$(STEP) "Install Rasa (.venv-rasa)" $(UV) pip sync --quiet --require-hashes --python $(RASA) $<
	@# Rasa calls home unless told otherwise, and `rasa test` would take its sample stories for ours.
	@echo 'import os; os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")' \
		> .venv-rasa/lib/python3.10/site-packages/makegood.pth
	@rm -rf .venv-rasa/lib/python3.10/site-packages/rasa/cli/initial_project/tests
	@touch $@

.venv/.installed-dev: requirements/dev.txt .venv/.installed
	@$(STEP) "Install the tools for development" $(UV) $(INSTALL) --python $(APP) -r $<
	@touch $@

.venv-rasa/.installed-dev: requirements/rasa-dev.txt .venv-rasa/.installed
	@$(STEP) "Install the test runner beside Rasa" $(UV) $(INSTALL) --python $(RASA) -r $<
	@touch $@
