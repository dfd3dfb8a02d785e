export GOTOOLCHAIN := $(shell sed -n 's/^toolchain //p' go.mod)
export CGO_ENABLED ?= $(if $(shell command -v cc),1,0)

VERSION   ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo development)
FUZZTIME  ?= 3s
PLATFORMS := linux/amd64 linux/arm64

# The race detector needs a C compiler; the program itself does not.
RACE := $(if $(filter 1,$(CGO_ENABLED)),-race)

# Release archives are the same bytes whoever builds them, and when.
EPOCH := $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),0)
TAR   := tar --sort=name --mtime=@$(EPOCH) --owner=0 --group=0 --numeric-owner --mode=go+rX,go-w --format=ustar
BUILD := go build -trimpath -buildvcs=false -ldflags '-s -w -X main.release=$(VERSION)'

.DEFAULT_GOAL := help
.PHONY: help run demo build generate generated lint test unit fuzz bench release clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' Makefile | expand -t 12

run: ## run the appliance with garner.toml, if it is there
	go run . serve

demo: ## run the appliance with a simulated Garmin beside it
	go run . demo

build: ## build ./garner
	CGO_ENABLED=0 $(BUILD) -o garner .

generate: ## write the generated files anew
	go generate ./...

# Compared by content, so that it works before a commit and outside git too.
sums = find . -path ./.git -prune -o \( -name '*_templ.go' -o -name data-dictionary.md \) -print0 | LC_ALL=C sort -z | xargs -0r sha256sum

generated: ## are the generated files up to date?
	@before=$$($(sums)); go generate ./... && after=$$($(sums)) && \
	if [ "$$before" != "$$after" ]; then echo 'generated files were not up to date; they are now'; exit 1; fi

lint: ## gofmt, go vet, staticcheck
	@unformatted=$$(gofmt -l .); if [ -n "$$unformatted" ]; then echo "gofmt wants to change: $$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

test: generated lint unit fuzz ## all that must pass before a commit

unit: ## the tests, with the race detector where it can run
	$(if $(RACE),,@echo 'no C compiler: without the race detector')
	go test $(RACE) -shuffle=on -timeout 12m ./...

# A fuzzer that only ran out of its time has found nothing.
fuzz: ## every fuzz test for a moment (FUZZTIME=1m for longer)
	@for pkg in $$(go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./...); do \
		list=$$(go test -list '^Fuzz' $$pkg) || { echo "$$list"; exit 1; }; \
		for name in $$(echo "$$list" | grep '^Fuzz'); do \
			echo "fuzz $$pkg $$name"; \
			out=$$(go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) $$pkg 2>&1) && continue; \
			echo "$$out"; \
			case "$$out" in *'Failing input'*) exit 1 ;; *'context deadline exceeded'*) ;; *) exit 1 ;; esac; \
		done; \
	done

bench: ## measure
	go test -run '^$$' -bench . -benchmem -timeout 30m ./...

release: ## static archives for linux in dist/, with their sums
	rm -rf dist && mkdir -p dist
	@set -e; for platform in $(PLATFORMS); do \
		name=garner-$(VERSION)-$$(echo $$platform | tr / -); \
		echo $$name; \
		mkdir dist/$$name; \
		CGO_ENABLED=0 GOOS=$${platform%/*} GOARCH=$${platform#*/} $(BUILD) -o dist/$$name/garner .; \
		cp LICENSE README.md config.example.toml dist/$$name/; \
		$(TAR) -C dist -cf - $$name | gzip -9n > dist/$$name.tar.gz; \
		rm -r dist/$$name; \
	done
	cd dist && sha256sum *.tar.gz > SHA256SUMS

clean: ## remove what was built
	rm -rf dist garner
