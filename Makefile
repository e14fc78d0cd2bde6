# The verbs that people type. The work is in ops/ (TypeScript); `./mantis --help` lists every command.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory

# Settings of this machine, as lines MANTIS_NAME=value without quotes. Of .env only settings and the
# choice of cluster are passed on, and what the shell says wins: hence the override.
ifneq (,$(wildcard .env))
$(foreach name,$(filter MANTIS_% KUBE_CONTEXT,$(.VARIABLES)),\
  $(if $(filter environment%,$(origin $(name))),$(eval override $(name) := $$(value $(name)))))
include .env
endif
export $(filter MANTIS_% KUBE_CONTEXT,$(.VARIABLES))

MANTIS := node --import tsx ops/cli.ts
# Both are reinstalled when a lockfile changes.
INSTALLED := node_modules/.installed test-app/node_modules/.installed

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@echo
	@echo '  ./mantis --help     every command, with more options (status, diff, port-forward, images, ...)'
	@echo '  npm run             the scripts for developing Mantis (format, docs, drill, e2e:alerts, ...)'

test: $(INSTALLED) ## install dependencies; lint, check types, and run every test that needs no cluster
	@npx biome check .
	@npx tsc --noEmit
	@npx tsc --noEmit -p test-app
	@npx jest

lint: $(INSTALLED) ## check style and types
	@npx biome check .
	@npx tsc --noEmit
	@npx tsc --noEmit -p test-app
	@if command -v shellcheck >/dev/null; then shellcheck -x mantis scripts/*.sh; else echo 'SKIPPED: shellcheck is not installed'; fi

synth: $(INSTALLED) ## write the manifests: dist/ for the defaults, .build/manifests for your own settings
	@out=$$($(MANTIS) synth-dir) && CDK8S_CHECK_UPGRADE=false npx cdk8s synth --output "$$out"

validate: $(INSTALLED) ## check each configuration with its own program
	@node --import tsx bench/cli.ts extract-programs
	@MANTIS_BIN=".build/bin:$${MANTIS_BIN:-}" npx jest test/validate

scan: $(INSTALLED) ## scan the manifests with checkov and kube-score; needs python3 and go
	@scripts/scan.sh

# SSH=user@host or user@host:port uses the kubectl of another machine.
REMOTE = $(if $(SSH),--ssh "$(SSH)")
UNLOCK = $(if $(FORCE_UNLOCK),--force-unlock)

kind-up: $(INSTALLED) ## bring everything up on a local kind cluster, and verify that telemetry arrives
	@$(MANTIS) kind-up $(UNLOCK)

kind-down: $(INSTALLED) ## delete the local cluster and everything in it
	@$(MANTIS) kind-down

WAIT ?= 10m
deploy: $(INSTALLED) ## deploy to any cluster, and roll back if that fails: make deploy KUBE_CONTEXT=… SSH=user@host YES= DRY_RUN= JSON=
	@$(MANTIS) deploy --wait "$(WAIT)" $(REMOTE) $(UNLOCK) $(if $(YES),--yes) $(if $(DRY_RUN),--dry-run) $(if $(JSON),--json)

undeploy: $(INSTALLED) ## remove Mantis from a cluster, and with VOLUMES=1 also its data: make undeploy KUBE_CONTEXT=… SSH= YES= VOLUMES=
	@$(MANTIS) undeploy $(REMOTE) $(UNLOCK) $(if $(YES),--yes) $(if $(VOLUMES),--volumes)

TIMEOUT ?= 15s
doctor: $(INSTALLED) ## follow telemetry through the stack, and name the broken hop: make doctor TIMEOUT=15s INSIDE= SSH= JSON=
	@$(MANTIS) doctor --timeout "$(TIMEOUT)" $(REMOTE) $(if $(INSIDE),--inside) $(if $(JSON),--json)

grafana: $(INSTALLED) ## connect to Grafana, and print its URL and login
	@$(MANTIS) grafana $(REMOTE)

RATE ?= 5
DURATION ?= 2m
MIX ?= default
load: $(INSTALLED) ## run a k6 load test against the test app: make load RATE=5 DURATION=2m MIX=default
	@$(MANTIS) load start --rate "$(RATE)" --duration "$(DURATION)" --mix "$(MIX)"

FOR ?= 5m
fault: $(INSTALLED) ## inject a fault into the test app for a limited time: make fault NAME=error-rate FOR=5m OPTIONS="rate=0.5"
	@$(MANTIS) fault start "$(NAME)" $(OPTIONS) --for "$(FOR)" $(if $(ROLE),--role "$(ROLE)")

ARCHIVES = $(if $(DIR),--dir "$(DIR)") $(if $(ONLY),--only "$(ONLY)")
SECRET_OPTIONS = $(if $(SECRETS),--secrets) $(if $(PASSPHRASE_FILE),--passphrase-file "$(PASSPHRASE_FILE)")
backup: $(INSTALLED) ## back up the stores: make backup KEEP=7 ONLY=loki,tempo SECRETS=1 S3=s3://bucket/prefix
	@$(MANTIS) backup create $(ARCHIVES) $(SECRET_OPTIONS) $(if $(S3),--s3 "$(S3)") $(if $(KEEP),--keep "$(KEEP)")

restore: $(INSTALLED) ## restore the stores from a backup: make restore FILE=latest SECRETS=1
	@$(MANTIS) restore "$(or $(FILE),$(error FILE is missing: make restore FILE=latest; ./mantis backup list lists them))" $(ARCHIVES) $(SECRET_OPTIONS) $(UNLOCK) $(if $(YES),--yes)

e2e: $(INSTALLED) ## run the end-to-end tests on the running cluster
	@$(MANTIS) status
	@npx jest --config jest.e2e.config.js --runInBand

node_modules/.installed: package-lock.json package.json | require-node
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

test-app/node_modules/.installed: test-app/package-lock.json test-app/package.json | require-node
	@npm ci --no-audit --no-fund --loglevel=error --prefix test-app
	@touch $@

require-node:
	@command -v npm >/dev/null || { echo 'node or npm is not on PATH: install Node.js 24 (20.19 or newer will do)' >&2; exit 1; }
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); if (a < 20 || (a === 20 && b < 19)) { console.error("Node " + process.versions.node + " is too old: install Node.js 24 (20.19 or newer will do)"); process.exit(1); }'

.PHONY: help test lint synth validate scan kind-up kind-down deploy undeploy doctor grafana load fault backup restore e2e require-node
