/* entry.c: see entry.h. */
#include "sim/command/vtl/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/scenario/faults/entry.h"
#include "sim/command/vtl/vtl.h"

/*
 * Describes the drives and volumes of the library as a scenario.  Returns 0 or
 * -1.
 */
static int describe(struct scenario *s, const struct changer_element *e,
    size_t count)
{
	size_t i;

	s->drives = calloc(count + 1, sizeof *s->drives);
	s->volumes = calloc(count + 1, sizeof *s->volumes);
	if (s->drives == NULL || s->volumes == NULL)
		return -1;
	for (i = 0; i < count; i++) {
		if (e[i].kind == CHANGER_KIND_DRIVE)
			s->drives[s->drives_count++] = e[i].model;
		if (e[i].full && !e[i].cleaning)
			strcpy(s->volumes[s->volumes_count++].barcode,
			    e[i].barcode);
	}
	return 0;
}

/* Translates a fault.  Returns false if a library cannot store such a fault. */
static bool translate(const struct scenario_fault *f, struct vtl_entry *entry)
{
	switch (f->fail) {
	case FAIL_WRITE:
	case FAIL_READ:
	case FAIL_SLOW:
	case FAIL_CORRUPT:
		entry->kind = VTL_ENTRY_DEFECT;
		scenario_defect(f, &entry->defect);
		return true;
	case FAIL_MOVE:
		entry->kind = VTL_ENTRY_MOVE;
		entry->move = (struct changer_fault){
			.mode = f->move_mode, .nth = f->nth, .once = f->once
		};
		return true;
	case FAIL_BARCODE:
		entry->kind = VTL_ENTRY_BARCODE;
		return true;
	case FAIL_DRIVE:
		entry->kind = VTL_ENTRY_DRIVE;
		entry->drive.drive = (int)f->drive - 1;
		entry->drive.fault = f->of_drive;
		return true;
	default:
		return false;
	}
}

static int read_one(struct scenario *library, const char *text,
    const struct scenario_entry_errors *errors, struct vtl_entry *entry)
{
	struct scenario_fault fault;

	if (!scenario_entry_fault(text, library, &fault, errors))
		return CMD_USAGE;
	if (!translate(&fault, entry)) {
		vtl_fail("%s: a library does not store this kind of fault: use "
			 "write, read, slow, corrupt, move, barcode or drive",
		    errors->what);
		return CMD_USAGE;
	}
	if (fault.volume > 0) {
		strcpy(entry->volume,
		    library->volumes[fault.volume - 1].barcode);
		strcpy(entry->drive.fault.barcode, entry->volume);
	}
	return CMD_OK;
}

int vtl_entry_read(struct changer *changer, const char *what,
    const char *const *texts, struct vtl_entry *entries, size_t count)
{
	const struct scenario_entry_errors errors = { .what = what,
		.report = vtl_report };
	struct scenario library = { .title = NULL };
	struct changer_element *elements;
	size_t n, i;
	int status;

	status =
	    vtl_report_status(changer, changer_list(changer, &elements, &n));
	if (status != CMD_OK)
		return status;
	if (describe(&library, elements, n) != 0)
		status = vtl_fail("out of memory");
	for (i = 0; i < count && status == CMD_OK; i++)
		status = read_one(&library, texts[i], &errors, &entries[i]);
	free(library.drives);
	free(library.volumes);
	free(elements);
	return status;
}

int vtl_entry_add(struct changer *changer, const struct vtl_entry *entry)
{
	enum changer_status status = CHANGER_OK;

	switch (entry->kind) {
	case VTL_ENTRY_DEFECT: /* the volume stores its defects */
		break;
	case VTL_ENTRY_MOVE:
		status = changer_add_fault(changer, &entry->move);
		break;
	case VTL_ENTRY_BARCODE:
		status = changer_make_unreadable(changer, entry->volume);
		break;
	case VTL_ENTRY_DRIVE:
		status = changer_add_drive_fault(changer, &entry->drive);
		break;
	}
	return vtl_report_status(changer, status);
}
