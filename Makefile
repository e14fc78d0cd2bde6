# What people type. The work is in ops/ (TypeScript); here is only what order things happen in.
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
# Both are made anew when a lockfile changes.
INSTALLED := node_modules/.installed test-app/node_modules/.installed

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-15s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

test: $(INSTALLED) ## install what is needed; lint, types and every test without a cluster
	@npx biome check .
	@npx tsc --noEmit
	@npx tsc --noEmit -p test-app
	@npx jest

lint: $(INSTALLED) ## check style and types
	@npx biome check .
	@npx tsc --noEmit
	@npx tsc --noEmit -p test-app
	@if command -v shellcheck >/dev/null; then shellcheck -x scripts/*.sh; else echo 'SKIPPED: shellcheck is not installed'; fi

format: $(INSTALLED) ## put the sources into shape
	@npx biome check --write .

synth: $(INSTALLED) ## write the manifests: dist/ for the defaults, .build/manifests for your own settings
	@out=$$($(MANTIS) synth-dir) && CDK8S_CHECK_UPGRADE=false npx cdk8s synth --output "$$out"

docs: $(INSTALLED) ## make the generated tables, the JSON schema and .env.example anew
	@node --import tsx docs/generate.ts

validate: $(INSTALLED) ## check each configuration with its own program, and the manifests with the API server
	@$(MANTIS) programs
	@MANTIS_BIN=".build/bin:$${MANTIS_BIN:-}" npx jest test/validate
	@$(MANTIS) dry-run

scan: $(INSTALLED) ## look for weak spots in the manifests with checkov and kube-score; needs python3 and go
	@scripts/scan.sh

images: $(INSTALLED) ## list every image, and whether it is on this machine
	@$(MANTIS) images

images-save: $(INSTALLED) ## put every image into one archive, for a machine without a network: make images-save FILE=mantis-images.tar
	@$(MANTIS) images-save --file "$(or $(FILE),mantis-images.tar)"

images-load: $(INSTALLED) ## take the images out of such an archive: make images-load FILE=mantis-images.tar
	@$(MANTIS) images-load --file "$(or $(FILE),mantis-images.tar)"

digests: $(INSTALLED) ## print the setting imageDigests: the digest of each image that this machine pulled
	@$(MANTIS) digests

kind-up: $(INSTALLED) ## bring everything up on a local kind cluster, and see telemetry arrive
	@$(MANTIS) kind-up $(if $(FORCE_UNLOCK),--force-unlock)

kind-down: $(INSTALLED) ## delete the local cluster and everything in it
	@$(MANTIS) kind-down

config: $(INSTALLED) ## print every setting in force, and where it comes from
	@$(MANTIS) config

# The kubectl of another machine: SSH=user@host or user@host:port.
THERE = $(if $(SSH),--ssh "$(SSH)")
UNLOCK = $(if $(FORCE_UNLOCK),--force-unlock)
diff: $(INSTALLED) ## print what deploy would change: make diff KUBE_CONTEXT=… SSH= JSON=
	@$(MANTIS) diff $(THERE) $(if $(JSON),--json)

WAIT ?= 10m
deploy: $(INSTALLED) ## bring any cluster to what the settings say, or back to what was there before: make deploy KUBE_CONTEXT=… SSH=user@host YES= DRY_RUN= JSON=
	@$(MANTIS) deploy --wait "$(WAIT)" $(THERE) $(UNLOCK) $(if $(YES),--yes) $(if $(DRY_RUN),--dry-run) $(if $(JSON),--json)

undeploy: $(INSTALLED) ## remove what runs, and with VOLUMES=1 also what it stores: make undeploy KUBE_CONTEXT=… SSH= YES= VOLUMES=
	@$(MANTIS) undeploy $(THERE) $(UNLOCK) $(if $(YES),--yes) $(if $(VOLUMES),--volumes)

grafana: $(INSTALLED) ## connect to Grafana; prints URL and login
	@$(MANTIS) grafana $(THERE)

port-forward: $(INSTALLED) ## connect to every interface until interrupted
	@$(MANTIS) port-forward $(THERE)

status: $(INSTALLED) ## what runs, what is stored, where it is reached: make status SSH= JSON=
	@$(MANTIS) status $(THERE) $(if $(JSON),--json)

TIMEOUT ?= 15s
doctor: $(INSTALLED) ## follow a metric, a log line and a trace through the stack; names the broken hop: make doctor TIMEOUT=15s INSIDE= SSH= JSON=
	@$(MANTIS) doctor --timeout "$(TIMEOUT)" $(THERE) $(if $(INSIDE),--inside) $(if $(JSON),--json)

OVER ?= 1h
budget: $(INSTALLED) ## what comes in, what it takes on disk, how long volumes last: make budget OVER=1h JSON=
	@$(MANTIS) budget --over "$(OVER)" $(if $(JSON),--json)

RATE ?= 5
DURATION ?= 2m
MIX ?= default
load: $(INSTALLED) ## drive the test app with k6: make load RATE=5 DURATION=2m MIX=default
	@$(MANTIS) load --rate "$(RATE)" --duration "$(DURATION)" --mix "$(MIX)"

load-stop: $(INSTALLED) ## end a load test
	@$(MANTIS) load-stop

traffic: ## send the test app a little of everything, with curl alone: make traffic URL=http://localhost:8080
	@scripts/traffic.sh $(URL)

demo: $(INSTALLED) ## let a few customers into the shop of any cluster (make kind-up does)
	@$(MANTIS) demo

FOR ?= 5m
fault: $(INSTALLED) ## break the test app for a while: make fault NAME=error-rate FOR=5m OPTIONS="rate=0.5"
	@$(MANTIS) fault "$(NAME)" $(OPTIONS) --for "$(FOR)" $(if $(ROLE),--role "$(ROLE)")

fault-list: $(INSTALLED) ## the faults that are on, and those that there are
	@$(MANTIS) fault-list

fault-clear: $(INSTALLED) ## end all faults
	@$(MANTIS) fault-clear

SEVERITY ?= warning
test-alert: $(INSTALLED) ## send one alert the whole way, and say who was told: make test-alert SEVERITY=warning
	@$(MANTIS) test-alert --severity "$(SEVERITY)"

onboard: $(INSTALLED) ## what an app needs to be part of it: make onboard NAMESPACE=my-team SERVICE=my-service
	@$(MANTIS) onboard --namespace "$(NAMESPACE)" --service "$(SERVICE)"

check-app: $(INSTALLED) ## whether an app's signals arrive and lead to each other: make check-app SERVICE=shop
	@$(MANTIS) check-app --service "$(SERVICE)"

verify-delivery: RATE = 100
verify-delivery: DURATION = 30s
verify-delivery: $(INSTALLED) ## send numbered telemetry, and see that nothing acknowledged is lost: make verify-delivery RATE=100 DURATION=30s
	@$(MANTIS) verify-delivery --rate "$(RATE)" --duration "$(DURATION)"

e2e: $(INSTALLED) ## drive the app on the running cluster and read every signal back
	@$(MANTIS) status
	@npx jest --config jest.e2e.config.js --runInBand

PLACE = $(if $(DIR),--dir "$(DIR)") $(if $(S3),--s3 "$(S3)")
ARCHIVES = $(PLACE) $(if $(ONLY),--only "$(ONLY)") $(if $(HELPER_IMAGE),--helper-image "$(HELPER_IMAGE)")
SEALED = $(if $(SECRETS),--secrets) $(if $(PASSPHRASE_FILE),--passphrase-file "$(PASSPHRASE_FILE)")
backup: $(INSTALLED) ## save what the stores hold: make backup KEEP=7 ONLY=loki,tempo SECRETS=1 S3=s3://bucket/prefix
	@$(MANTIS) backup $(ARCHIVES) $(SEALED) $(if $(KEEP),--keep "$(KEEP)")

backup-list: $(INSTALLED) ## the backups there are, and what each holds
	@$(MANTIS) backup --list $(PLACE)

FILE ?=
backup-verify: $(INSTALLED) ## read backups from end to end: make backup-verify FILE=latest
	@$(MANTIS) backup --verify $(if $(FILE),"$(FILE)") $(PLACE)

restore: $(INSTALLED) ## give the stores what a backup holds: make restore FILE=latest SECRETS=1
	@$(MANTIS) restore "$(or $(FILE),$(error FILE is missing: make restore FILE=latest; make backup-list lists them))" $(ARCHIVES) $(SEALED) $(UNLOCK) $(if $(YES),--yes)

drill: $(INSTALLED) ## prove it on the local cluster: write, back up, delete everything, restore, count
	@$(MANTIS) drill $(if $(YES),--yes) $(if $(S3),--s3 "$(S3)") $(if $(HELPER_IMAGE),--helper-image "$(HELPER_IMAGE)")

SHARD ?= all
e2e-alerts: $(INSTALLED) ## make every alert of the running cluster fire, arrive and resolve: make e2e-alerts SHARD=all
	@node --import tsx test/e2e-alerts/main.ts "$(SHARD)"

AWAY ?= 10m
e2e-outage: $(INSTALLED) ## take each store away for a while, replace the collector meanwhile, and count what is lost: make e2e-outage AWAY=10m
	@OUTAGE="$(AWAY)" npx jest --config jest.e2e.config.js --runInBand test/e2e/long-outage

e2e-dashboards: $(INSTALLED) ## run every query of every dashboard and walk every link on the running cluster
	@npx jest --config jest.e2e.config.js --runInBand test/e2e/dashboards test/e2e/walk

screenshots: $(INSTALLED) ## a picture of every dashboard into docs/screenshots, where Grafana has a renderer
	@$(MANTIS) screenshots

clean: ## remove what was installed and built here; leaves clusters and settings alone
	@rm -rf node_modules test-app/node_modules .build coverage

node_modules/.installed: package-lock.json package.json | require-node
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

test-app/node_modules/.installed: test-app/package-lock.json test-app/package.json | require-node
	@npm ci --no-audit --no-fund --loglevel=error --prefix test-app
	@touch $@

require-node:
	@command -v npm >/dev/null || { echo 'node or npm is not on PATH: install Node.js 24 (20.19 or newer will do)' >&2; exit 1; }
	@node -e 'const [a, b] = process.versions.node.split(".").map(Number); if (a < 20 || (a === 20 && b < 19)) { console.error("Node " + process.versions.node + " is too old: install Node.js 24 (20.19 or newer will do)"); process.exit(1); }'

.PHONY: help test lint format synth docs validate scan images images-save images-load digests kind-up kind-down config diff deploy undeploy grafana port-forward status doctor budget load load-stop traffic demo fault fault-list fault-clear test-alert backup backup-list backup-verify restore drill onboard check-app verify-delivery e2e e2e-alerts e2e-outage e2e-dashboards screenshots clean require-node
