# Mantis: everything a person does, as make targets. The logic is in ops/ (TypeScript).
# Settings: mantis.yaml, MANTIS_* variables, or lines MANTIS_NAME=value in .env (no quotes).

SHELL := /bin/bash
.SHELLFLAGS := -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# .env fills in what the shell does not say: without the override, a line in .env would win.
ifneq (,$(wildcard .env))
$(foreach name,$(filter MANTIS_% KUBE_%,$(.VARIABLES)),\
  $(if $(filter environment%,$(origin $(name))),$(eval override $(name) := $$(value $(name)))))
include .env
export $(filter MANTIS_% KUBE_%,$(.VARIABLES))
endif

OPS := node --import tsx ops/cli.ts
# Written last by the rules below, so an interrupted install is done again.
DEPS := node_modules/.mantis-installed
APP_DEPS := test-app/node_modules/.mantis-installed

.PHONY: help test lint format synth validate images kind-up kind-down grafana port-forward \
  status e2e clean node

help: ## list these targets
	@echo 'Usage: make <target>'
	@echo
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' Makefile

test: $(DEPS) $(APP_DEPS) ## lint, type check and all tests that need no cluster
	@npx --no-install biome check .
	@npx --no-install tsc --noEmit
	@npx --no-install tsc --noEmit --project test-app
	@npx --no-install jest

lint: $(DEPS) $(APP_DEPS) ## lint, formatting and types
	@npx --no-install biome check .
	@npx --no-install tsc --noEmit
	@npx --no-install tsc --noEmit --project test-app

format: $(DEPS) ## put every file into the house format
	@npx --no-install biome check --write .

synth: $(DEPS) ## write the manifests: defaults to dist/, your own settings to .build/manifests
	@out=$$($(OPS) synth-dir) && echo "manifests go to $$out/" && \
	  CDK8S_CHECK_UPGRADE=false npx --no-install cdk8s synth --output "$$out"

validate: $(DEPS) ## check configs and manifests with the components' own programs
	@npx --no-install jest test/validate
	@$(OPS) dry-run

images: $(DEPS) ## list every container image, and whether it is on this machine
	@$(OPS) images

kind-up: $(DEPS) ## local cluster with the whole stack; safe to run again
	@$(OPS) kind-up

kind-down: $(DEPS) ## delete the local cluster and all it stores
	@$(OPS) kind-down

grafana: $(DEPS) ## connect to Grafana; prints its URL and login
	@$(OPS) grafana

port-forward: $(DEPS) ## connect to all interfaces of the stack until Ctrl-C
	@$(OPS) port-forward

status: $(DEPS) ## what runs, what is stored, where; fails if something is not ready
	@$(OPS) status

e2e: $(DEPS) ## tests against the running cluster (make kind-up first)
	@$(OPS) status
	@npx --no-install jest --config jest.e2e.config.js --runInBand

clean: ## remove what was built; keeps dist/, node_modules and the cluster
	@rm -rf .build coverage

node:
	@command -v node >/dev/null && command -v npm >/dev/null || { \
	  echo 'node or npm is not on PATH: install Node.js 20.19 or newer (https://nodejs.org)' >&2; \
	  exit 1; }
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); \
	  if (a > 20 || (a === 20 && b >= 19)) process.exit(0); \
	  console.error("Node.js " + process.versions.node + " is too old: install 20.19 or newer (https://nodejs.org)"); \
	  process.exit(1)'

# `| node`: checked every time, but no reason to install again.
$(DEPS): package.json package-lock.json | node
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(APP_DEPS): test-app/package.json test-app/package-lock.json | node
	@npm ci --no-audit --no-fund --loglevel=error --prefix test-app
	@touch $@
