/* entry.h: adds faults to a library, written like entries of a scenario. */
#ifndef SIM_VTL_ENTRY_H
#define SIM_VTL_ENTRY_H

#include <stdbool.h>

#include "vtl/changer/drive_settings.h"

struct vtl_entry {
	enum vtl_entry_kind {
		VTL_ENTRY_DEFECT,
		VTL_ENTRY_MOVE,
		VTL_ENTRY_BARCODE,
		VTL_ENTRY_DRIVE
	} kind;
	char volume[VOLUME_BARCODE_BYTES]; /* for DEFECT and BARCODE */
	struct volume_defect defect;
	struct changer_fault move;
	struct changer_drive_fault drive;
};

/*
 * Reads `count` entries.  Returns an exit status.  Errors are printed; they
 * begin with `what`.
 */
int vtl_entry_read(struct changer *changer, const char *what,
    const char *const *texts, struct vtl_entry *entries, size_t count);

/* Adds a fault, except a defect of a volume.  Returns an exit status. */
int vtl_entry_add(struct changer *changer, const struct vtl_entry *entry);

#endif
