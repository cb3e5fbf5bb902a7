# SPDX-License-Identifier: GPL-2.0
# The project's targets; `make help` lists them. The work is done in the rooms.

.DEFAULT_GOAL := tool
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

CACHE := $(or $(PGMAPSTAT_CACHE),$(HOME)/.cache/pgmapstat)
UNIT_TESTS := $(patsubst tests/unit/%.c,.output/unit/%,$(wildcard tests/unit/test_*.c))
TESTS ?= $(wildcard tests/static/*.t tests/enumerate/*.t tests/fuzz/*.t tests/guest/*.t)
TOOLS := $(MAKE) $(if $(V),,-s) --no-print-directory -C tools

## tool          build pgmapstat: .output/pgmapstat (the default)
.PHONY: tool
tool:
	$(Q)$(TOOLS)

## run           build all, boot our kernel, run hmm-tests with pgmapstat watching
.PHONY: run
run: deps
	$(Q)$(TOOLS)
	$(Q)guest/run --hmm --timeout 600 -- \
		guest/hmm-watched .output/pgmapstat "$$(guest/selftests)"

## check         everything that shows the project works; last line: N passed, N failed
.PHONY: check
check: deps
	$(Q)$(TOOLS) all unit enumerate fuzz
	$(Q)$(MAKE) --no-print-directory kernels
	$(Q)tests/run $(UNIT_TESTS) $(TESTS)

## check-all     the same, and the tests that take too long for every day
.PHONY: check-all
check-all: TESTS += $(wildcard tests/slow/*.t)
check-all: check

## check-kernels a pagemap of each type on Debian's kernels, ours and its stock twin, as a
##               table; DOCS=docs/kernels.md writes it there
.PHONY: check-kernels
check-kernels: deps
	$(Q)tests/kernels/check $(if $(DOCS),--docs $(DOCS))

## check-latency has a fault become slower, counted in instructions? exit 0 no, else yes
## latency-baseline
##               what check-latency holds it against, measured anew
.PHONY: check-latency latency-baseline
check-latency: deps
	$(Q)tests/bench/latency
latency-baseline: deps
	$(Q)tests/bench/latency --update

## check-arm64   build tool and kernel half for arm64, run the tool in an emulated machine
.PHONY: check-arm64
check-arm64: deps
	$(Q)tests/run $(wildcard tests/slow/arm64*.t)

## bench         measure what the core and watching it cost: docs/benchmarks.md, 20 minutes
.PHONY: bench
bench: deps
	$(Q)tests/bench/bench

## unit          build the unit tests of the tool and run them
.PHONY: unit
unit:
	$(Q)$(TOOLS) unit
	$(Q)tests/run $(UNIT_TESTS)

## fuzz          make up events for FUZZ_SECONDS (3600) and run them through core and views
.PHONY: fuzz
fuzz:
	$(Q)$(TOOLS) fuzz
	$(Q)FUZZ_SECONDS=$(or $(FUZZ_SECONDS),3600) tests/fuzz/fuzz.t

## kernel        build the kernel with our core
## kernel-stock  build the same kernel without it
## kernel-debug  build the kernel with our core, KASAN, lockdep and the like
.PHONY: kernel kernel-stock kernel-debug kernels
kernel: ; $(Q)guest/build pgmap
kernel-stock: ; $(Q)guest/build stock
kernel-debug: ; $(Q)guest/build debug
kernels:
	$(Q)for name in stock pgmap debug; do guest/build $$name >/dev/null || exit; done

## deps          install missing packages as root, else name them
.PHONY: deps
deps:
	$(Q)guest/deps

## clean         remove the build products of this checkout
.PHONY: clean
clean:
	rm -rf .output

## distclean     also remove the cache: kernel trees, kernels, ccache
.PHONY: distclean
distclean: clean
	rm -rf "$(CACHE)/tree" "$(CACHE)/kernel" "$(CACHE)/ccache" "$(CACHE)/log"
	rm -rf "$(CACHE)/linux-source-6.12" "$(CACHE)/unpacked" "$(CACHE)/debian"

## help          this list; V=1 shows commands
.PHONY: help
help:
	@sed -n -e 's/^##  /       /p' -e 's/^## /  make /p' Makefile

Q := $(if $(V),,@)
