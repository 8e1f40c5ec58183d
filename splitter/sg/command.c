/*
 * command.c: the commands that move the tape (SSC-4), and READ POSITION.
 */
#include "splitter/sg/impl.h"

#include <errno.h>

#include "splitter/base/big_endian.h"

/* How often a command is sent that the drive has not executed. */
enum { ATTENTION_TIMES = 8 };

enum { LONG_FORM = 0x06, LONG_BYTES = 32, SHORT_BYTES = 20 };

/* Whether the answer is a unit attention that leaves the tape where it is. */
static bool is_harmless(const struct sg *sg)
{
	const struct scsi_sense *s = &sg->unit.answer.sense;

	return scsi_is_attention(&sg->unit) &&
	    (s->asc == 0x3f || s->asc == 0x5d || s->asc == 0x0b ||
		(s->asc == 0x2a && s->ascq != 0x03 && s->ascq != 0x05));
}

/* Gives a notice of the unit attention in the last answer. */
static void note_attention(struct sg *sg)
{
	char text[256];

	scsi_unit_text(&sg->unit, text, sizeof text);
	real_notice(&sg->drive, "%s: the command is sent again", text);
}

/* Returns whether the tape is where it was before the command. */
static bool is_where_it_was(struct sg *sg)
{
	uint64_t object;

	if (!sg->drive.has_position ||
	    sg->drive.at.object == TAPE_POSITION_UNKNOWN)
		return false;
	return sg_ask_position(sg, &object) == 0 &&
	    object == sg->drive.at.object;
}

/*
 * Whether a command does the same wherever the tape is, and writes nothing: it
 * may be sent again without proof of the position, which is not known before
 * the first rewind of a volume and after many errors.
 */
static bool needs_no_position(const struct scsi_command *command)
{
	enum { REWIND = 0x01, LOAD_UNLOAD = 0x1b };
	enum { LOCATE_10 = 0x2b, LOCATE_16 = 0x92 };
	const uint8_t code = command->cdb[0];

	return code == REWIND || code == LOAD_UNLOAD || code == LOCATE_10 ||
	    code == LOCATE_16;
}

bool sg_send(struct sg *sg, const struct scsi_command *command)
{
	struct scsi_unit *unit = &sg->unit;
	struct scsi_answer first;
	unsigned attentions = 0;

	while (!scsi_send(unit, command)) {
		if (scsi_is_busy(unit)) {
			if (!scsi_wait_busy(unit))
				return false;
			continue;
		}
		if (!is_harmless(sg) || attentions++ == ATTENTION_TIMES)
			return false;
		note_attention(sg);
		first = unit->answer;
		if (!needs_no_position(command) && !is_where_it_was(sg)) {
			unit->command = *command;
			unit->answer = first;
			return false;
		}
	}
	return true;
}

/* Asks with READ POSITION in one form.  Returns 0 or an errno. */
static int ask(struct sg *sg, bool long_form, uint8_t data[LONG_BYTES])
{
	const struct scsi_command command = {
		.cdb = { 0x34, long_form ? LONG_FORM : 0 },
		.cdb_bytes = 10,
		.direction = SCSI_DATA_IN,
		.in = data,
		.data_bytes = long_form ? LONG_BYTES : SHORT_BYTES,
		.name = "READ POSITION",
	};
	unsigned attentions = 0;

	/*
	 * Not scsi_ask(): a unit attention about the position must not be
	 * skipped.
	 */
	while (!scsi_send(&sg->unit, &command)) {
		if (!is_harmless(sg) || attentions++ == ATTENTION_TIMES)
			return EIO;
		note_attention(sg);
	}
	/* Bytes that the drive has not sent are no position. */
	return scsi_received(&sg->unit) < command.data_bytes ? EIO : 0;
}

static int ask_long(struct sg *sg, uint64_t *object)
{
	enum { MPU = 0x08, LONU = 0x04 };
	uint8_t data[LONG_BYTES] = { 0 };
	int err = ask(sg, true, data);

	if (err != 0)
		return err;
	if (data[0] & LONU)
		return EIO;
	*object = get_be64(data + 8);
	sg->partition = get_be32(data + 4);
	if (!(data[0] & MPU))
		sg->file_reported = get_be64(data + 16);
	return 0;
}

static int ask_short(struct sg *sg, uint64_t *object)
{
	enum { LOLU = 0x04, PERR = 0x02 };
	uint8_t data[LONG_BYTES] = { 0 };
	int err = ask(sg, false, data);

	if (err != 0)
		return err;
	if (data[0] & (LOLU | PERR))
		return EIO;
	*object = get_be32(data + 4);
	sg->partition = data[1];
	return 0;
}

int sg_ask_position(struct sg *sg, uint64_t *object)
{
	int err;

	sg->file_reported = TAPE_POSITION_UNKNOWN;
	if (!sg->no_long_form) {
		err = ask_long(sg, object);
		if (err == 0 || !scsi_is_unsupported(&sg->unit))
			return err;
		sg->no_long_form = true;
	}
	return ask_short(sg, object);
}

bool sg_write_block(struct sg *sg, const void *data, uint32_t bytes)
{
	const struct scsi_command command = {
		.cdb = { 0x0a, 0, (uint8_t)(bytes >> 16), (uint8_t)(bytes >> 8),
		    (uint8_t)bytes },
		.cdb_bytes = 6,
		.direction = SCSI_DATA_OUT,
		.out = data,
		.data_bytes = bytes,
		.name = "WRITE(6)",
	};

	return sg_send(sg, &command);
}

bool sg_read_block(struct sg *sg, void *buf, uint32_t bytes)
{
	const struct scsi_command command = {
		.cdb = { 0x08, 0, (uint8_t)(bytes >> 16), (uint8_t)(bytes >> 8),
		    (uint8_t)bytes },
		.cdb_bytes = 6,
		.direction = SCSI_DATA_IN,
		.in = buf,
		.data_bytes = bytes,
		.name = "READ(6)",
	};

	return sg_send(sg, &command);
}

bool sg_write_filemark(struct sg *sg, bool sync)
{
	enum { IMMED = 0x01 };
	const struct scsi_command command = {
		.cdb = { 0x10, sync ? 0 : IMMED, 0, 0, 1 },
		.cdb_bytes = 6,
		.name = "WRITE FILEMARKS(6)",
	};

	return sg_send(sg, &command);
}

bool sg_rewind_tape(struct sg *sg)
{
	const struct scsi_command command = {
		.cdb = { 0x01 },
		.cdb_bytes = 6,
		.name = "REWIND",
	};

	return sg_send(sg, &command);
}

bool sg_format_medium(struct sg *sg)
{
	const struct scsi_command command = {
		.cdb = { 0x04 },
		.cdb_bytes = 6,
		.name = "FORMAT MEDIUM",
	};

	return sg_send(sg, &command);
}

bool sg_space(struct sg *sg, enum sg_space what, int32_t count)
{
	const struct scsi_command command = {
		.cdb = { 0x11, (uint8_t)what, (uint8_t)((uint32_t)count >> 16),
		    (uint8_t)((uint32_t)count >> 8), (uint8_t)count },
		.cdb_bytes = 6,
		.name = "SPACE(6)",
	};

	return sg_send(sg, &command);
}

bool sg_locate_file(struct sg *sg, uint64_t file)
{
	enum { DEST_FILE = 0x01 << 3 };
	struct scsi_command command = {
		.cdb = { 0x92, DEST_FILE },
		.cdb_bytes = 16,
		.name = "LOCATE(16)",
	};

	put_be(command.cdb + 4, file, 8);
	return sg_send(sg, &command);
}

bool sg_locate_first(struct sg *sg)
{
	enum { CP = 0x02 };
	const struct scsi_command command = {
		.cdb = { 0x2b, CP },
		.cdb_bytes = 10,
		.name = "LOCATE(10)",
	};

	return sg_send(sg, &command);
}

static bool load_unload(struct sg *sg, bool immediate, bool load)
{
	const struct scsi_command command = {
		.cdb = { 0x1b, immediate ? 1 : 0, 0, 0, load ? 1 : 0 },
		.cdb_bytes = 6,
		.name = "LOAD UNLOAD",
	};

	return sg_send(sg, &command);
}

bool sg_load(struct sg *sg, bool load)
{
	return load_unload(sg, false, load);
}

bool sg_begin_load(struct sg *sg)
{
	/* A drive without IMMED has not executed the command. */
	return load_unload(sg, true, true) ||
	    (scsi_is_unsupported(&sg->unit) && sg_load(sg, true));
}
