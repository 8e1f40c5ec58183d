# tapelab: all that is built lies in $(B).
#
#   make              build/tapelab
#   make demo         the main job, end to end, with a report
#   make check        every test; check-asan, check-tsan: under a sanitizer
#   make check-long   any two failures, more seeds, more kills: a quarter of
#                     an hour on two processors
#   make explore      the long walk over the states of the core
#   make bench        speed and memory, held against bounds
#   make soak SEEDS=A..B  random dumps and scenarios, as many as you like
#   make fuzz         hostile volumes, for FUZZ_SECONDS=60 seconds
#   make mutants      the code is broken on purpose; a test must notice
#   make SAN=asan     build with a sanitizer (asan, tsan), in build/asan

SAN ?=
B := build$(if $(SAN),/$(SAN))

CC ?= cc
CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wshadow -Wpointer-arith -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wvla -Werror
# _FILE_OFFSET_BITS: a dump is larger than 2 GiB on any machine.
CPPFLAGS += -I. -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
ALL_CFLAGS = -std=c11 $(WARN) $(CFLAGS) -fno-omit-frame-pointer -pthread
SAN_asan := -fsanitize=address,undefined -fno-sanitize-recover=undefined
SAN_tsan := -fsanitize=thread -DRING_MAP_ONCE
SAN_fuzz := -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined
ALL_CFLAGS += $(SAN_$(SAN))
LDLIBS := -lyaml -ljansson -lsqlite3 -lz -lxxhash -lm -pthread

# Only asked when a suite is linked: building the program does not need Check.
CHECK_LIBS = $(shell pkg-config --libs check 2>/dev/null || \
	echo -lcheck -lsubunit -lrt)

ROOMS := splitter vtl reports sim
objects = $(patsubst %.c,$(B)/%.o,$(sort $(wildcard $(1))))

SPLITTER := $(call objects,splitter/*.c)
VTL      := $(call objects,vtl/*.c)
REPORTS  := $(call objects,reports/*.c)
MAIN     := $(call objects,sim/main.c sim/cmd_*.c)
SIM      := $(filter-out $(MAIN),$(call objects,sim/*.c))
LIB      := $(SIM) $(REPORTS) $(VTL) $(SPLITTER)

# A Check suite is NAME/tests/check_*.c; other programs of the tests are
# tests/*_main.c, and those of the bench bench/*_main.c; what they share is any
# other file there.
SUITES   := $(patsubst %.c,$(B)/%,$(wildcard $(ROOMS:%=%/tests/check_*.c)))
# A sweep is a suite in which calls of the code under test fail: it is linked
# with a copy of it that calls stand-ins (see splitter/tests/failing.h).
SWEEPS   := $(filter %_sweep,$(SUITES))
FAILING  := splitter/tests/failing.syms
PROGRAMS := $(patsubst %.c,$(B)/%,$(wildcard $(ROOMS:%=%/tests/*_main.c) \
	sim/bench/*_main.c))
# */tests/*_fuzz.c are for libFuzzer, and built by clang alone.
FUZZERS  := $(wildcard $(ROOMS:%=%/tests/*_fuzz.c))
HELPERS  := $(filter-out $(SUITES:%=%.o) $(PROGRAMS:%=%.o) \
	$(FUZZERS:%.c=$(B)/%.o),\
	$(call objects,$(ROOMS:%=%/tests/*.c) sim/bench/*.c))

.PHONY: all deps deps-test deps-bench deps-fuzz demo check check-asan \
	check-tsan check-long explore bench fuzz fuzzers mutants soak tests \
	clean
.SECONDARY:

all: $(B)/tapelab

deps:
	@.ci/deps build run

deps-test:
	@.ci/deps build run test

deps-bench:
	@.ci/deps build run bench

deps-fuzz:
	@.ci/deps build fuzz

# Each needs its packages before the compiler is started.
demo: deps
	@$(MAKE) --no-print-directory all
	@sim/demo/demo $(B)

check: deps-test
	@$(MAKE) --no-print-directory tests
	@python3 -B .ci/check.py $(B)

check-asan check-tsan: check-%:
	@$(MAKE) --no-print-directory SAN=$* check

check-long: deps-test
	@$(MAKE) --no-print-directory tests
	@python3 -B sim/tests/long.py $(B)

bench: deps-bench
	@$(MAKE) --no-print-directory tests
	@sim/bench/bench $(B)

explore: $(B)/splitter/tests/explore_main
	$< --long

SEEDS ?= 1..100000
soak: deps-test
	@$(MAKE) --no-print-directory $(B)/tapelab \
	    $(B)/sim/tests/check_executors $(B)/sim/tests/soak_main
	@python3 -B sim/tests/soak.py $(B) $(SEEDS)

FUZZ_SECONDS ?= 60
fuzz: deps-fuzz
	@$(MAKE) --no-print-directory CC=clang SAN=fuzz fuzzers
	@for f in $(FUZZERS:%.c=build/fuzz/%); do \
		mkdir -p $$f.seeds $$f.corpus && \
		$$f --seeds $$f.seeds && \
		$$f -max_total_time=$(FUZZ_SECONDS) -max_len=100000 \
			-rss_limit_mb=4096 -timeout=20 -print_final_stats=1 \
			-artifact_prefix=$$f- $$f.corpus $$f.seeds || exit 1; \
	done

fuzzers: $(FUZZERS:%.c=$(B)/%)

mutants: deps-test
	@python3 -B sim/tests/mutants.py

tests: all $(SUITES) $(PROGRAMS)

$(B)/tapelab: $(MAIN) $(B)/libtapelab.a
	@echo "  LD    $@"; \
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/libtapelab.a: $(LIB)
	@rm -f $@
	@$(AR) qcs $@ $^

$(B)/libtests.a: $(HELPERS)
	@rm -f $@
	@$(AR) qcs $@ $^

$(B)/libfailing.a: $(B)/libtapelab.a $(FAILING)
	@objcopy --redefine-syms=$(FAILING) $< $@

$(SWEEPS): $(B)/%: $(B)/%.o $(B)/libtests.a $(B)/libfailing.a
	@echo "  LD    $@"; \
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(B)/libtests.a $(CHECK_LIBS) \
	$(LDLIBS)

$(filter-out $(SWEEPS),$(SUITES)): $(B)/%: $(B)/%.o $(B)/libtests.a $(B)/libtapelab.a
	@echo "  LD    $@"; \
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) $(LDLIBS)

$(PROGRAMS): $(B)/%: $(B)/%.o $(B)/libtests.a $(B)/libtapelab.a
	@echo "  LD    $@"; \
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(FUZZERS:%.c=$(B)/%): $(B)/%: $(B)/%.o $(B)/libtapelab.a
	@echo "  LD    $@"; \
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(LDLIBS)

# The engine with a wake less than it needs: see splitter/tests/lost_wakeups.sh.
$(B)/lost/%: $(B)/lost/%.c $(B)/splitter/tests/check_schedules.o \
		$(B)/libtests.a $(B)/libtapelab.a
	@$(CC) $(ALL_CFLAGS) $(CPPFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) \
	$(LDLIBS)

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  CC    $<"; \
	$(CC) $(ALL_CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

-include $(wildcard $(B)/*/*.d $(B)/*/tests/*.d $(B)/*/bench/*.d)

clean:
	rm -rf build
