# The newest patch of Go that go.mod names, whatever Go is installed.
export GOTOOLCHAIN := $(shell sed -n 's/^toolchain //p' go.mod)

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
LDFLAGS := -s -w -X garner/cli.release=$(VERSION)
FUZZTIME ?= 1s
BENCH ?= .
ONLY ?=

# The race detector needs a C compiler; the program itself does not. It does not watch
# SQLite's own code, which was translated from C: that takes three times as long, and our
# goroutines share none of its memory.
RACE := $(if $(shell command -v cc),-race -gcflags=modernc.org/sqlite/lib=-race=false)

# Databases of tests are in memory where there is much of it: an fsync costs nothing
# there. What e2e tests is durability, so its databases are on the disk.
DISK := $(or $(TMPDIR),/tmp)
MEMORY := $(shell [[ $$(df --output=avail /dev/shm 2>/dev/null | tail -1) -gt 6000000 ]] && echo /dev/shm)
IN_MEMORY := $(if $(MEMORY),TMPDIR=$(MEMORY) GOTMPDIR=$(DISK) GARNER_TEST_DISK=$(DISK))

# Release archives are the same bytes whenever they are built.
EPOCH := $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),0)

.PHONY: help
help: ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: ## run the appliance; with garner.toml where it is there
	go run . serve

.PHONY: demo
demo: ## run the appliance with made-up people, no keys needed
	go run . demo

.PHONY: test
test: generated lint race standin fuzz ## all that a change must pass

.PHONY: test-all
test-all: generated lint ## test, with what takes long: an hour
	GARNER_TEST_ALL=1 go test -vet=off $(RACE) -shuffle=on -timeout 60m $$(go list ./... | grep -v /e2e$$)
	GARNER_TEST_ALL=1 go test -vet=off -shuffle=on -timeout 60m ./e2e
	$(MAKE) --no-print-directory standin
	$(MAKE) --no-print-directory client
	$(MAKE) --no-print-directory litestream
	$(MAKE) --no-print-directory tables
	$(MAKE) --no-print-directory fuzz FUZZTIME=20s

# The race detector runs on packages that start goroutines or use sync; others
# share no memory, and it makes them six times as slow. It does not see the
# program that the tests in e2e start. What simulates weeks (skipped or shortened
# by -short, LONG) is a calculation, and runs without it; so are backups, the simulator,
# passwords, the read side and the pages, which guard a cache. The years that the simulator
# makes are looked at by test-all, which also runs all but e2e with the race detector.
RACED = $$(grep -rlE --include='*.go' '"sync"|"sync/atomic"|^\s*go ' . | xargs dirname | sort -u | grep -vE '^./(e2e|cli$$|garmin/simulator$$|jobs/backup$$|jobs/watch$$|query$$|server/auth$$|server/pages$$|ui$$)')
CALM = $$(go list ./... | grep -v garmin/simulator$$ | grep -vxF "$$(go list $(RACED))")
LONG = $$(grep -rhE --include='*_test.go' '^func Test|testing\.Short\(\)|rounds\(' . \
	| awk '/^func / {sub(/\(.*/, "", $$2); name = $$2; next} name {print name; name = ""}' | paste -sd '|')

# Lint has run go vet.
.PHONY: race
race: ## run the tests in random order, with the race detector but for the long ones
	$(if $(RACE),,@echo 'no C compiler: without the race detector')
	$(IN_MEMORY) go test -vet=off $(RACE) -short -shuffle=on -timeout 15m $(RACED)
	$(IN_MEMORY) go test -vet=off -shuffle=on -timeout 15m -run "^($(LONG))$$" $(RACED)
	$(IN_MEMORY) go test -vet=off -shuffle=on -parallel 4 -timeout 15m $(CALM)
	$(IN_MEMORY) go test -vet=off -shuffle=on -short ./garmin/simulator

# A module of its own: its dependencies are none of Garner's.
.PHONY: standin
standin: ## test the built program against servers that were not written for it
	cd e2e/standin && go vet ./... && go mod tidy -diff && go test -shuffle=on ./...

# Needs Node.js 20, and npm ci downloads what e2e/client/package-lock.json names.
.PHONY: client
client: ## generate a client of the API with another tool, and let it read a year
	GARNER_TEST_CLIENT=1 go test -run '^TestAGeneratedClient' -count 1 ./e2e

# Litestream is built with the dependencies that it names, in a module of its own.
.PHONY: litestream
litestream: ## test Litestream beside the built program
	cd e2e/litestream && go mod tidy -diff
	program=$$(cd e2e/litestream && go tool -n litestream); \
	GARNER_TEST_LITESTREAM=$$program go test ./e2e -run Litestream

# Needs Debian's libreoffice-calc and python3-pandas:
#	apt-get install --no-install-recommends libreoffice-calc python3-pandas
.PHONY: tables
tables: ## open downloaded tables with LibreOffice and pandas
	GARNER_TEST_TABLES=1 go test -run '^TestTablesOpen' -count 1 -v ./e2e

.PHONY: quick
quick: ## run the tests without those that take minutes
	go test -short ./...

# Go before 1.27 at times fails a target at the end of its time, with no input
# to blame (go.dev/issue/75804). Hence the second try: an input that fails is
# kept in testdata/fuzz and fails there again.
.PHONY: fuzz
fuzz: ## run every fuzz target for FUZZTIME (1s)
	@grep -roE --include='*_test.go' '^func Fuzz\w+' . | sort | while IFS=: read -r file func; do \
		package=$$(dirname "$$file"); name=$${func#func }; \
		try() { go test -vet=off -run '^$$' -fuzz "^$$name\$$" -fuzztime '$(FUZZTIME)' "$$package" </dev/null; }; \
		echo "fuzz $$package $$name"; \
		try || try; \
	done

.PHONY: bench
bench: ## measure, and print the table of figures; ONLY=receiving for a part
	@go test ./e2e/bench -run '^TestFigures$$$(if $(ONLY),/^($(ONLY))$$)' -timeout 30m -v -figures | grep --line-buffered -vE '^(=== |--- |    --- |PASS|ok)'

.PHONY: bench-all
bench-all: ## bench, with what takes long: ten years, ten thousand people, a slow disk
	@go test ./e2e/bench -run '^TestFigures$$$(if $(ONLY),/^($(ONLY))$$)' -timeout 120m -v -figures -all | grep --line-buffered -vE '^(=== |--- |    --- |PASS|ok)'

.PHONY: microbench
microbench: ## run the benchmarks of the packages; BENCH=NAME for some of them
	go test -run '^$$' -bench '$(BENCH)' -benchmem ./...

.PHONY: screens
screens: ## take pictures of the main pages of a demo into docs/screens
	go test ./e2e -run '^TestScreens$$' -count 1 -timeout 20m -screens "$(CURDIR)/docs/screens"

.PHONY: mutants
mutants: ## break the code in listed ways, and fail where no test notices
	go test -timeout 120m -v ./e2e/mutants -mutants

.PHONY: generate
generate: ## write the generated files anew
	cd ui && go tool templ generate # there: it writes the names of its files into what it generates
	go generate ./...

# Sums from before and after, so that it also serves in a tree with changes.
.PHONY: generated
generated: ## fail where a generated file is not what it is generated from
	@sums() { find . \( -name '*_templ.go' -o -name data-dictionary.md -o -name openapi.json -o -name sources.md \) -print0 | LC_ALL=C sort -z | xargs -0r sha256sum; }; \
	before=$$(sums); \
	$(MAKE) --no-print-directory generate; \
	changed=$$({ diff <(echo "$$before") <(sums) || true; } | awk '/^>/ {print $$3}'); \
	[[ -z $$changed ]] || { printf 'out of date and written anew; commit them:\n%s\n' "$$changed" >&2; exit 1; }

.PHONY: lint
lint: ## gofmt, go vet and staticcheck
	@unformatted=$$(gofmt -l .); \
	[[ -z $$unformatted ]] || { printf 'not formatted by gofmt:\n%s\n' "$$unformatted" >&2; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	go mod tidy -diff

.PHONY: build
build: ## build ./garner
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)' -o garner .

.PHONY: release
release: ## build static binaries for Linux into dist/, with their sums
	rm -rf dist
	@for arch in amd64 arm64; do \
		name=garner_$(VERSION)_linux_$$arch; \
		mkdir -p dist/$$name; \
		CGO_ENABLED=0 GOOS=linux GOARCH=$$arch go build -trimpath -buildvcs=false -ldflags '$(LDFLAGS)' -o dist/$$name/garner .; \
		cp LICENSE README.md CHANGELOG.md config.example.toml \
			docs/garner.service docs/install/nginx.conf docs/install/Caddyfile dist/$$name/; \
		tar --sort=name --owner=0 --group=0 --numeric-owner --mode=go+rX,go-w --mtime=@$(EPOCH) --format=ustar -C dist -c $$name \
		| gzip -n9 >dist/$$name.tar.gz; \
		rm -r dist/$$name; \
	done
	@cd dist && sha256sum *.tar.gz >SHA256SUMS && cat SHA256SUMS
