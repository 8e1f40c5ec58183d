/* inquiry.c: INQUIRY and its pages (SPC-4), READ BLOCK LIMITS (SSC-4). */
#include "splitter/scsi/commands.h"

#include <stdio.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/base/hex.h"
#include "splitter/scsi/text.h"

enum { INQUIRY = 0x12, EVPD = 0x01, STANDARD_BYTES = 255, LEAST_BYTES = 36 };

static bool inquire(struct scsi_unit *unit, int page, void *data,
    uint16_t bytes)
{
	struct scsi_command command = {
		.cdb = { INQUIRY },
		.cdb_bytes = 6,
		.direction = SCSI_DATA_IN,
		.in = data,
		.data_bytes = bytes,
		.name = "INQUIRY",
	};

	if (page >= 0) {
		command.cdb[1] = EVPD;
		command.cdb[2] = (uint8_t)page;
	}
	put_be16(command.cdb + 3, bytes);
	return scsi_ask(unit, &command);
}

/* Ends the wait for an answer after `*arg` nanoseconds. */
static bool waits(void *arg, int64_t age_ns)
{
	return age_ns < *(const int64_t *)arg;
}

bool scsi_answers(struct scsi_unit *unit, int64_t most_ns)
{
	/* No data, so that the wait can be ended (port.h). */
	const struct scsi_command command = {
		.cdb = { INQUIRY },
		.cdb_bytes = 6,
		.name = "INQUIRY",
		.waiting = waits,
		.waiting_arg = &most_ns,
	};

	return scsi_send(unit, &command) ||
	    unit->answer.outcome == SCSI_ANSWERED;
}

bool scsi_send_inquiry(struct scsi_unit *unit, struct scsi_inquiry *inquiry)
{
	uint8_t data[STANDARD_BYTES] = { 0 };
	size_t stated;

	memset(inquiry, 0, sizeof *inquiry);
	if (!inquire(unit, -1, data, sizeof data))
		return false;
	stated = 5 + (size_t)data[4];
	/* Without residuals only the length field says what came. */
	inquiry->has_residual = stated >= sizeof data ||
	    (unit->answer.has_residual &&
		unit->answer.residual == sizeof data - stated);
	if (scsi_received(unit) < LEAST_BYTES || stated < LEAST_BYTES)
		return false;
	inquiry->type = data[0] & 0x1f;
	inquiry->removable = data[1] & 0x80;
	inquiry->version = data[2];
	scsi_text(inquiry->vendor, sizeof inquiry->vendor, data + 8, 8);
	scsi_text(inquiry->product, sizeof inquiry->product, data + 16, 16);
	scsi_text(inquiry->revision, sizeof inquiry->revision, data + 32, 4);
	return true;
}

bool scsi_send_vpd(struct scsi_unit *unit, uint8_t page,
    uint8_t data[SCSI_VPD_BYTES], size_t *bytes)
{
	enum { HEADER = 4 };
	size_t got;

	*bytes = 0;
	memset(data, 0, SCSI_VPD_BYTES);
	if (!inquire(unit, page, data, SCSI_VPD_BYTES))
		return false;
	got = scsi_received(unit);
	/* Old devices answer with their standard data. */
	if (got < HEADER || data[1] != page)
		return false;
	*bytes = HEADER + (size_t)get_be16(data + 2);
	if (*bytes > got)
		*bytes = got;
	return true;
}

bool scsi_send_serial(struct scsi_unit *unit, char serial[SCSI_SERIAL_BYTES])
{
	uint8_t data[SCSI_VPD_BYTES];
	size_t bytes;

	serial[0] = '\0';
	if (!scsi_send_vpd(unit, 0x80, data, &bytes))
		return false;
	scsi_text(serial, SCSI_SERIAL_BYTES, data + 4, bytes - 4);
	return true;
}

/* Adds a name of the unit, its port or its device. */
static void take_name(struct scsi_identification *id, const uint8_t *name,
    size_t bytes)
{
	size_t i = 0;

	while (i < SCSI_NAMES && id->names[i][0] != '\0')
		i++;
	if (i < SCSI_NAMES && bytes > 0 && 2 * bytes < SCSI_NAA_BYTES)
		hex_write(id->names[i], name, bytes);
}

static void take_designator(struct scsi_identification *id, const uint8_t *d,
    size_t bytes)
{
	enum { LOGICAL_UNIT = 0, VENDOR = 0, T10 = 1, NAA = 3 };
	unsigned type = d[1] & 0x0f;

	if (type == NAA)
		take_name(id, d + 4, bytes);
	if ((d[1] >> 4 & 3) != LOGICAL_UNIT)
		return;
	switch (type) {
	case VENDOR:
		scsi_text(id->vendor_specific, sizeof id->vendor_specific,
		    d + 4, bytes);
		break;
	case T10:
		scsi_text(id->t10, sizeof id->t10, d + 4, bytes);
		break;
	case NAA:
		if (2 * bytes < sizeof id->naa)
			hex_write(id->naa, d + 4, bytes);
		break;
	default:
		break;
	}
}

void scsi_identification_decode(const uint8_t *page, size_t bytes,
    struct scsi_identification *identification)
{
	enum { HEADER = 4 };

	memset(identification, 0, sizeof *identification);
	for (size_t at = HEADER; at + HEADER <= bytes;) {
		size_t length = page[at + 3];

		if (at + HEADER + length > bytes)
			break;
		take_designator(identification, page + at, length);
		at += HEADER + length;
	}
}

bool scsi_send_identification(struct scsi_unit *unit,
    struct scsi_identification *identification)
{
	uint8_t data[SCSI_VPD_BYTES];
	size_t bytes;

	memset(identification, 0, sizeof *identification);
	if (!scsi_send_vpd(unit, 0x83, data, &bytes))
		return false;
	scsi_identification_decode(data, bytes, identification);
	return true;
}

bool scsi_send_block_limits(struct scsi_unit *unit,
    struct scsi_block_limits_data *limits)
{
	uint8_t data[6] = { 0 };
	const struct scsi_command command = {
		.cdb = { 0x05 },
		.cdb_bytes = 6,
		.direction = SCSI_DATA_IN,
		.in = data,
		.data_bytes = sizeof data,
		.name = "READ BLOCK LIMITS",
	};

	memset(limits, 0, sizeof *limits);
	if (!scsi_ask(unit, &command) || scsi_received(unit) < sizeof data)
		return false;
	limits->granularity = data[0] & 0x1f;
	limits->most_bytes = get_be24(data + 1);
	limits->least_bytes = get_be16(data + 4);
	return true;
}
