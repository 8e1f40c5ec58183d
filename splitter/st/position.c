/*
 * st_position.c: what the position that a drive reports is worth.
 *
 * MTIOCPOS asks by the vendor's form of READ POSITION, unless the driver's
 * option scsi2logical is set.  Most drives answer it as they answer the other
 * form, some refuse it, some report a number that counts no blocks.  Then the
 * drive is asked by the other form, through SG_IO, where this process may.
 */
#include "splitter/st/impl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"

/* By the other form, if that gives the block that is expected. */
static bool try_scsi(struct st *st, uint64_t expected)
{
	uint64_t object;

	if (st->by_scsi)
		return false;
	st->by_scsi = true;
	if (st_where(st, &object) == 0 && object == expected)
		return true;
	st->by_scsi = false;
	return false;
}

static void do_without(struct st *st, const char *why)
{
	unsigned long options;
	char advice[TAPE_MESSAGE_BYTES / 2] = "";

	st->tells = false;
	if (st_attribute(st, "options", &options) &&
	    !(options & MT_ST_SCSI2LOGICAL))
		sentence(advice, sizeof advice,
		    "; try: mt -f %s "
		    "stsetoptions scsi2logical",
		    st->device);
	st_notice(st,
	    "%.60s: %s: a wrong count at the end of a volume cannot "
	    "be detected, and after an error nothing more is written on the "
	    "volume%s",
	    st->device, why, advice);
}

void st_find_position(struct st *st)
{
	uint64_t object;
	int err;

	st->by_scsi = st->counted = false;
	err = st_where(st, &object);
	if (err != 0)
		err = st_where(st, &object);
	st->tells = (err == 0 && object == 0) || try_scsi(st, 0);
	if (!st->tells)
		do_without(st, "the drive does not report its position");
}

int st_prove_counting(struct st *st)
{
	uint64_t object, again;
	int err;

	if (!st->tells)
		return 0;
	err = st_where(st, &object);
	if (err != 0)
		return err;
	st->counted = true;
	if (object <= 1 || try_scsi(st, 1))
		return 0;
	/* SG_IO may have swallowed what the drive had to report. */
	err = st_where(st, &again);
	do_without(st,
	    "the position that the drive reports does not count "
	    "blocks");
	return err == 0 && again != object ? EIO : err;
}
