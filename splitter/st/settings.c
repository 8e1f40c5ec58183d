/*
 * settings.c: the settings that a run changes, as they were found.
 *
 * They are set back while the volume is still in the drive: without one the
 * driver refuses to set anything.  After a reset it refuses that, too, until the
 * tape was rewound.
 *
 * The driver always knows its block size.  Whether the drive compresses can only
 * be asked with a SCSI command, which needs CAP_SYS_RAWIO.
 */
#include "splitter/st/impl.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

void st_found_block(struct st *st, uint64_t bytes)
{
	if (!st->block_known)
		st->block_found = bytes;
	st->block_known = true;
	st->block_set = bytes;
}

void st_set_compression(struct st *st)
{
	enum splitter_st_compression want = st->drive.options.compression;
	bool on = want == SPLITTER_ST_COMPRESSION_ON, found = on;
	bool known;
	int err;

	if (want == SPLITTER_ST_COMPRESSION_UNCHANGED)
		return;
	known = st_compression(st, &found);
	if (known && found == on)
		return;
	err = st_command(st, MTCOMPRESSION, on, "set compression");
	if (err != 0) {
		real_notice(&st->drive,
		    "%s: compression cannot be set (%s): it stays unchanged",
		    st->drive.device, strerror(err));
		return;
	}
	if (st->compression_changed)
		return; /* how it was found is known already */
	st->compresses_found = found;
	st->compression_changed = known;
	if (known || st->compression_noticed)
		return;
	st->compression_noticed = true;
	real_notice(&st->drive,
	    "%s: compression is set, and stays so after the run: how it was "
	    "cannot be read without CAP_SYS_RAWIO",
	    st->drive.device);
}

/* Sets what is not as it was found.  Returns 0 or an errno. */
static int set_back(struct st *st)
{
	int err = 0, err2 = 0;

	if (st->block_known)
		err = st_set_block(st, st->block_found);
	if (st->compression_changed)
		err2 = st_command(st, MTCOMPRESSION, st->compresses_found,
		    "set compression back");
	if (err == 0)
		st->block_known = false;
	if (err2 == 0)
		st->compression_changed = false;
	return err != 0 ? err : err2;
}

void st_restore_settings(struct st *st)
{
	int err = set_back(st);

	if (err == EIO && st_command(st, MTREW, 1, "rewind") == 0)
		err = set_back(st);
	if (err == 0 || err == ENXIO || err == ENODEV)
		return;
	if (st->block_known)
		real_notice(&st->drive,
		    "%s: the block size cannot be set back (%s): run mt -f %s "
		    "setblk %" PRIu64,
		    st->drive.device, strerror(err), st->drive.device,
		    st->block_found);
	if (st->compression_changed)
		real_notice(&st->drive,
		    "%s: compression cannot be set back (%s): run mt -f %s "
		    "compression %d",
		    st->drive.device, strerror(err), st->drive.device,
		    st->compresses_found);
}
