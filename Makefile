# Lockstep. `make help` lists what there is to do.
#
# All that is made goes to build/. A new primitive, lesson or test is picked up
# by being put in its folder. CC=clang, CFLAGS= and CI=1 (warnings are errors)
# may be given; when they change, everything is made anew.

BUILD   ?= build
PREFIX  ?= /usr/local
VERSION := 0.1.0
CFLAGS  ?= -O2 -g

override CPPFLAGS += -I. -D_POSIX_C_SOURCE=200809L -MMD -MP
override CFLAGS   += -std=c11 -pthread -Wall -Wextra -Wpedantic \
                     $(if $(CI),-Werror)

PRIMITIVES := $(wildcard primitives/*.c)
INTERNAL   := $(addprefix primitives/,heap.h must.h self.h timer_thread.h turn.h)
COURSE     := threads lock rlock semaphore event condition barrier timer \
              local fifo lifo priority pipeline
LESSONS    := $(foreach name,$(COURSE),$(patsubst \
                lessons/%/lesson.c,%,$(wildcard lessons/$(name)/lesson.c)))
SUITES     := $(patsubst tests/%.c,%,$(wildcard tests/test_*.c))
PROVED     := $(patsubst tests/prove/%.c,%,$(wildcard tests/prove/*.c))
LIBRARY    := $(BUILD)/liblockstep.a
EXPLORER   := $(BUILD)/explorer
# What is explored with: the primitives, and what tells of their calls.
EXPLORED   := $(EXPLORER)/told.a $(EXPLORER)/primitives.a
export EXPLORER

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

# What is done is shown with V=1.
ifndef V
.SILENT:
endif

.PHONY: all help lessons test prove stress sanitize helgrind lint coverage \
        bench docs install clean
.SECONDARY:
.SECONDEXPANSION:
.DELETE_ON_ERROR:

all: library $(LESSONS:%=$(BUILD)/lessons/%) ## build the library and the lessons
	@echo
	@echo "Built. Next:"
	@echo "  make lessons            tells the lessons, a line a scene"
	@echo "  build/lessons/lock      tells one of them"
	@echo "  make test               tests the library"
	@echo "  make help               says what else there is"

help: ## list what there is to do
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1|\2/p' Makefile | \
	    while IFS='|' read -r target text; do \
	        printf '  %-11s %s\n' $$target "$$text"; done

# --- What is needed -----------------------------------------------------------
# $(call need,PACKAGES,TEST): installs Debian packages unless the test succeeds;
# with make -j one after the other.

define need
	@{ $(2); } >/dev/null 2>&1 || { \
	    command -v apt-get >/dev/null || \
	        { echo "Please install what Debian calls: $(1)"; exit 1; }; \
	    exec 9<Makefile && flock 9; \
	    sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	    echo "Installing, with $${sudo:+sudo }apt-get: $(1)"; \
	    $$sudo apt-get update -qq && \
	    $$sudo env DEBIAN_FRONTEND=noninteractive \
	        apt-get install -qq -y --no-install-recommends $(1) >/dev/null; }
endef

.PHONY: need-cc
need-cc:
	$(call need,gcc libc6-dev,command -v $(CC))

# --- The library --------------------------------------------------------------

.PHONY: library
library: $(LIBRARY) $(BUILD)/liblockstep.so

$(LIBRARY): $(call objects,$(PRIMITIVES))
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/liblockstep.so: $(patsubst %.c,$(BUILD)/pic/%.o,$(PRIMITIVES))
	$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,liblockstep.so.0 -o $@ $^

# The flags with which everything was made; made anew when they change.
FLAGS := $(CC) $(CFLAGS) $(CPPFLAGS) $(LDFLAGS)
ifneq ($(FLAGS),$(file <$(BUILD)/flags))
.PHONY: $(BUILD)/flags
endif
$(BUILD)/flags: | need-cc
	@mkdir -p $(@D)
	@echo '$(FLAGS)' >$@

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/pic/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -fPIC -c -o $@ $<

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

# --- Lessons ------------------------------------------------------------------
# A lesson is linked from its scenes, compiled plainly and for the explorer.

.PHONY: announced
announced:
	$(if $(wildcard $(LIBRARY)),,@echo "Building; it takes about half a minute.")

lessons: announced $(LESSONS:%=$(BUILD)/lessons/%) ## build the lessons and tell them, a line a scene
	@printf '%-9s %-16s %-14s %-15s %-8s %s\n' lesson scene bug 'by luck' \
	    found 'fix: right in'
	@for lesson in $(filter-out announced,$^); do \
	    $$lesson --summary $$lesson.txt || wrong=1; done; \
	    printf '\n%s\n' \
	    "found: by the explorer, on every run. Each lesson is in a file; begin:" \
	    "  less $(word 2,$^).txt" "  $(word 2,$^) --help"; exit $$wrong

scenes = $(filter-out %/lesson.c,$(wildcard lessons/$(1)/*.c))

$(BUILD)/obj/lessons/telling/%.o: override CPPFLAGS += \
        -DLESSON_ROOT='"$(CURDIR)"'

$(BUILD)/lessons/%: $(call objects,$(wildcard lessons/telling/*.c)) \
        $$(call objects,$$(wildcard lessons/$$*/*.c)) $(LIBRARY) \
        $(EXPLORER)/lessons/%.o $(EXPLORER)/explorer.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lm

# The rungs, functions that can be seen outside their file, are renamed
# explored_..., since their plain versions are in the program, too.
$(EXPLORER)/lessons/%.o: $$(call objects,$$(call scenes,$$*)) \
        $(EXPLORED) $(EXPLORER)/explorer.o \
        tests/explorer/explore.sh
	@mkdir -p $@.parts
	nm -g --defined-only $(filter $(BUILD)/obj/lessons/%,$^) | \
	    sed -n 's/.* T \(.*\)/\1 explored_\1/p' >$@.parts/rungs
	CC="$(CC)" EXPLORE_CFLAGS="$(filter-out -MMD -MP,$(CPPFLAGS)) $(CFLAGS) \
	    -Dlesson_promise=explorer_check" \
	EXPLORE_KEEP="$$(sed 's/ .*//; s/^/--keep-global-symbol=/' \
	    $@.parts/rungs)" tests/explorer/explore.sh $@.parts/lesson.o \
	    $(call scenes,$*) $(filter %.a,$^)
	objcopy --redefine-syms=$@.parts/rungs $@.parts/lesson.o $@

# --- Explorer -----------------------------------------------------------------
# make explore FILE=program.c ARGS=--prove; FILES="a.c b.c" for several.

.PHONY: explore explorer
explorer: $(EXPLORER)/explorer.o $(EXPLORER)/main.o $(EXPLORED)

# Leaves the explored program in $$out.
define explored
	test -n "$(FILE)$(FILES)" || \
	    { echo "make $@ FILE=program.c, please"; exit 2; }; \
	mkdir -p $(EXPLORER)/programs; \
	out="$(EXPLORER)/programs/$$(basename "$(or $(FILE),$(firstword \
	    $(FILES)))" .c | tr ' ' _)"; \
	CC="$(CC)" EXPLORE_CFLAGS="-I." tests/explorer/explore.sh "$$out" \
	    $(if $(FILE),"$(FILE)") $(FILES) $(EXPLORED)
endef

explore: explorer ## go through all interleavings of FILE=program.c
	+@$(explored) && exec "$$out" $(ARGS)

# That the bug was reached is no error.
.PHONY: play
play: explorer ## be the scheduler of FILE=program.c, step by step
	+@$(explored) && { "$$out" --play $(ARGS) || test $$? = 1; }

# One object, of which only the names that programs use can be seen.
ROOMS := fibers model memory search report play
$(EXPLORER)/explorer.o: $(patsubst %.c,$(EXPLORER)/%.o,$(filter-out %/main.c, \
        $(wildcard tests/explorer/*.c $(ROOMS:%=tests/explorer/%/*.c))))
	$(LD) -r -o $@ $^
	objcopy --wildcard --keep-global-symbol='explorer_*' \
	    --keep-global-symbol='explored_*' --keep-global-symbol='__tsan_*' $@
	nm $@ | sed -n 's/.* T explored_//p' | LC_ALL=C sort >$(EXPLORER)/modelled

$(EXPLORER)/main.o: $(EXPLORER)/tests/explorer/main.o
	cp $< $@

$(EXPLORER)/tests/explorer/%.o: tests/explorer/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -D_GNU_SOURCE $(CFLAGS) -c -o $@ $<

# The primitives as explored programs see them: each wait sleeps at once.
HOOKS = -O0 -g -fsanitize=thread -fno-builtin $(if $(findstring clang,$(shell \
        $(CC) --version)),-mllvm -tsan-instrument-read-before-write=1)
$(EXPLORER)/primitives/%.o: primitives/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(HOOKS) -DSYNC_LOOKS=0 -c -o $@ $<

# What C code explores: the functions scenario_... of a file.
$(EXPLORER)/scenarios/%.o: %.c $(wildcard tests/explorer/suite/*.h) \
        tests/explorer/explore.sh $(EXPLORER)/explorer.o
	@mkdir -p $(@D)
	CC="$(CC)" EXPLORE_CFLAGS="$(CPPFLAGS) -D_GNU_SOURCE" \
	EXPLORE_KEEP="--wildcard --keep-global-symbol=scenario_*" \
	    tests/explorer/explore.sh $@ $<

# The scenarios of a module, with the library as it is explored.
$(EXPLORER)/prove/%.o: tests/prove/%.c tests/prove/runner/threads.c \
        $(EXPLORER)/primitives.a $(wildcard tests/prove/*.h) \
        tests/explorer/explore.sh $(EXPLORER)/explorer.o
	@mkdir -p $(@D)
	CC="$(CC)" EXPLORE_CFLAGS="$(CPPFLAGS) $(CFLAGS)" \
	EXPLORE_KEEP="--wildcard --keep-global-symbol=scenario_*" \
	    tests/explorer/explore.sh $@ $(filter %.c %.a,$^)

$(EXPLORER)/primitives.a: $(patsubst %.c,$(EXPLORER)/%.o,$(PRIMITIVES))
	rm -f $@
	$(AR) rcs $@ $^

# Not hooked: the explorer sees no step there.
$(EXPLORER)/told/%.c: primitives/%.h tests/explorer/told.sh
	@mkdir -p $(@D)
	tests/explorer/told.sh $< >$@

$(EXPLORER)/told/%.o: $(EXPLORER)/told/%.c tests/explorer/explorer.h
	$(CC) $(CPPFLAGS) -std=c11 -O1 -c -o $@ $<

$(EXPLORER)/told.a: $(patsubst primitives/%.h,$(EXPLORER)/told/%.o, \
        $(filter-out $(INTERNAL),$(wildcard primitives/*.h)))
	rm -f $@
	$(AR) rcs $@ $^

# --- Tests --------------------------------------------------------------------
# make test MODULE=queue runs one suite.

MODULE := $(SUITES:test_%=%)
RUN    ?=

# The tests' copy of the library calls fault_malloc and so on: tests/faults.c.
FAULTY := malloc calloc realloc free pthread_create pthread_join \
          pthread_key_create pthread_key_delete pthread_setspecific \
          pthread_mutex_init pthread_mutex_destroy \
          pthread_cond_init pthread_cond_destroy \
          pthread_condattr_init pthread_condattr_destroy clock_gettime

$(BUILD)/tests/libfaulty.a: $(LIBRARY) Makefile
	@mkdir -p $(@D)
	objcopy $(foreach name,$(FAULTY),--redefine-sym $(name)=fault_$(name)) \
	    $< $@

.PHONY: need-check suites
need-check: need-cc
	$(call need,check pkg-config,pkg-config --exists check)

suites: $(MODULE:%=$(BUILD)/tests/test_%)
	@for suite in $^; do $(RUN) $$suite || exit; done

test: suites ## test all, or MODULE=queue alone; installs what it needs
ifeq ($(origin MODULE),file)
# And then one by one, undisturbed:
test: library $(BUILD)/tests/stress $(PROVED:%=$(BUILD)/prove/%) \
      $(LESSONS:%=$(BUILD)/lessons/%) $(LESSONS:%=$(BUILD)/tests/fixes/%)
	+@$(MAKE) --no-print-directory -j1 prove told fixes stress installed \
	    clock BRIEF=1
endif

$(call objects,$(wildcard tests/*.c)): | need-check

$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o \
        $(call objects,tests/support.c tests/faults.c) \
        $(BUILD)/tests/libfaulty.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $$(pkg-config --libs check)

$(BUILD)/tests/test_explorer: $(EXPLORER)/explorer.o \
        $(EXPLORER)/scenarios/tests/explorer/suite/scenarios.o \
        $(EXPLORER)/scenarios/tests/explorer/suite/needles.o \
        $(call objects,tests/explorer/suite/reference.c)

.PHONY: programs games need-readers
need-readers: # of what the explorer writes
	$(call need,jq libxml2-utils,command -v jq && command -v xmllint)

# make prove MODULE=event SCENARIO="set | wait"; BRIEF=1 prints only the sums.
SCENARIO  ?=
TO_PROVE  := $(if $(filter file,$(origin MODULE)),$(PROVED),$(MODULE))

prove: $(TO_PROVE:%=$(BUILD)/prove/%) ## take the library's calls through all orders
	@BRIEF=$(BRIEF) tests/prove/runner/prove.sh "$(SCENARIO)" $^

$(BUILD)/prove/%: $(BUILD)/obj/tests/prove/runner/main.o \
        $(EXPLORER)/explorer.o $(EXPLORER)/prove/%.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

test: $(if $(filter explorer,$(MODULE)),programs games)
programs: explorer | need-readers
	@tests/explorer/suite/programs.sh $(BUILD) gcc clang

games: explorer
	@CC="$(CC)" tests/explorer/suite/games.sh $(BUILD)

# The lessons: as they say, every time, and the fixes hold natively, too. What
# the tools say of the order of locks is left out: they do not count permits.
RUNS ?= 100
.PHONY: told fixes
told: $(LESSONS:%=$(BUILD)/lessons/%)
	@tests/lessons/told.sh $(BUILD) "$(CC)" $^

fixes: $(LESSONS:%=$(BUILD)/tests/fixes/%)
	@for lesson in $^; do TSAN_OPTIONS=detect_deadlocks=0 \
	    $(RUN) $$lesson $(RUNS) || exit; done
	@echo "The fixes of $(words $^) lessons held $(RUNS) times each."

$(BUILD)/tests/fixes/%: $(call objects,tests/lessons/fixes.c \
        lessons/telling/luck.c) \
        $$(call objects,$$(wildcard lessons/$$*/*.c)) $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

# Random operations, whose histories are checked against a model.
SECONDS ?= 2
SEED    ?=
$(BUILD)/tests/stress: $(call objects,$(wildcard tests/stress/*.c)) $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

stress: $(BUILD)/tests/stress ## random operations for SECONDS=10, from SEED=1
	@$(RUN) $< --seconds $(SECONDS) $(SEED:%=--seed %)

.PHONY: installed clock
installed: library | need-check
	+@tests/install.sh $(BUILD) "$(CC)" "$(LDFLAGS)"

clock: $(SUITES:%=$(BUILD)/tests/%)
	$(call need,strace,command -v strace)
	@tests/clock.sh $(BUILD)

# --- Tests of a stricter kind ------------------------------------------------

# Address randomisation is off: older sanitizers cannot do with much of it.
UNMOVED := $(shell setarch -R true 2>/dev/null && echo setarch -R)

# The explorer stands in for the sanitizers and runs threads as fibers, which
# these tools cannot follow.
UNEXPLORED = $(filter-out explorer,$(MODULE))

.PHONY: testable
testable: $(MODULE:%=$(BUILD)/tests/test_%) $(BUILD)/tests/stress \
          $(LESSONS:%=$(BUILD)/tests/fixes/%)

# Built by all processors, then tested undisturbed.
sanitize: | need-check ## all under gcc's and clang's sanitizers
	$(call need,clang libclang-rt-dev,command -v clang)
	@for cc in gcc clang; do for kind in thread address undefined; do \
	    echo "== $$cc -fsanitize=$$kind"; \
	    sanitized() { CK_TIMEOUT_MULTIPLIER=10 $(MAKE) -s \
	        --no-print-directory "$$@" \
	        BUILD=$(BUILD)/$$cc-$$kind CC=$$cc RUN="$(UNMOVED)" \
	        CFLAGS="-O1 -g -fsanitize=$$kind -fno-sanitize-recover=all" \
	        MODULE="$$(test $$kind = undefined && echo $(MODULE) || \
	            echo $(UNEXPLORED))" RUNS=20; }; \
	    sanitized -j$$(nproc) testable && sanitized suites stress fixes || \
	        exit; \
	done; done

HELGRIND := valgrind -q --tool=helgrind --fair-sched=yes --error-exitcode=9

helgrind: | need-check ## all under Helgrind
	$(call need,valgrind,command -v valgrind)
	@CK_TIMEOUT_MULTIPLIER=20 $(MAKE) -s --no-print-directory suites \
	    MODULE="$(UNEXPLORED)" RUN="$(HELGRIND)"
	@$(MAKE) -s --no-print-directory fixes RUNS=3 \
	    RUN="$(HELGRIND) --track-lockorders=no"
	@$(MAKE) -s --no-print-directory transfer

# The page "At work" quotes what the tools say of some programs.
.PHONY: transfer
transfer: need-cc
	$(call need,gdb valgrind,command -v gdb && command -v valgrind)
	@$(UNMOVED) tests/lessons/transfer.sh

.PHONY: everything
everything: library $(LESSONS:%=$(BUILD)/lessons/%) \
            $(LESSONS:%=$(BUILD)/tests/fixes/%) \
            $(SUITES:%=$(BUILD)/tests/%) $(BUILD)/tests/stress \
            $(BUILD)/tests/bench explorer $(PROVED:%=$(BUILD)/prove/%)

SOURCES := $(filter-out tests/install/%,$(wildcard primitives/*.c \
             lessons/*.c lessons/*/*.c tests/*.c tests/*/*.c \
             tests/bench/*/*.c $(ROOMS:%=tests/explorer/%/*.c) \
             tests/explorer/suite/*.c tests/prove/runner/*.c))
HEADERS := $(wildcard primitives/*.h lessons/*.h lessons/*/*.h tests/*.h \
             tests/*/*.h \
             tests/explorer/*/*.h)
GLIB     = $(shell pkg-config --cflags glib-2.0)

# $(call tidy,FILES,FLAGS): clang-tidy, by all processors.
tidy = printf '%s\n' $(1) | xargs -P $$(nproc) -n 8 sh -c 'clang-tidy --quiet \
    --warnings-as-errors="*" "$$@" -- $(CPPFLAGS) $(2) -std=c11' tidy

lint: | need-check need-glib ## gcc -fanalyzer, clang-tidy, cppcheck, the format
	$(call need,clang-format clang-tidy cppcheck,\
	    command -v clang-format && command -v clang-tidy && command -v cppcheck)
	clang-format --dry-run --Werror $(SOURCES) $(HEADERS)
	$(MAKE) -s --no-print-directory BUILD=$(BUILD)/analyzer CC=gcc CI=1 \
	    CFLAGS="-O1 -g -fanalyzer" everything
	cppcheck -j $$(nproc) --quiet --std=c11 --language=c --inline-suppr --error-exitcode=1 \
	    --enable=warning,performance,portability \
	    '-D__has_include(x)=0' -DLESSON_ROOT='"."' -I. $(SOURCES)
	$(call tidy,$(filter-out tests/explorer/%,$(SOURCES)),$(GLIB) \
	    -DLESSON_ROOT=\".\")
	$(call tidy,$(filter tests/explorer/%,$(SOURCES)),-D_GNU_SOURCE)

coverage: | need-check ## line and branch coverage of each module
	@CFLAGS="-O0 -g --coverage -fprofile-update=atomic" \
	    $(MAKE) -s --no-print-directory BUILD=$(BUILD)/coverage CC=gcc \
	    MODULE="$(UNEXPLORED)" suites
	@tests/coverage.sh $(BUILD)/coverage $(PRIMITIVES)

# --- Benchmarks -----------------------------------------------------------------

.PHONY: need-glib
need-glib: need-cc
	$(call need,libglib2.0-dev pkg-config,pkg-config --exists glib-2.0)

$(BUILD)/obj/tests/bench/%.o: override CPPFLAGS += $(GLIB)
$(call objects,$(wildcard tests/bench/*.c)): | need-glib

$(BUILD)/tests/bench: $(call objects,$(wildcard tests/bench/*.c)) $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $$(pkg-config --libs glib-2.0)

$(EXPLORER)/rate: $(call objects,tests/bench/explorer/rate.c) \
        $(EXPLORER)/explorer.o \
        $(EXPLORER)/scenarios/tests/bench/explorer/locks.o
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

# How soon random runs find bugs of two among many threads.
$(EXPLORER)/detect: $(call objects,tests/bench/explorer/detect.c) \
        $(EXPLORER)/explorer.o \
        $(EXPLORER)/scenarios/tests/explorer/suite/needles.o
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

bench: $(BUILD)/tests/bench $(EXPLORER)/rate $(EXPLORER)/detect ## compare with pthreads, C11, GLib; ARGS="--help"
	@$< $(ARGS)
	@$(EXPLORER)/rate
	@$(EXPLORER)/detect

# --- Documentation --------------------------------------------------------------

# First the headers alone, where nothing may be undocumented, then the site.
docs: explorer $(LESSONS:%=$(BUILD)/lessons/%) ## make the HTML documentation in build/docs
	$(call need,doxygen graphviz,command -v doxygen && command -v dot)
	@mkdir -p $(BUILD)/docs/html $(BUILD)/pages
	@tests/explorer/calls.sh $(BUILD) >$(BUILD)/pages/explorer-calls.md
	@docs/pages.sh $(BUILD) $(LESSONS:%=$(BUILD)/lessons/%)
	@for config in docs/Doxyfile.headers docs/Doxyfile; do \
	    BUILD=$(BUILD) VERSION=$(VERSION) COURSE="$$(echo $(LESSONS) | tr " " "|")" \
	    WARN_AS_ERROR=$(if $(CI),FAIL_ON_WARNINGS,NO) \
	        doxygen $$config || exit; done
	@docs/pages.sh $(BUILD)
	@echo "The documentation is $(BUILD)/docs/html/index.html"

# --- Installation ---------------------------------------------------------------

TARGET   := $(DESTDIR)$(PREFIX)

install: library ## install under DESTDIR and PREFIX, which is /usr/local
	install -d $(TARGET)/lib/pkgconfig $(TARGET)/include/lockstep
	install -m 644 $(filter-out $(INTERNAL),$(wildcard primitives/*.h)) \
	    $(TARGET)/include/lockstep
	install -m 644 $(LIBRARY) $(TARGET)/lib
	install -m 755 $(BUILD)/liblockstep.so $(TARGET)/lib/liblockstep.so.0
	ln -sf liblockstep.so.0 $(TARGET)/lib/liblockstep.so
	printf '%s\n' 'prefix=$(PREFIX)' 'libdir=$${prefix}/lib' \
	    'includedir=$${prefix}/include' '' 'Name: lockstep' \
	    'Description: Concurrency primitives over pthreads, for learning' \
	    'Version: $(VERSION)' 'Cflags: -I$${includedir} -pthread' \
	    'Libs: -L$${libdir} -llockstep -pthread' \
	    >$(TARGET)/lib/pkgconfig/lockstep.pc

clean: ## remove all that was made
	rm -rf $(BUILD)
