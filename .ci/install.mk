# install.mk: installs what the Makefile builds, and makes packages.  A part of
# the Makefile.

# Directories, by the names of the GNU standards or in capitals.
PREFIX       ?= $(or $(prefix),/usr/local)
EXEC_PREFIX  ?= $(or $(exec_prefix),$(PREFIX))
BINDIR       ?= $(or $(bindir),$(EXEC_PREFIX)/bin)
LIBDIR       ?= $(or $(libdir),$(EXEC_PREFIX)/lib)
LIBEXECDIR   ?= $(or $(libexecdir),$(EXEC_PREFIX)/libexec)
INCLUDEDIR   ?= $(or $(includedir),$(PREFIX)/include)
DATAROOTDIR  ?= $(or $(datarootdir),$(PREFIX)/share)
DATADIR      ?= $(or $(datadir),$(DATAROOTDIR))
MANDIR       ?= $(or $(mandir),$(DATAROOTDIR)/man)
DOCDIR       ?= $(or $(docdir),$(DATAROOTDIR)/doc/tapelab)
PKGCONFIGDIR ?= $(LIBDIR)/pkgconfig
BASHDIR      ?= $(DATADIR)/bash-completion/completions
ZSHDIR       ?= $(DATADIR)/zsh/site-functions
INSTALL      ?= install

.PHONY: install uninstall deb check-deb check-deb-twice

# Each function of the library has a link by its name to the page that describes
# it.  The first name in a page is that of the page.
PAGES = $(wildcard sim/man/*.[1-9] splitter/api/man/*.[1-9])
LINKS = $(shell cd splitter/api/man && for page in *.3; do \
	sed -n "1,/^.Nm/d; /^.Nd/q; s/^.Nm \([a-z_]*\).*/\1.3:$$page/p" $$page; \
	done)
HEADERS := $(addprefix splitter/api/,splitter.h filters.h volumes.h label.h \
	reader.h st.h changer.h release.h) \
	splitter/tape/tape.h splitter/tape/enums.h splitter/tape/condition.h
SCHEMAS = $(wildcard sim/*/*.schema.json reports/*/*.schema.json \
	reports/*/*.xsd)
# Examples: programs with the library, and scenarios in their folders.
EXAMPLES = $(wildcard splitter/api/examples/*.[ch])
SCENARIOS = $(sort $(shell find scenarios -type f))

# What a program of this build prints about its options.
$(B)/completion/%: $(B)/tapelab
	@mkdir -p $(@D)
	@$< completion $* > $@

# The files that are installed, as FILE:PLACE, and those that are programs.
INSTALLED = \
	$(foreach f,$(LIBRARY),$f:$(LIBDIR)/$(notdir $f)) \
	$(foreach f,$(HEADERS),$f:$(INCLUDEDIR)/tapelab/$(notdir $f)) \
	$(foreach f,$(PAGES),$f:$(MANDIR)/man$(subst .,,$(suffix $f))/$(notdir $f)) \
	$(foreach f,$(SCHEMAS),$f:$(DATADIR)/tapelab/$(notdir $f)) \
	$(foreach f,$(EXAMPLES),$f:$(DOCDIR)/examples/library/$(notdir $f)) \
	README.md:$(DOCDIR)/README.md \
	$(B)/splitter.pc:$(PKGCONFIGDIR)/splitter.pc \
	$(B)/completion/bash:$(BASHDIR)/tapelab \
	$(B)/completion/zsh:$(ZSHDIR)/_tapelab
# Symbolic links, as PLACE:TARGET.  The command mtx is apart, so that it does
# not hide the one that operates real libraries.
SYMLINKS = \
	$(LIBDIR)/$(SONAME):$(SHARED) \
	$(LIBDIR)/libsplitter.so:$(SONAME) \
	$(foreach l,$(LINKS),$(MANDIR)/man3/$l) \
	$(LIBEXECDIR)/tapelab/mtx:$(shell \
	realpath -m -s --relative-to $(LIBEXECDIR)/tapelab $(BINDIR)/tapelab)
# Folders of tapelab alone.
FOLDERS = $(DOCDIR) $(DATADIR)/tapelab $(LIBEXECDIR)/tapelab \
	$(INCLUDEDIR)/tapelab

install: all $(B)/completion/bash $(B)/completion/zsh
	@sed -e 's,@PREFIX@,$(PREFIX),' -e 's,@LIBDIR@,$(LIBDIR),' \
	-e 's,@INCLUDEDIR@,$(INCLUDEDIR),' -e 's,@VERSION@,$(VERSION),' \
	splitter/api/splitter.pc.in > $(B)/splitter.pc
	@$(INSTALL) -D -m 755 $(B)/tapelab "$(DESTDIR)$(BINDIR)/tapelab"
	@for pair in $(INSTALLED); do \
		$(INSTALL) -D -m 644 "$${pair%%:*}" \
		"$(DESTDIR)$${pair#*:}" || exit 1; \
	done
	@for folder in $(sort $(dir $(SCENARIOS))); do \
		$(INSTALL) -D -m 644 -t "$(DESTDIR)$(DOCDIR)/examples/$$folder" \
		$$(find $$folder -maxdepth 1 -type f) || exit 1; \
	done
	@for pair in $(SYMLINKS); do \
		at="$(DESTDIR)$${pair%%:*}"; \
		mkdir -p "$${at%/*}" && ln -sf "$${pair#*:}" "$$at" || exit 1; \
	done

# Removes the installed files, and the folders of tapelab if they are empty.
uninstall:
	@rm -f "$(DESTDIR)$(BINDIR)/tapelab"
	@for pair in $(INSTALLED); do \
		rm -f "$(DESTDIR)$${pair#*:}" || exit 1; \
	done
	@! cd "$(DESTDIR)$(DOCDIR)/examples" 2>/dev/null || rm -f $(SCENARIOS)
	@for pair in $(SYMLINKS); do \
		rm -f "$(DESTDIR)$${pair%%:*}" || exit 1; \
	done
	@for folder in $(FOLDERS); do \
		[ ! -d "$(DESTDIR)$$folder" ] || \
		find "$(DESTDIR)$$folder" -depth -type d -empty -delete; \
	done

# Debian packages, in build/deb.
deb:
	@.ci/deps build deb
	@.ci/deb build/deb

# They are installed and used in a new system.
check-deb: deb
	@.ci/check-deb build/deb

# A build in another folder, by other settings, gives the same packages.
check-deb-twice: deb
	@umask 077; TZ=Asia/Tokyo LC_ALL=C.UTF-8 .ci/deb build/deb-again/folder
	@for package in build/deb/*.deb build/deb/*.orig.tar.xz; do \
		cmp $$package build/deb-again/folder/$${package##*/} || exit 1; \
	done
	@echo "the packages of two builds are the same"
