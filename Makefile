# Everything this repository can do, by name. `make help` lists it.
# Nothing here names a package registry: pip and apt use what this machine is set up with.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.ONESHELL:

# Each process that a test or a campaign starts finds the program compiled, whatever is set outside.
export PYTHONDONTWRITEBYTECODE :=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
OUT ?= out

# What Qt's window and its print and sound parts load from Debian (measured on a bare Debian 12).
PACKAGES := libegl1 libgl1 libx11-6 libdbus-1-3 libfontconfig1 libglib2.0-0 libxkbcommon0 \
  libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxkbcommon-x11-0 libxcb-shape0 libxcb-xkb1 \
  libxcb-image0 libxcb-render-util0 libcups2 libpulse0 libxrandr2
# What the suite starts besides: a screen, the regency's database, readers of PDF and web pages,
# and what makes disks and clocks fail.
TEST_PACKAGES := xvfb xauth xdotool postgresql-15 poppler-utils chromium libzbar0 \
  strace faketime
# PyInstaller looks into libraries with objdump, and Debian's own Python needs its shared library.
BUILD_PACKAGES := binutils libpython3.11

# What does not wait for one another, each one's output in one piece.
TOGETHER := $(MAKE) --no-print-directory --jobs=2 --output-sync=target

# With no screen of its own, a command that draws windows gets a virtual one.
SCREEN = $(if $(DISPLAY)$(WAYLAND_DISPLAY),,xvfb-run -a -s "-screen 0 1366x768x24")

.PHONY: help install install-dev packages test-packages build-packages run office test lint types imports \
  compiled suite gallery screens bench faults faults-ci controls build folder smoke lock check-lock clean

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

install: packages $(VENV)/.installed ## .venv with `enumerator` and `district-server`

# Debian's packages come while Python's do: either leaves a processor idle.
install-dev: $(BIN)/python ## the same with everything the suite needs
	@$(TOGETHER) test-packages $(VENV)/.installed-dev

run: install ## the whole job on sample data: in windows where there is a screen
	$(BIN)/enumerator demo

office: install ## the same, and then the sample office's pages in a browser until Enter
	$(BIN)/enumerator demo --stay

test: install-dev ## style, types, import rules and all tests
	@$(TOGETHER) lint types imports compiled
	$(MAKE) --no-print-directory suite

lint:
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types:
	$(BIN)/mypy

imports:
	$(BIN)/lint-imports

# All tests, compiled once: each process of the suite would do it for itself.
compiled:
	@said=$$($(BIN)/python -m pytest --collect-only --quiet -m "not slow" 2>&1) || { echo "$$said" | tail -50; exit 1; }

# What tests write is thrown away: where memory has room for it, they wait for no disk.
suite:
	free=$$(df --output=avail -BM /dev/shm 2>/dev/null | tail -1 | tr -dc 0-9)
	if [ "$${free:-0}" -ge 4096 ]; then
	  TMPDIR=$$(mktemp -d /dev/shm/suite.XXXXXX); export TMPDIR; chmod 755 "$$TMPDIR" # PostgreSQL is another user
	  trap 'rm -rf "$$TMPDIR"' EXIT
	fi
	$(BIN)/python -m pytest -n $$(nproc) --dist worksteal -m "not slow"

gallery: install ## every control in every state, as pictures in out/gallery
	$(SCREEN) $(BIN)/python -m enumerator_app.ui.kit.gallery --output $(OUT)/gallery

screens: install-dev ## the pictures of the manual, taken anew from the running program
	$(SCREEN) $(BIN)/python -m tests.screens --output docs/pictures
	$(BIN)/python -m tests.office_screens --output docs/pictures

bench: install-dev ## the yardsticks, beside their rivals; figures in out/bench
	mkdir -p $(OUT)/bench
	for file in tests/benchmarks/bench_*.py; do
	  name=$$(basename "$$file" .py)
	  $(SCREEN) $(BIN)/python -m "tests.benchmarks.$$name" | tee "$(OUT)/bench/$$name.json"
	done

faults: install-dev ## the long campaigns and their controls: kills, cuts, bad disks
	for file in $$(grep -lE 'import argparse$$|= campaign_options\(' tests/faults/*.py); do
	  name=$$(basename "$$file" .py)
	  case "$$name" in reporting|controls|protocol_controls) continue ;; esac
	  $(SCREEN) $(BIN)/python -m "tests.faults.$$name"
	done
	$(BIN)/python -m tests.faults.kill_syncs --kills 1000 --postgres 300 --lanes 2
	$(BIN)/python -m pytest -n auto -m slow || test $$? -eq 5 # 5: no test is marked slow
	$(MAKE) controls

controls: install-dev ## each protection taken away in turn: its campaign or test must notice
	$(SCREEN) $(BIN)/python -m tests.faults.controls
	$(BIN)/python -m tests.faults.protocol_controls
	$(BIN)/python -m tests.faults.real_model --control

# Two lanes for two cores: what mostly waits beside what mostly computes.
faults-ci: install-dev ## the same campaigns in small, in less than eight minutes on two cores
	(
	$(BIN)/python -m tests.faults.kill_register --rows 60 --kills 4
	$(BIN)/python -m tests.faults.kill_saves --kills 300
	$(BIN)/python -m tests.faults.kill_syncs --kills 150
	$(BIN)/python -m tests.faults.kill_syncs --kills 30 --postgres 10
	$(BIN)/python -m tests.faults.cut_syncs --syncs 200
	$(BIN)/python -m tests.faults.slow_line --people 60 --true-speed 0
	$(BIN)/python -m tests.faults.cursor_race --duration 8
	$(BIN)/python -m tests.faults.drills --people 60
	) & waiting=$$!
	$(BIN)/python -m tests.faults.real_model --worlds 10
	$(BIN)/python -m tests.faults.flip_cards --cards 20
	$(BIN)/python -m tests.faults.mangle_codes --codes 10000
	$(BIN)/python -m tests.faults.fuzz_server --inputs 10000
	$(BIN)/python -m tests.faults.as_described --cases 600
	$(SCREEN) $(BIN)/python -m tests.faults.kill_typing --kills 20
	$(BIN)/python -m tests.faults.power_cuts --cuts 1000
	$(BIN)/python -m tests.faults.damaged_files --files 1000
	$(BIN)/python -m tests.faults.system_calls --most 1 --most-minutes 1
	$(BIN)/python -m tests.faults.full_disk --sizes 8
	$(BIN)/python -m tests.faults.starts --starts 120
	$(BIN)/python -m tests.faults.clocks --scenarios 8
	wait $$waiting

build: install-dev build-packages ## one folder that runs without Python, then tried
	$(MAKE) --no-print-directory folder
	$(MAKE) --no-print-directory smoke

folder:
	$(BIN)/pyinstaller --noconfirm --clean --log-level WARN --distpath dist --workpath build build_installer.spec

smoke: ## try the built folder
	dist/tani-pendata/enumerator --help >/dev/null
	dist/tani-pendata/district-server --help >/dev/null
	if find dist/tani-pendata -path '*/plugins/*.so' -exec ldd {} + 2>/dev/null | grep 'not found'; then exit 1; fi
	QT_QPA_PLATFORM=offscreen env -u DISPLAY -u WAYLAND_DISPLAY dist/tani-pendata/enumerator demo --workers 5

lock: install-dev ## the two locks anew from pyproject.toml
	$(BIN)/uv pip compile $(LOCK_OPTIONS) --extra build -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile $(LOCK_OPTIONS) --all-extras -c requirements.lock -o requirements-dev.lock pyproject.toml

LOCK_OPTIONS := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-emit-find-links --no-header --no-annotate

# pip reads the markers of this machine, so the lock is first told which platform it is for.
check-lock: ## whether each locked file exists for Linux and for Windows
	scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT
	only='/^[^ ]/ { keep = !/sys_platform == / || $$0 ~ "sys_platform == ." os; sub(/ ;[^\\]*/, "") } keep'
	awk -v os=linux "$$only" requirements-dev.lock >"$$scratch/linux.lock"
	awk -v os=win32 "$$only" requirements-dev.lock >"$$scratch/windows.lock"
	fetch="$(PIP) download --quiet --no-deps --require-hashes --only-binary=:all: --python-version 3.11"
	$$fetch --dest "$$scratch/linux" -r "$$scratch/linux.lock" \
	  $$(printf -- '--platform manylinux_2_%s_x86_64 ' 34 28 27 26 24 17 12 5) \
	  --platform manylinux2014_x86_64 --platform manylinux2010_x86_64 --platform manylinux1_x86_64
	$$fetch --dest "$$scratch/windows" -r "$$scratch/windows.lock" --platform win_amd64
	echo "Linux: $$(ls "$$scratch/linux" | wc -l) files, Windows: $$(ls "$$scratch/windows" | wc -l) files"

clean: ## remove what was built, keep .venv
	rm -rf build dist $(OUT) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find enumerator_app sync tests -name __pycache__ -type d -prune -exec rm -rf {} +

packages:
	@.ci/debian_packages $(PACKAGES)

test-packages: packages
	@.ci/debian_packages $(TEST_PACKAGES)

build-packages: packages
	@.ci/debian_packages $(BUILD_PACKAGES)

$(BIN)/python:
	.ci/make_venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes -r requirements.lock
	$(PIP) install -qq --no-deps --no-build-isolation --editable .
	touch $@

# Compiled where it is first needed: most of it never is.
$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(PIP) install --quiet --no-compile --require-hashes -r requirements-dev.lock
	touch $@
