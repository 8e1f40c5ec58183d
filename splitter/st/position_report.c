/*
 * position_report.c: whether the position that a drive reports can be used.
 *
 * MTIOCPOS uses the vendor's form of READ POSITION, unless the driver's option
 * scsi2logical is set.  Most drives return the same number for both forms, some
 * refuse the vendor's form, and some return a number that does not count
 * blocks.  In these cases the position is queried in the standard form, through
 * SG_IO, if this process may use it.
 */
#include "splitter/st/impl.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"

/*
 * Queries the position with the other form.  Uses that form if it returns
 * `expected`.
 */
static bool try_scsi(struct st *st, uint64_t expected)
{
	uint64_t object;

	if (st->by_scsi)
		return false;
	st->by_scsi = true;
	if (st_get_position(st, &object) == 0 && object == expected)
		return true;
	st->by_scsi = false;
	return false;
}

static void give_up_position(struct st *st, const char *why)
{
	unsigned long options;
	char advice[TAPE_MESSAGE_BYTES / 2] = "";

	st->drive.has_position = false;
	if (st_attribute(st, "options", &options) &&
	    !(options & MT_ST_SCSI2LOGICAL))
		sentence(advice, sizeof advice,
		    "; try: mt -f %s stsetoptions scsi2logical",
		    st->drive.device);
	real_notice(&st->drive, "%.60s: %s%s%s", st->drive.device, why,
	    st->drive.write_error != TAPE_OK
		? ""
		: ": lost blocks at the end of a volume cannot be detected, and "
		  "after an error nothing more is written on the volume",
	    advice);
}

void st_find_position(struct st *st)
{
	char why[128];
	uint64_t object;
	int err;

	st->by_scsi = st->counting_proven = false;
	err = st_get_position(st, &object);
	if (err != 0)
		err = st_get_position(st, &object);
	st->drive.has_position = (err == 0 && object == 0) || try_scsi(st, 0);
	if (st->drive.has_position)
		return;
	if (err != 0) {
		give_up_position(st, "the drive does not report its position");
		return;
	}
	/* Whichever is wrong, the number or the place of the tape. */
	st->drive.write_error = TAPE_POSITION_LOST;
	snprintf(why, sizeof why,
	    "after a rewind the drive is at block %" PRIu64
	    ": nothing is written on the volume",
	    object);
	give_up_position(st, why);
}

int st_prove_counting(struct st *st)
{
	uint64_t object, again;
	int err;

	if (!st->drive.has_position)
		return 0;
	err = st_get_position(st, &object);
	if (err != 0)
		return err;
	st->counting_proven = true;
	if (object <= 1 || try_scsi(st, 1))
		return 0;
	/* SG_IO may have discarded a report of the drive. */
	err = st_get_position(st, &again);
	give_up_position(st,
	    "the position that the drive reports does not count blocks");
	return err == 0 && again != object ? EIO : err;
}
