# Every target makes .venv first. TORCH=cuda asks for torch's GPU build, PYTHON=... for an interpreter.
SHELL := /bin/sh
VENV := .venv
READY := $(VENV)/.ready
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PYDEVD_DISABLE_FILE_VALIDATION := 1
.DELETE_ON_ERROR:
.PHONY: help setup course assignments grade book prove test quick lint format lock clean

help: ## say what there is
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 14

$(READY): pyproject.toml constraints.txt tools/setup.sh
	@tools/setup.sh

setup: $(READY) ## make .venv and install everything

course: $(READY) ## the main job: prove, build, grade the sample class, build the book
	@python tools/course.py

assignments: $(READY) ## prove the exercises and build assignments/
	@autograder build

grade: $(READY) ## grade the sample class
	@python tools/course.py assignments class grade

book: $(READY) ## build the book into build/book/html
	@python tools/course.py assignments book

prove: $(READY) ## show that the tests catch every wrong solution
	@autograder prove

test: $(READY) lint ## all tests
	@pytest -q -n 2

quick: $(READY) lint ## the tests for daily work, under two minutes
	@pytest -q -n 2 -m "not slow and not browser"

lint: $(READY) ## style, types and the order of imports
	@ruff check -q .
	@ruff format -q --check .
	@said=$$(pyright --warnings) || { echo "$$said"; exit 1; }
	@said=$$(lint-imports) || { echo "$$said"; exit 1; }

format: $(READY) ## put the code into its format
	@ruff check -q --fix . && ruff format -q .

lock: ## write constraints.txt anew
	@tools/lock.sh

clean: ## remove what can be made again (not .venv, not the secret of the hidden cases)
	rm -rf build
