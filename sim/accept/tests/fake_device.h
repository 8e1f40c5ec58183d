/*
 * fake_device.h: a drive for acceptance runs in tests: one of a virtual library
 * on disk, which takes no time, with faults, counters and cartridges that a test
 * sets.
 */
#ifndef SIM_ACCEPT_TESTS_FAKE_DEVICE_H
#define SIM_ACCEPT_TESTS_FAKE_DEVICE_H

#include "sim/accept/device.h"

enum { FAKE_VOLUMES = 3 };

struct fake_device {
	struct accept_device device; /* first: cast to this */
	char folder[512];
	unsigned volumes;
	/* What the drive says of itself. */
	const char *serial, *firmware, *virtual_drive;
	const char *refusal; /* why it cannot be tested; or NULL */
	/* Of each volume. */
	const char *serials[FAKE_VOLUMES];
	uint64_t changes[FAKE_VOLUMES]; /* volume change reference */
	/* In its memory; NULL: none.  Only a person says its barcode. */
	const char *barcodes[FAKE_VOLUMES];
	bool claimed[FAKE_VOLUMES];
	bool write_once[FAKE_VOLUMES];
	bool bad[FAKE_VOLUMES]; /* writing meets a medium error */
	/* Reading data, no label, fails with this cause; TAPE_OK: it does not. */
	enum tape_cause unreadable;
	unsigned failing_reads;  /* this many reads from now: a medium error */
	unsigned failing_labels; /* the same of labels, which are not written */
	/* That many reads from the load on that `foreign_at_load` names. */
	unsigned failing_then;
	/* The Nth write from now meets a hardware error; 0: none. */
	unsigned hardware_error_at;
	/* The process gets this signal before the Nth write; 0: not. */
	unsigned killed_at;
	/* The same, of all that changes a volume, and after each label; 0. */
	unsigned killed_at_change;
	int signal;
	uint64_t capacities[FAKE_VOLUMES]; /* by its memory; 0: not in it */
	/* As accept_device.other_generation, of the first loads; 0: of each. */
	const char *generation;
	unsigned generation_loads;
	/* What the drive counts with each load. */
	uint64_t corrected; /* writes; and twice as many reads */
	uint64_t uncorrected, uncorrected_reads, alerts;
	uint64_t alerts_of_load;      /* set by the second load */
	bool no_counters, no_alerts;  /* the drive does not report them */
	bool uncounted[FAKE_VOLUMES]; /* nor with this volume */
	bool clears;                  /* the drive clears a counter */
	/* What others do to the drive. */
	struct accept_others others;
	uint64_t foreign_bytes, foreign_loads; /* with each load */
	/*
	 * The Nth load from now finds a block of another program, which is
	 * written with no change reference of its own; 0: none.
	 */
	unsigned foreign_at_load;
	bool memory_fails; /* and no reference can be read from then on */
	/* How often; `changed`: all that changes a volume, and then. */
	unsigned opens, writes, changed, changed_at_load;
	/* The volume in the drive when a wrong one is loaded; or NULL. */
	const char *wrong;
	/* private */
	struct library *library;
	uint64_t loads;
	unsigned loaded; /* the volume that was loaded last */
};

/* Makes the library in an empty folder. */
void fake_device_init(struct fake_device *fake, const char *folder);

/* A volume holds a block of another program. */
void fake_device_make_foreign(struct fake_device *fake, unsigned volume);

/* A volume has a scratch label that names another one. */
void fake_device_label_as(struct fake_device *fake, unsigned volume,
    const char *name);

/* The names of the volumes: VTA001L8, ... */
extern const char *const fake_device_names[FAKE_VOLUMES];

#endif
