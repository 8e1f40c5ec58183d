/*
 * settings.c: see settings.h.
 *
 * Pages: 0Fh data compression, 10h device configuration, 10h/01h device
 * configuration extension (SSC-4).
 */
#include "splitter/scsi/facts/settings.h"

#include <stdio.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/base/sentence.h"

enum {
	COMPRESSION = 0x0f,
	COMPRESSION_AT = 2,
	DCE = 0x80,
	DCC = 0x40, /* the drive can compress */
	CONFIGURATION = 0x10,
	ALGORITHM_AT = 14,
	EXTENSION = 0x01,
	PEWS_AT = 6,
	STATUS = 0x11, /* log page: DT device status */
	PREVENTED = 0x80
};

/* Byte 0 of parameter 0: PAMR, prevented or allowed medium removal. */
static void read_door(struct scsi_unit *unit, struct scsi_settings *s)
{
	uint8_t data[256];
	struct scsi_log_value value;
	size_t bytes, at = 0;

	if (!scsi_send_log_sense(unit, STATUS, 0, data, sizeof data, &bytes))
		return;
	while (scsi_log_next(data, bytes, &at, &value))
		if (value.code == 0 && value.bytes > 0) {
			s->has_door = true;
			s->door_locked = value.value[0] & PREVENTED;
		}
}

void scsi_settings_read(struct scsi_unit *unit, struct scsi_settings *s)
{
	struct scsi_mode_data mode;
	struct scsi_position position;
	uint8_t byte;

	memset(s, 0, sizeof *s);
	if (scsi_send_mode_sense(unit, 0, 0, SCSI_MODE_CURRENT, &mode)) {
		s->has_mode = mode.has_descriptor;
		s->block_bytes = mode.block_bytes;
		s->density = mode.density;
		s->buffered_mode = mode.buffered_mode;
	}
	if (scsi_send_mode_byte(unit, COMPRESSION, COMPRESSION_AT, &byte)) {
		s->has_compression = byte & DCC;
		s->compression = byte & DCE;
	}
	s->has_algorithm = scsi_send_mode_byte(unit, CONFIGURATION,
	    ALGORITHM_AT, &s->algorithm);
	if (scsi_send_mode_sense(unit, CONFIGURATION, EXTENSION,
		SCSI_MODE_CURRENT, &mode) &&
	    mode.page != NULL && mode.page_bytes >= PEWS_AT + 2) {
		s->has_pews = true;
		s->pews_mb = get_be16(mode.page + PEWS_AT);
	}
	if (scsi_send_position(unit, &position) && position.known) {
		s->has_partition = true;
		s->partition = position.partition;
	}
	read_door(unit, s);
}

static bool fail(struct scsi_unit *unit, const char *what, char *err,
    size_t err_bytes)
{
	char answer[256];

	scsi_answer_text(&unit->command, &unit->answer, answer, sizeof answer);
	sentence(err, err_bytes, "%s: %s cannot be set: %s", unit->port->name,
	    what, answer);
	return false;
}

/* Sets what header and block descriptor have. */
static bool set_mode(struct scsi_unit *unit, const struct scsi_settings *want)
{
	struct scsi_mode_data mode;

	if (!scsi_send_mode_sense(unit, 0, 0, SCSI_MODE_CURRENT, &mode))
		return false;
	mode.block_bytes = want->block_bytes;
	mode.density = want->density;
	mode.buffered_mode = want->buffered_mode;
	return scsi_send_mode_select(unit, &mode);
}

/* Sets `bytes` bytes of a page, in the bits of the mask. */
static bool set_page(struct scsi_unit *unit, uint8_t page, uint8_t subpage,
    size_t at, uint8_t mask, const uint8_t *value, size_t bytes)
{
	struct scsi_mode_data mode;

	if (!scsi_send_mode_sense(unit, page, subpage, SCSI_MODE_CURRENT,
		&mode) ||
	    mode.page == NULL || mode.page_bytes < at + bytes)
		return false;
	for (size_t i = 0; i < bytes; i++)
		mode.page[at + i] =
		    (uint8_t)((mode.page[at + i] & ~mask) | (value[i] & mask));
	return scsi_send_mode_select(unit, &mode);
}

static bool set_dce(struct scsi_unit *unit, bool on)
{
	const uint8_t value = on ? DCE : 0;

	return set_page(unit, COMPRESSION, 0, COMPRESSION_AT, DCE, &value, 1);
}

static bool set_algorithm(struct scsi_unit *unit, uint8_t algorithm)
{
	return set_page(unit, CONFIGURATION, 0, ALGORITHM_AT, 0xff, &algorithm,
	    1);
}

static bool set_pews(struct scsi_unit *unit, uint16_t mb)
{
	uint8_t value[2];

	put_be16(value, mb);
	return set_page(unit, CONFIGURATION, EXTENSION, PEWS_AT, 0xff, value,
	    2);
}

static bool mode_differs(const struct scsi_settings *a,
    const struct scsi_settings *b)
{
	return a->has_mode && b->has_mode &&
	    (a->block_bytes != b->block_bytes || a->density != b->density ||
		a->buffered_mode != b->buffered_mode);
}

static bool compression_differs(const struct scsi_settings *a,
    const struct scsi_settings *b)
{
	return a->has_compression && b->has_compression &&
	    a->compression != b->compression;
}

static bool algorithm_differs(const struct scsi_settings *a,
    const struct scsi_settings *b)
{
	return a->has_algorithm && b->has_algorithm &&
	    a->algorithm != b->algorithm;
}

static bool pews_differs(const struct scsi_settings *a,
    const struct scsi_settings *b)
{
	return a->has_pews && b->has_pews && a->pews_mb != b->pews_mb;
}

bool scsi_settings_apply(struct scsi_unit *unit,
    const struct scsi_settings *now, const struct scsi_settings *want,
    char *err, size_t err_bytes)
{
	struct scsi_settings after;
	bool good = true;

	if (mode_differs(now, want) && !set_mode(unit, want))
		good = fail(unit, "block size, density or buffered mode", err,
		    err_bytes);
	if (compression_differs(now, want) &&
	    !set_dce(unit, want->compression) && good)
		good = fail(unit, "compression", err, err_bytes);
	if (pews_differs(now, want) && !set_pews(unit, want->pews_mb) && good)
		good = fail(unit, "the early-warning size", err, err_bytes);
	if (!algorithm_differs(now, want))
		return good;
	/* In many drives the bit of page 0Fh has set it already. */
	scsi_settings_read(unit, &after);
	if (algorithm_differs(&after, want) &&
	    !set_algorithm(unit, want->algorithm) && good)
		good = fail(unit, "the compression algorithm", err, err_bytes);
	return good;
}

bool scsi_set_compression(struct scsi_unit *unit, bool on, char *err,
    size_t err_bytes)
{
	return set_dce(unit, on) || set_algorithm(unit, on) ||
	    fail(unit, "compression", err, err_bytes);
}

bool scsi_set_density(struct scsi_unit *unit, uint8_t density)
{
	struct scsi_mode_data mode;

	if (!scsi_send_mode_sense(unit, 0, 0, SCSI_MODE_CURRENT, &mode))
		return false;
	mode.density = density;
	return scsi_send_mode_select(unit, &mode);
}

bool scsi_set_block_bytes(struct scsi_unit *unit, uint32_t bytes, char *err,
    size_t err_bytes)
{
	struct scsi_mode_data mode;

	if (!scsi_send_mode_sense(unit, 0, 0, SCSI_MODE_CURRENT, &mode))
		return fail(unit, "the block size", err, err_bytes);
	if (mode.block_bytes == bytes)
		return true;
	mode.block_bytes = bytes;
	return scsi_send_mode_select(unit, &mode) ||
	    fail(unit, "the block size", err, err_bytes);
}

bool scsi_settings_compare(const struct scsi_settings *was,
    const struct scsi_settings *is, char *text, size_t text_bytes)
{
	text[0] = '\0';
	if (was->has_mode && is->has_mode) {
		if (was->block_bytes != is->block_bytes)
			sentence_add(text, text_bytes, ", ",
			    "block size %u, was %u", is->block_bytes,
			    was->block_bytes);
		if (was->density != is->density)
			sentence_add(text, text_bytes, ", ",
			    "density %02Xh, was %02Xh", is->density,
			    was->density);
		if (was->buffered_mode != is->buffered_mode)
			sentence_add(text, text_bytes, ", ",
			    "buffered mode %u, was %u", is->buffered_mode,
			    was->buffered_mode);
	}
	if (compression_differs(was, is))
		sentence_add(text, text_bytes, ", ", "compression %s, was %s",
		    is->compression ? "on" : "off",
		    was->compression ? "on" : "off");
	if (algorithm_differs(was, is))
		sentence_add(text, text_bytes, ", ",
		    "compression algorithm %u, was %u", is->algorithm,
		    was->algorithm);
	if (pews_differs(was, is))
		sentence_add(text, text_bytes, ", ",
		    "early-warning size %u MB, was %u MB", is->pews_mb,
		    was->pews_mb);
	if (was->has_partition && is->has_partition &&
	    was->partition != is->partition)
		sentence_add(text, text_bytes, ", ", "partition %u, was %u",
		    is->partition, was->partition);
	if (was->has_door && is->has_door &&
	    was->door_locked != is->door_locked)
		sentence_add(text, text_bytes, ", ", "door %s, was %s",
		    is->door_locked ? "locked" : "unlocked",
		    was->door_locked ? "locked" : "unlocked");
	return text[0] != '\0';
}
