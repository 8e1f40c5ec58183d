# tapelab: everything is built in $(B).
#
#   make              build/tapelab
#   make demo         writes a tar stream to virtual tapes, with a report
#   make check        all test programs, in three minutes; those with many
#                     similar cases run a part of them
#   make check-whole  all cases; check-asan, check-tsan: with a sanitizer;
#                     check-valgrind: the Check suites under valgrind, an hour
#   make coverage     line coverage of the tests: build/coverage/index.html
#   make check-long   longer tests: two failures at once, more seeds, more
#                     kills, and all of what check runs in part; 20 minutes
#   make check-st     tests on the real tape drivers of Linux, in a virtual
#                     machine, 5 minutes; check-st-long: more of them
#   make check-ltfs LTFS_SOURCE=FOLDER  builds LTFS from its source tree, and
#                     runs it on a virtual drive, in the virtual machine
#   make explore      walks over more states of the core: 15 minutes, 16 GB
#   make bench        measures speed and memory, and compares with limits
#   make soak SEEDS=A..B  random dumps and scenarios with these seeds
#   make fuzz         fuzzes headers, tapes and volumes, FUZZ_SECONDS=60 each
#   make mutants      breaks the code in many places; a test must fail for each
#   make SAN=asan     builds with a sanitizer (asan, tsan), in build/asan
#   make WERROR=-Werror  warnings are errors, as in continuous integration
#   make CC=clang warnings  compiles all sources for the warnings alone
#   make DEPS=no ...  installs no packages; prints the missing ones
#   make docs         updates the JSON Schema of scenarios and the tables of
#                     tapelab-scenario(5) and tapelab-drive(5) from the tables
#                     of keys
#   make install      installs command, library, headers, manual pages, schemas,
#                     examples and completion below $(DESTDIR)$(PREFIX);
#                     make uninstall removes them
#   make deb          Debian packages, in build/deb; check-deb: uses them in a
#                     new system, in a minute; check-deb-twice: compares those
#                     of two builds

SAN ?=
B := build$(if $(SAN),/$(SAN))

CC ?= cc
OBJCOPY ?= objcopy
# With a sanitizer, code of -O1 with the lines alone is compiled in 0.6 of the
# time.  Its warnings would be false ones: gcc knows less of the code then.
QUICK := $(filter asan tsan,$(SAN))
CFLAGS ?= $(if $(QUICK),-O1 -g1,-O2 -g)
WARN := $(if $(QUICK),-w,-Wall -Wextra -Wshadow -Wpointer-arith \
	-Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla \
	$(WERROR))
# splitter.h includes tape.h from its own folder, as when installed.
# _FILE_OFFSET_BITS: files of more than 2 GiB on 32-bit machines.
CPPFLAGS += -I. -iquote splitter/tape -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64
ALL_CFLAGS = -std=c11 $(WARN) $(CFLAGS) -fno-omit-frame-pointer -pthread
SAN_asan := -fsanitize=address,undefined -fno-sanitize-recover=undefined
# gcc alone has these options.  They halve the time in which a program starts
# and ends (40 ms); the tests start thousands.
LDFLAGS += $(if $(filter asan,$(SAN)),$(if $(findstring clang,$(CC)),,-no-pie \
	-static-libasan -static-libubsan))
SAN_tsan := -fsanitize=thread
SAN_coverage := --coverage -O1
SAN_fuzz := -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=undefined
ALL_CFLAGS += $(SAN_$(SAN))
# With a sanitizer a case takes several times as long: of many similar cases,
# tests run one in this many.  Primes, so that all kinds of cases are run.
SANITIZED_asan := 7
SANITIZED_tsan := 13
SANITIZED_valgrind := 31
SANITIZED_coverage := 5
CPPFLAGS += -DSANITIZED=$(or $(SANITIZED_$(SAN)),1)
LDLIBS := -lyaml -ljansson -lsqlite3 -lz -lxxhash -lnettle -lsgutils2 -lm \
	-pthread

# Expanded only when a suite is linked: the program is built without Check.
# --wrap: see splitter/tests/mark_point.c.
CHECK_LIBS = $(shell pkg-config --libs check 2>/dev/null || \
	echo -lcheck -lsubunit -lrt) -Wl,--wrap=_mark_point

ROOMS := splitter vtl reports sim
# C files below these folders, at any depth, of the program and of tests.
apart   := -path '*/tests/*' -o -path '*/bench/*' -o -path '*/examples/*' \
	-o -path '*/doc/*'
sources  = $(sort $(shell find $(1) -name '*.c' ! \( $(apart) \)))
tested   = $(sort $(shell find $(ROOMS) -path '*/tests/$(1)' \
	! -path '*/abi-*'))
objects  = $(patsubst %.c,$(B)/%.o,$(1))

SPLITTER := $(call objects,$(call sources,splitter))
# The library has all rooms of splitter/ except tool/, and the files of base/
# that these rooms call.  The others of base/ are for commands and virtual
# tapes.
BASE     := $(filter $(B)/splitter/base/%,$(SPLITTER))
PUBLIC   := $(filter-out $(B)/splitter/tool/% $(BASE),$(SPLITTER))
# The profiles of drives are compiled in, in the order of their numbers.
PROFILES := $(shell ls vtl/model/profiles/*.yaml | sort -V)
BUILTINS := $(B)/vtl/model/builtins
VTL      := $(call objects,$(call sources,vtl)) $(BUILTINS).o
REPORTS  := $(call objects,$(call sources,reports))
SIM      := $(call objects,$(call sources,sim))
MAIN     := $(filter $(B)/sim/command/%,$(SIM))
LIB      := $(filter-out $(MAIN),$(SIM)) $(REPORTS) $(VTL) $(SPLITTER)

# */tests/check_*.c are Check suites.  Other programs are tests/*_main.c,
# bench/*_main.c and doc/*_main.c, which prints documentation.  All other files
# in these folders are shared by the programs.
SUITES   := $(patsubst %.c,$(B)/%,$(call tested,check_*.c))
# A sweep is a suite in which calls of the tested code fail.  It is linked with
# a copy of the code that calls stand-ins
# (splitter/tests/failing/failing.h).
SWEEPS   := $(filter %_sweep,$(SUITES))
FAILING  := splitter/tests/failing/failing.syms
PROGRAMS := $(patsubst %.c,$(B)/%,$(call tested,*_main.c) \
	$(wildcard sim/bench/*_main.c sim/scenario/doc/*_main.c))
# */tests/*_fuzz.c are for libFuzzer; only clang builds them.
FUZZERS  := $(call tested,*_fuzz.c)
# */tests/*_preload.c are for LD_PRELOAD, in programs of others.
PRELOADS := $(patsubst %.c,$(B)/%.so,$(call tested,*_preload.c))
HELPERS  := $(filter-out $(SUITES:%=%.o) $(PROGRAMS:%=%.o) \
	$(FUZZERS:%.c=$(B)/%.o) $(PRELOADS:%.so=%.o),\
	$(call objects,$(call tested,*.c) \
	$(wildcard sim/bench/*.c sim/scenario/doc/*.c)))

# The version of the library is that of the public header.  Its major number is
# that of the interface.
VERSION  := $(shell sed -n 's/^.define SPLITTER_VERSION.*"\(.*\)"/\1/p' \
	splitter/api/splitter.h)
SONAME   := libsplitter.so.$(firstword $(subst ., ,$(VERSION)))
SHARED   := libsplitter.so.$(VERSION)
LIBRARY  := $(B)/$(SHARED) $(B)/libsplitter.a

.PHONY: all deps deps-test deps-bench deps-fuzz deps-valgrind deps-coverage \
	demo docs check check-whole check-asan check-tsan check-valgrind coverage \
	check-long \
	check-st check-st-long check-ltfs explore bench fuzz fuzzers mutants \
	mutate-scenarios soak tests warnings \
	clean
.SECONDARY:

all: $(B)/tapelab $(if $(SAN),,$(LIBRARY))

deps:
	@.ci/deps build run

deps-test:
	@.ci/deps build run test

deps-bench:
	@.ci/deps build run bench

deps-fuzz:
	@.ci/deps build fuzz

deps-valgrind deps-coverage: deps-%:
	@.ci/deps build run test $*

# Packages are installed before the compiler is started.
demo: deps
	@$(MAKE) --no-print-directory all
	@sim/demo/demo $(B)

# Prints the JSON Schemas, and the tables of keys, faults, metrics and drives.
DOC := $(B)/sim/scenario/doc/doc_main
docs: deps
	@$(MAKE) --no-print-directory $(DOC)
	@$(DOC) schema > $(B)/schema.json
	@cp $(B)/schema.json sim/scenario/scenario.schema.json
	@$(DOC) results-schema > $(B)/schema.json
	@cp $(B)/schema.json reports/json/results.schema.json
	@for page in scenario drive results; do \
		$(DOC) page sim/man/tapelab-$$page.5 > $(B)/page && \
		cp $(B)/page sim/man/tapelab-$$page.5 || exit 1; \
	done

check check-whole: check%: deps-test
	@$(MAKE) --no-print-directory tests
	@python3 -B .ci/check.py $(*:-%=--%) $(SAN:%=--sanitizer %) $(B)

check-asan check-tsan: check-%:
	@$(MAKE) --no-print-directory SAN=$* check

check-valgrind: deps-valgrind
	@$(MAKE) --no-print-directory SAN=valgrind check

# The report is made even if a test fails; then make fails after it.
coverage: deps-coverage
	@failed=0; $(MAKE) --no-print-directory SAN=coverage check || failed=1; \
	gcovr --root . --object-directory build/coverage \
	    --exclude '.*/(tests|bench)/.*' --html-details \
	    build/coverage/index.html --txt build/coverage/coverage.txt \
	    --print-summary && exit $$failed

check-long: deps-test
	@$(MAKE) --no-print-directory tests
	@python3 -B sim/tests/long.py $(B)

# The programs that the virtual machine gets.
RIG := $(B)/tapelab $(B)/splitter/st/tests/st_rows_main \
	$(B)/splitter/api/tests/tape_script_main $(PRELOADS)
check-st check-st-long: check-st%: deps-test
	@$(MAKE) --no-print-directory $(RIG)
	@python3 -B sim/rig/rig $(*:-%=--%) $(B)

LTFS_SOURCE ?=
check-ltfs: deps-test
	@$(if $(LTFS_SOURCE),.ci/deps ltfs)
	@$(MAKE) --no-print-directory $(B)/tapelab
	@python3 -B sim/rig/ltfs.py "$(LTFS_SOURCE)" $(B)

bench: deps-bench
	@$(MAKE) --no-print-directory tests
	@sim/bench/bench $(B)

explore: $(B)/splitter/core/tests/explore_main
	$< --long

SEEDS ?= 1..100000
soak: deps-test
	@$(MAKE) --no-print-directory $(B)/tapelab \
	    $(B)/sim/run/virtual/tests/check_executors $(B)/sim/tests/soak/soak_main
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

mutate-scenarios: deps-test
	@$(MAKE) --no-print-directory $(B)/sim/tests/mutate/mutate_main
	@for share in 0 1; do \
	    $(B)/sim/tests/mutate/mutate_main --share $$share/2 scenarios & \
	    all="$$all $$!"; \
	done; \
	for one in $$all; do wait $$one || bad=1; done; exit $${bad:-0}

tests: all $(SUITES) $(PROGRAMS) $(PRELOADS)

# The warnings of a second compiler, for all sources, fuzzers too.  It writes no
# objects.
warnings: $(BUILTINS).c
	@printf '%s\n' $(BUILTINS).c $(call sources,$(ROOMS)) \
	    $(call tested,*.c) sim/bench/*.c sim/scenario/doc/*.c | \
	xargs -n 16 -P "$$(nproc)" $(CC) $(ALL_CFLAGS) $(CPPFLAGS) -fsyntax-only

$(B)/tapelab: $(MAIN) $(B)/libtapelab.a
	@echo "  LD    $@"; \
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/libtapelab.a: $(LIB)
	@rm -f $@
	@$(AR) qcs $@ $^

# Functions of the shared library may be inlined and called directly: no program
# can replace them.
$(SPLITTER): ALL_CFLAGS += -fPIC -fno-semantic-interposition

$(B)/libbase.a: $(BASE)
	@rm -f $@
	@$(AR) qcs $@ $^

$(B)/$(SHARED): $(PUBLIC) $(B)/libbase.a splitter/api/libsplitter.map
	@echo "  LD    $@"; \
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(SONAME) \
	-Wl,--version-script=splitter/api/libsplitter.map -Wl,-z,defs -o $@ \
	$(PUBLIC) $(B)/libbase.a -lxxhash -lsgutils2 -pthread

# One object in which only the public symbols are global.
$(B)/libsplitter.a: $(PUBLIC) $(B)/libbase.a splitter/api/libsplitter.map
	@echo "  AR    $@"; rm -f $@; \
	sed -n 's/^	\([a-z_]*\);$$/\1/p' splitter/api/libsplitter.map \
	> $(B)/public.symbols; \
	$(LD) -r -o $(B)/libsplitter.o $(PUBLIC) $(B)/libbase.a && \
	$(OBJCOPY) --keep-global-symbols=$(B)/public.symbols \
	$(B)/libsplitter.o && $(AR) qcs $@ $(B)/libsplitter.o

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

# libiscsi is the initiator.
$(addprefix $(B)/vtl/iscsi/target/tests/check_iscsi_,initiator \
	authentication): CHECK_LIBS += -liscsi

# What another thread does when a lock is free.
$(B)/vtl/scsi/device/tests/check_device: \
	CHECK_LIBS += -Wl,--wrap=pthread_mutex_unlock

# The command, without its main, on a fake of the tape driver.
$(B)/sim/tests/device_main: $(filter-out $(B)/sim/command/main.o,$(MAIN))
$(B)/sim/tests/device_main: LDLIBS := $(B)/libtests.a $(B)/libtapelab.a \
	$(LDLIBS)

$(B)/sim/bench/iscsi_main: LDLIBS += -liscsi

$(PROGRAMS): $(B)/%: $(B)/%.o $(B)/libtests.a $(B)/libtapelab.a
	@echo "  LD    $@"; \
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# Without a sanitizer: the program that loads it has none.
$(PRELOADS): $(B)/%.so: %.c Makefile
	@mkdir -p $(@D)
	@echo "  LD    $@"; \
	$(CC) -std=c11 $(WARN) $(CPPFLAGS) -O2 -fPIC -shared -o $@ $<

$(FUZZERS:%.c=$(B)/%): $(B)/%: $(B)/%.o $(B)/libtests.a $(B)/libtapelab.a
	@echo "  LD    $@"; \
	$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(LDLIBS)

# The engine with wake-ups that can be lost: see
# splitter/engine/tests/lost_wakeups.sh, which makes its files.
$(B)/lost_wakeups/check_schedules: $(wildcard $(B)/lost_wakeups/*.c) \
		$(B)/splitter/engine/tests/check_schedules.o \
		$(B)/libtests.a $(B)/libtapelab.a
	@$(CC) $(ALL_CFLAGS) $(CPPFLAGS) $(LDFLAGS) -o $@ $^ $(CHECK_LIBS) \
	$(LDLIBS)

$(BUILTINS).c: $(PROFILES) Makefile
	@mkdir -p $(@D)
	@echo "  GEN   $@"; { \
	echo '#include "vtl/model/impl.h"'; \
	echo 'const struct profile_builtin profile_builtins[] = {'; \
	for file in $(PROFILES); do \
		echo "{ \"$$(basename $$file .yaml)\","; \
		sed 's/\\/\\\\/g; s/"/\\"/g; s/.*/"&\\n"/' $$file; \
		echo '},'; \
	done; \
	echo '};'; \
	echo 'const size_t profile_builtins_count ='; \
	echo '    sizeof profile_builtins / sizeof *profile_builtins;'; \
	} > $@

$(BUILTINS).o: $(BUILTINS).c
	@echo "  CC    $<"; \
	$(CC) $(ALL_CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	@echo "  CC    $<"; \
	$(CC) $(ALL_CFLAGS) $(CPPFLAGS) -MMD -MP -c -o $@ $<

-include $(patsubst %.o,%.d,$(LIB) $(MAIN) $(HELPERS) $(SUITES:%=%.o) \
	$(PROGRAMS:%=%.o) $(FUZZERS:%.c=$(B)/%.o))

# install, uninstall, deb, check-deb.  A file apart: all objects depend on this
# one.
include .ci/install.mk

clean:
	rm -rf build
