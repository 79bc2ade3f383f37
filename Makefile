# What contributors run; CONTRIBUTING.md explains it. Run `make` in the environment that the harness is installed in.
PYTHON ?= python

.PHONY: help check test docs site pictures owner stranger schemas goldens bench

help:
	@grep -E '^[a-z]+:.*##' Makefile | sed 's/:.*## /\t/'

check: ## style, types, layers and goldens; under a minute
	ruff check .
	ruff format --check .
	mypy harness extractors goldens/builder
	lint-imports
	harness check

test: ## all tests but the slow ones
	$(PYTHON) -m pytest

docs: ## console examples, recipes and links of the documentation
	$(PYTHON) -m pytest -m "slow or not slow" -k "docs or recipes"

site: ## the documentation as a site, in site/; fails on a dead link (extra docs)
	NO_MKDOCS_2_WARNING=1 mkdocs build --strict

pictures: ## the pictures of README.md, in docs/images (Chromium; the releases of .ci/constraints.txt)
	$(PYTHON) .ci/pictures.py

owner: ## write who publishes the project into every address of it: make owner NAME=ann
	$(PYTHON) .ci/owner.py $(NAME)

stranger: ## twelve tasks of a new user, with the built package in a new environment; a minute or two
	$(PYTHON) .ci/stranger.py

schemas: ## docs/schemas, from the types that files are read with
	$(PYTHON) -m harness.schemas docs/schemas

goldens: ## goldens/web and goldens/web-heldout, from goldens/sites (extra scorecard)
	$(PYTHON) -m goldens.builder

bench: ## what the harness costs, as a table; with HARNESS_DATASETS=FOLDER also on public datasets
	$(PYTHON) -m benchmarks
