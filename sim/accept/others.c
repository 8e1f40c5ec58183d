/* others.c: see others.h. */
#include "sim/accept/others.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/first_line.h"
#include "splitter/base/sentence.h"
#include "splitter/scsi/cause.h"

/*
 * Commands to another device count as use of the adapter if there is more than
 * one for each 20 to the drive.
 */
enum { ADAPTER_SHARE = 20 };

/* --- the kernel's counts --- */

static bool read_line(const char *folder, const char *name, char *text,
    size_t bytes)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s/%s", folder, name);

	text[0] = '\0';
	if (n > 0 && (size_t)n < sizeof path)
		first_line_read(path, text, bytes);
	return text[0] != '\0';
}

/* "0x1a2f". */
static bool read_commands(const char *folder, uint64_t *commands)
{
	char text[32], *end;

	if (!read_line(folder, "iorequest_cnt", text, sizeof text))
		return false;
	errno = 0;
	*commands = strtoull(text, &end, 16);
	return errno == 0 && end != text && *end == '\0';
}

/* Changers and enclosures (types 8 and 13) move no data. */
static bool moves_data(const char *folder)
{
	char type[16];

	return read_line(folder, "type", type, sizeof type) &&
	    strcmp(type, "8") != 0 && strcmp(type, "13") != 0;
}

/* Adds a device of sysfs if it is on the adapter of the drive. */
static void take_device(struct others_counts *c, const char *folder,
    const char *address, const char *own)
{
	struct others_device *d = &c->device[c->devices];
	unsigned host, own_host, channel, id;
	uint64_t lun;
	char path[PATH_MAX];
	int n;

	if (sscanf(own, "%u:", &own_host) != 1 ||
	    sscanf(address, "%u:%u:%u:%" SCNu64, &host, &channel, &id, &lun) !=
		4 ||
	    host != own_host || strcmp(address, own) == 0 ||
	    c->devices == OTHERS_DEVICES ||
	    strlen(address) >= sizeof d->address)
		return;
	n = snprintf(path, sizeof path, "%s/%s", folder, address);
	if (n < 0 || (size_t)n >= sizeof path || !moves_data(path) ||
	    !read_commands(path, &d->commands))
		return;
	strcpy(d->address, address);
	c->devices++;
}

static bool read_counts(const struct others *o, struct others_counts *c)
{
	const struct scsi_system *system =
	    o->system != NULL ? o->system : &scsi_system_running;
	char folder[PATH_MAX];
	struct dirent *entry;
	DIR *list;

	memset(c, 0, sizeof *c);
	if (o->names == NULL || o->names->folder[0] == '\0' ||
	    !read_commands(o->names->folder, &c->drive))
		return false;
	snprintf(folder, sizeof folder, "%s/sys/bus/scsi/devices",
	    system->root != NULL ? system->root : "");
	list = opendir(folder);
	while (list != NULL && (entry = readdir(list)) != NULL)
		take_device(c, folder, entry->d_name, o->names->address);
	if (list != NULL)
		closedir(list);
	return true;
}

/* --- answers --- */

/*
 * Reset, modes, log parameters or reservations changed, commands cleared,
 * microcode changed, by another initiator: SPC-4.  28h, the medium may have
 * changed, also follows the loads of the run.
 */
static bool is_of_others(const struct scsi_sense *sense)
{
	enum { ATTENTION = 6 };

	return sense->valid && !sense->deferred && sense->key == ATTENTION &&
	    (sense->asc == 0x29 || sense->asc == 0x2a || sense->asc == 0x2f ||
		(sense->asc == 0x3f && sense->ascq == 0x01));
}

/*
 * The medium may have changed, or is not there, is being loaded (04/01) or is
 * unloaded (04/02): SPC-4.  Any other 04h is the drive, or the memory of the
 * cartridge (04/10).
 */
static bool is_removal(const struct scsi_answer *a)
{
	enum { NOT_READY = 2, ATTENTION = 6, LOADING = 1, UNLOADED = 2 };
	const struct scsi_sense *s = &a->sense;

	return a->outcome == SCSI_ANSWERED && s->valid && !s->deferred &&
	    ((s->key == ATTENTION && s->asc == 0x28) ||
		(s->key == NOT_READY &&
		    (s->asc == 0x3a ||
			(s->asc == 0x04 &&
			    (s->ascq == LOADING || s->ascq == UNLOADED)))));
}

/* Returns the sign that an answer is, or OTHERS_SIGNS. */
static enum others_sign sign_of(const struct scsi_command *command,
    const struct scsi_answer *a)
{
	enum { TEST_UNIT_READY = 0x00 };

	if (a->outcome == SCSI_LOST)
		return OTHERS_LOST;
	if (a->outcome != SCSI_ANSWERED)
		return OTHERS_SIGNS;
	switch (a->status) {
	case SCSI_RESERVATION_CONFLICT:
		return OTHERS_CONFLICT;
	case SCSI_BUSY:
		/* A drive that loads a cartridge may say so. */
		return command->cdb[0] == TEST_UNIT_READY ? OTHERS_SIGNS
							  : OTHERS_BUSY;
	case SCSI_TASK_SET_FULL:
		return OTHERS_FULL;
	case SCSI_TASK_ABORTED:
		return OTHERS_ABORTED;
	default:
		break;
	}
	if (a->sense.valid && scsi_is_of_transport(a->sense.key, a->sense.asc))
		return OTHERS_TRANSPORT;
	return is_of_others(&a->sense) ? OTHERS_ATTENTION : OTHERS_SIGNS;
}

bool others_note(struct others *o, const struct scsi_command *command,
    const struct scsi_answer *answer)
{
	enum { WRITE_6 = 0x0a, WRITE_16 = 0x8a };
	enum others_sign sign = sign_of(command, answer);
	uint8_t code = command->cdb[0];

	if (answer->outcome != SCSI_NOT_SENT)
		o->sent++;
	if (code == WRITE_6 || code == WRITE_16)
		o->written_bytes += command->data_bytes;
	if (o->removed[0] == '\0' && is_removal(answer))
		scsi_answer_text(command, answer, o->removed,
		    sizeof o->removed);
	if (sign == OTHERS_SIGNS)
		return false;
	if (o->signs[sign]++ == 0)
		scsi_answer_text(command, answer, o->first[sign],
		    sizeof o->first[sign]);
	return true;
}

/* --- what was seen --- */

/* Reads the generation of the registrations. */
static bool read_generation(struct scsi_unit *unit, uint32_t *generation)
{
	struct scsi_persistent p;

	if (!scsi_send_persistent_read(unit, &p))
		return false;
	*generation = p.generation;
	return true;
}

void others_begin(struct others *o, const struct scsi_names *names,
    const struct scsi_system *system)
{
	memset(o, 0, sizeof *o);
	o->names = names;
	o->system = system;
	o->has_counts = read_counts(o, &o->counts);
}

bool others_check(struct others *o, struct scsi_unit *unit)
{
	struct others_counts now = { 0 };

	o->has_generation = read_generation(unit, &o->generation);
	o->has_counts = o->has_counts && read_counts(o, &now) &&
	    now.drive - o->counts.drive == o->sent - o->counted_sent;
	o->counts = now;
	o->counted_sent = o->sent;
	memset(o->signs, 0, sizeof o->signs);
	return o->has_counts;
}

static void take_signs(struct others *o, struct accept_others *seen)
{
	for (unsigned i = 0; i < OTHERS_SIGNS; i++) {
		char *text = i == OTHERS_TRANSPORT ? seen->way : seen->drive;

		if (o->signs[i] > 1)
			sentence_add(text, OTHERS_TEXT_BYTES, "; ",
			    "%s (%" PRIu64 " times)", o->first[i], o->signs[i]);
		else if (o->signs[i] == 1)
			sentence_add(text, OTHERS_TEXT_BYTES, "; ", "%s",
			    o->first[i]);
	}
	memset(o->signs, 0, sizeof o->signs);
}

static void take_generation(struct others *o, struct scsi_unit *unit,
    char text[OTHERS_TEXT_BYTES])
{
	uint32_t generation;

	if (!o->has_generation || !read_generation(unit, &generation))
		return;
	if (generation != o->generation)
		sentence_add(text, OTHERS_TEXT_BYTES, "; ",
		    "another initiator changed the registrations");
	o->generation = generation;
}

/* Adds the devices that had many commands, compared with those of the drive. */
static void take_adapter(const struct others_counts *before,
    const struct others_counts *now, uint64_t sent,
    char text[OTHERS_TEXT_BYTES])
{
	for (size_t i = 0; i < now->devices; i++) {
		const struct others_device *d = &now->device[i];
		uint64_t commands = d->commands;

		for (size_t j = 0; j < before->devices; j++)
			if (strcmp(before->device[j].address, d->address) == 0)
				commands -= before->device[j].commands;
		if (commands > sent / ADAPTER_SHARE)
			sentence_add(text, OTHERS_TEXT_BYTES, "; ",
			    "%s had %" PRIu64 " commands", d->address,
			    commands);
	}
}

static void take_counts(struct others *o, struct accept_others *seen)
{
	struct others_counts now;
	uint64_t sent = o->sent - o->counted_sent;

	if (!o->has_counts || !read_counts(o, &now))
		return;
	if (now.drive - o->counts.drive > sent)
		seen->commands = now.drive - o->counts.drive - sent;
	take_adapter(&o->counts, &now, sent, seen->adapter);
	o->counts = now;
	o->counted_sent = o->sent;
}

void others_take(struct others *o, struct scsi_unit *unit,
    struct accept_others *seen)
{
	*seen = (struct accept_others){ .written_bytes = o->written_bytes };
	o->written_bytes = 0;
	take_generation(o, unit, seen->drive);
	seen->lost = o->signs[OTHERS_LOST] > 0;
	memcpy(seen->removed, o->removed, sizeof seen->removed);
	o->removed[0] = '\0';
	take_signs(o, seen);
	take_counts(o, seen);
}
