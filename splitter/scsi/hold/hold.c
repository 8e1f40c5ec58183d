/* hold.c: see hold.h. */
#include "splitter/scsi/hold/impl.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/mtio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/base/sentence.h"

struct scsi_hold {
	struct scsi_unit *unit;
	struct scsi_hold_options options;
	struct scsi_names names;
	const struct device_calls *calls;
	int st_fd; /* -1: there is no st node */
	char path[HOLD_RECORD_PATH_BYTES];
	bool recorded; /* the record is on the disk */
	struct hold_record record;
	char *err; /* of the caller, while reserving */
	size_t err_bytes;
};

/* Closes the st node, and frees the hold. */
static struct scsi_hold *free_hold(struct scsi_hold *hold)
{
	if (hold->st_fd != -1)
		hold->calls->close(hold->calls->arg, hold->st_fd);
	free(hold);
	return NULL;
}

/*
 * Opens the st node: no other process can open it then.  For reading, because
 * the driver refuses to open a write-protected cartridge for writing; without
 * waiting for a cartridge.
 */
static bool open_st(struct scsi_hold *hold, char *err, size_t err_bytes)
{
	const char *st = hold->names.st;
	int error;

	if (st[0] == '\0') {
		hold_notice(&hold->options,
		    "%s: the st driver has no node for the drive; nothing "
		    "holds off programs that would use it later",
		    hold->unit->port->name);
		return true;
	}
	hold->st_fd =
	    hold->calls->open(hold->calls->arg, st, O_RDONLY | O_NONBLOCK);
	if (hold->st_fd != -1)
		return true;
	error = errno;
	sentence(err, err_bytes, "%s: %s", st,
	    scsi_open_text(SCSI_NODE_ST, error));
	if (error == EBUSY)
		scsi_add_users(&hold->names, hold->options.system, err,
		    err_bytes);
	return false;
}

static bool write_record(void *arg, enum scsi_reserved reserved)
{
	struct scsi_hold *hold = arg;

	hold->record.reserved = reserved;
	hold->recorded = hold_record_write(hold->path, &hold->record, hold->err,
	    hold->err_bytes);
	return hold->recorded;
}

static bool take(struct scsi_hold *hold, char *err, size_t err_bytes)
{
	char serial[SCSI_SERIAL_BYTES], host[HOLD_HOST_BYTES];
	struct hold_record *record = &hold->record;
	bool left;

	scsi_send_serial(hold->unit, serial);
	hold_record_path(&hold->options, serial, hold->path);
	if (!hold_clean(hold->unit, &hold->options, serial, hold->path, &left,
		err, err_bytes))
		return false;
	if (left)
		hold_notice(&hold->options,
		    "%s: an earlier run left the drive as it was using it: it "
		    "is restored",
		    hold->unit->port->name);
	hold_record_begin(record, &hold->options, serial);
	hold_find(hold->unit, record);
	hold_host(&hold->options, host);
	record->key = hold_key(host, hold->options.started_s);
	hold->err = err;
	hold->err_bytes = err_bytes;
	if (hold_reserve(hold->unit, &hold->options, record->key, write_record,
		hold, &record->reserved, err, err_bytes))
		return true;
	/* Nothing is reserved, so nothing has to be restored. */
	if (hold->recorded)
		unlink(hold->path);
	return false;
}

struct scsi_hold *scsi_hold_begin(struct scsi_unit *unit,
    const struct scsi_hold_options *options, char *err, size_t err_bytes)
{
	struct scsi_hold *hold = calloc(1, sizeof *hold);

	if (hold == NULL) {
		sentence(err, err_bytes, "%s: out of memory", unit->port->name);
		return NULL;
	}
	hold->unit = unit;
	hold->options = *options;
	hold->names = *options->names;
	hold->options.names = &hold->names;
	hold->calls =
	    options->calls != NULL ? options->calls : &device_calls_system;
	hold->st_fd = -1;
	/* The st driver asks the drive when it is opened: wait before. */
	if (hold_wait(unit, &hold->options, err, err_bytes) == HOLD_READY &&
	    open_st(hold, err, err_bytes) && take(hold, err, err_bytes))
		return hold;
	return free_hold(hold);
}

const struct scsi_settings *scsi_hold_found(const struct scsi_hold *hold)
{
	return &hold->record.found;
}

enum scsi_reserved scsi_hold_reserved(const struct scsi_hold *hold)
{
	return hold->record.reserved;
}

bool scsi_hold_renew(struct scsi_hold *hold, char *err, size_t err_bytes)
{
	return hold_renew(hold->unit, &hold->options, hold->record.reserved,
	    hold->record.key, err, err_bytes);
}

/* Restores options of the st driver that another program changed meanwhile. */
static bool restore_st(struct scsi_hold *hold, char *err, size_t err_bytes)
{
	struct scsi_names now;
	char ignored[256];
	unsigned long options;
	struct mtop op = { .mt_op = MTSETDRVBUFFER };

	if (hold->st_fd == -1 || hold->record.st_options[0] == '\0' ||
	    scsi_find_names(hold->names.st, hold->options.system, &now, ignored,
		sizeof ignored) != 0 ||
	    strcmp(now.st_options, hold->record.st_options) == 0)
		return true;
	options = strtoul(hold->record.st_options, NULL, 0);
	op.mt_count = (int)(MT_ST_BOOLEANS | options);
	if (hold->calls->ioctl(hold->calls->arg, hold->st_fd, MTIOCTOP, &op) ==
	    0)
		return true;
	sentence(err, err_bytes,
	    "%s: the options of the st driver are %s, and were %s: run as "
	    "root: mt -f %s stoptions %s",
	    hold->names.st, now.st_options, hold->record.st_options,
	    hold->names.st, hold->record.st_options);
	return false;
}

/*
 * The st driver does not know that the tape was moved through the sg node: it
 * learns that the tape is at BOT, if it is there.
 */
static void tell_st(struct scsi_hold *hold)
{
	struct scsi_position position;
	struct mtop op = { .mt_op = MTREW, .mt_count = 1 };

	if (hold->st_fd != -1 && scsi_send_ready(hold->unit) == SCSI_READY &&
	    scsi_send_position(hold->unit, &position) && position.at_bop)
		hold->calls->ioctl(hold->calls->arg, hold->st_fd, MTIOCTOP,
		    &op);
}

bool scsi_hold_end(struct scsi_hold *hold, char *err, size_t err_bytes)
{
	char later[512];
	bool good;

	if (hold == NULL)
		return true;
	good = restore_st(hold, err, err_bytes);
	tell_st(hold);
	if (!hold_restore(hold->unit, &hold->options, &hold->record, later,
		sizeof later)) {
		if (good)
			sentence(err, err_bytes, "%s", later);
		good = false;
	}
	if (!hold_release(hold->unit, hold->record.reserved, hold->record.key,
		later, sizeof later)) {
		if (good)
			sentence(err, err_bytes, "%s", later);
		good = false;
	}
	if (good && hold->recorded && unlink(hold->path) != 0) {
		sentence(err, err_bytes, "%s: cannot be removed: %s",
		    hold->path, strerror(errno));
		good = false;
	}
	free_hold(hold);
	return good;
}
