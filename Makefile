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
LESSONS    := $(filter-out exercises solutions, \
                $(patsubst lessons/%/,%,$(filter %/,$(wildcard lessons/*/))))
SUITES     := $(patsubst tests/%.c,%,$(wildcard tests/test_*.c))
LIBRARY    := $(BUILD)/liblockstep.a

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

.PHONY: all help lessons test stress sanitize helgrind lint coverage bench \
        docs install clean
.SECONDARY:
.SECONDEXPANSION:
.DELETE_ON_ERROR:

all: library $(LESSONS:%=$(BUILD)/lessons/%) ## build the library and the lessons
	@echo
	@echo "Built. Next:"
	@echo "  make lessons            runs the lessons"
	@echo "  build/lessons/lock      tells one of them"
	@echo "  make test               tests the library"
	@echo "  make help               says what else there is"

help: ## list what there is to do
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1|\2/p' Makefile | \
	    while IFS='|' read -r target text; do \
	        printf '  %-11s %s\n' $$target "$$text"; done

# --- What is needed -----------------------------------------------------------
# $(call need,PACKAGES,TEST): installs Debian packages unless the test succeeds.

define need
	@{ $(2); } >/dev/null 2>&1 || { \
	    command -v apt-get >/dev/null || \
	        { echo "Please install what Debian calls: $(1)"; exit 1; }; \
	    sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	    echo "Installing, with $$sudo apt-get: $(1)"; \
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

lessons: $(LESSONS:%=$(BUILD)/lessons/%) ## build and run the lessons
	@for lesson in $^; do $$lesson || exit; done

$(BUILD)/lessons/%: $$(call objects,$$(wildcard lessons/$$*/*.c lessons/*.c)) \
                    $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

# --- Tests --------------------------------------------------------------------
# make test MODULE=queue runs one suite.

MODULE ?= $(SUITES:test_%=%)

# The tests' copy of the library calls fault_malloc and so on: tests/faults.c.
FAULTY := malloc calloc realloc free pthread_create pthread_join \
          pthread_key_create pthread_key_delete pthread_setspecific \
          pthread_mutex_init pthread_mutex_destroy \
          pthread_cond_init pthread_cond_destroy

$(BUILD)/tests/libfaulty.a: $(LIBRARY)
	@mkdir -p $(@D)
	objcopy $(foreach name,$(FAULTY),--redefine-sym $(name)=fault_$(name)) \
	    $< $@

.PHONY: need-check suites
need-check: need-cc
	$(call need,check pkg-config,pkg-config --exists check)

suites: $(MODULE:%=$(BUILD)/tests/test_%) | need-check
	@for suite in $^; do $$suite || exit; done

test: suites ## test all, or MODULE=queue alone; installs what it needs

$(call objects,$(wildcard tests/*.c)): | need-check

$(BUILD)/tests/%: $(BUILD)/obj/tests/%.o \
        $(call objects,tests/support.c tests/faults.c) \
        $(BUILD)/tests/libfaulty.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $$(pkg-config --libs check)

clean: ## remove all that was made
	rm -rf $(BUILD)
