/*
 * loader_stage.h: a loader with a served library of three drives, for tests.
 *
 * The host numbers the drives in the other direction than the library: nst0 is
 * the drive in element 258.  VTA001L8 and VTA002L8 are named, and are in the
 * first two slots.
 */
#ifndef SPLITTER_CHANGER_LOADER_STAGE_H
#define SPLITTER_CHANGER_LOADER_STAGE_H

#include "splitter/changer/loader.h"
#include "splitter/changer/tests/bent_port.h"
#include "splitter/changer/tests/fake_host.h"
#include "splitter/scsi/tests/served_port.h"

enum { DRIVES = 3, FIRST_DRIVE = 256, FIRST_SLOT = 1024 };

extern struct loader_stage {
	struct served_library *library;
	struct served_port *port; /* of the changer */
	struct fake_host host;
	struct loader *loader;
	char err[512], barcode[TAPE_BARCODE_BYTES];
	char said[32768]; /* notices */
	char away[512];   /* by loader_stage_finish() */
	bool sg_in_use;   /* sg nodes of drives cannot be opened */
	bool st_in_use;   /* the same of the nodes of the tape driver */
	bool reading;     /* nothing is written */
	unsigned hangs;   /* this sg node answers no more; 0: each answers */
	unsigned busy;    /* this sg node answers only BUSY; 0: none */
} los;

/* The fixture of each test; a test then begins. */
void loader_stage_up(void);
void loader_stage_down(void);

/* Makes drives that load a cartridge for the first time for so long. */
void loader_stage_initialize(int64_t ns);

/* Opens the changer, whose port is bent, if `bend` is not NULL. */
void loader_stage_begin(const struct bend *bend);

/* loader_finish(). */
int loader_stage_finish(void);

/* Returns the path of a node, such as "nst0". */
const char *loader_stage_node(const char *name);

/* Whether the drive, from 0, has loaded a cartridge. */
bool loader_stage_is_loaded(unsigned drive);

/* How often MOVE MEDIUM was sent. */
unsigned loader_stage_moves(void);

/* loader_prove() and loader_change() for a node. */
void ck_proves(const char *name);
void ck_does_not_prove(const char *name, const char *words);
void ck_changes(const char *name, const char *wanted);
void ck_fails(const char *name, const char *wanted, const char *words);

#endif
