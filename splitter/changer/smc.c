/* smc.c: see smc.h.  READ ELEMENT STATUS is in read_elements.c. */
#include "splitter/changer/smc.h"

#include <stdio.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/scsi/commands.h"

/* How long a changer may take to become ready: it looks at all its slots. */
static const int64_t ready_wait_ns = INT64_C(900000000000);

enum {
	MODE_SENSE_6 = 0x1a,
	MOVE_MEDIUM = 0xa5,
	DBD = 0x08, /* no block descriptors */
	PAGE_ADDRESSES = 0x1d,
	PAGE_BYTES = 18, /* after its header of 2 bytes */
	MODE_HEADER_BYTES = 4,
	MODE_DATA_BYTES = 255
};

int smc_get_ready(struct scsi_unit *unit, char *err, size_t err_bytes)
{
	struct scsi_inquiry inquiry;
	enum scsi_readiness readiness;

	if (!scsi_send_inquiry(unit, &inquiry)) {
		scsi_unit_text(unit, err, err_bytes);
		return -1;
	}
	if (inquiry.type != SCSI_TYPE_CHANGER) {
		snprintf(err, err_bytes,
		    "%s: not a medium changer: its device type is %02Xh, "
		    "instead of 08h",
		    unit->port->name, inquiry.type);
		return -1;
	}
	readiness = scsi_wait_ready(unit, ready_wait_ns, NULL, NULL);
	if (readiness == SCSI_READY)
		return 0;
	scsi_unit_text(unit, err, err_bytes);
	return -1;
}

/* Each kind has its first address and its count, in this order. */
static const enum element_kind order[] = { ELEMENT_ROBOT, ELEMENT_SLOT,
	ELEMENT_IE, ELEMENT_DRIVE };

static bool overlap(const struct smc_range *one, const struct smc_range *other)
{
	return one->count > 0 && other->count > 0 &&
	    one->first < other->first + other->count &&
	    other->first < one->first + one->count;
}

static int decode_addresses(const struct scsi_unit *unit, const uint8_t *page,
    struct smc_addresses *addresses, char *err, size_t err_bytes)
{
	struct smc_range *ranges = addresses->ranges;

	for (size_t i = 0; i < 4; i++) {
		ranges[order[i]].first = get_be16(page + 4 * i);
		ranges[order[i]].count = get_be16(page + 4 * i + 2);
		for (size_t k = 0; k < i; k++) {
			if (!overlap(&ranges[order[k]], &ranges[order[i]]))
				continue;
			snprintf(err, err_bytes,
			    "%s: MODE SENSE, page 1Dh: elements of two types "
			    "have the same addresses",
			    unit->port->name);
			return -1;
		}
	}
	addresses->known = true;
	return 0;
}

int smc_read_addresses(struct scsi_unit *unit, struct smc_addresses *addresses,
    char *err, size_t err_bytes)
{
	uint8_t data[MODE_DATA_BYTES] = { 0 };
	const struct scsi_command command = {
		.cdb = { MODE_SENSE_6, DBD, PAGE_ADDRESSES, 0, sizeof data },
		.cdb_bytes = 6,
		.direction = SCSI_DATA_IN,
		.in = data,
		.data_bytes = sizeof data,
		.name = "MODE SENSE(6)",
	};
	size_t bytes, at;

	memset(addresses, 0, sizeof *addresses);
	if (!scsi_ask(unit, &command)) {
		if (scsi_is_unsupported(unit))
			return 0;
		scsi_unit_text(unit, err, err_bytes);
		return -1;
	}
	bytes = scsi_received(unit);
	if (bytes > (size_t)data[0] + 1)
		bytes = (size_t)data[0] + 1;
	/* DBD asks for no block descriptor: some devices send one. */
	at = MODE_HEADER_BYTES + (size_t)data[3];
	if (bytes < at + 2 + 16 || (data[at] & 0x3f) != PAGE_ADDRESSES ||
	    data[at + 1] < PAGE_BYTES - 2)
		return 0;
	return decode_addresses(unit, data + at + 2, addresses, err, err_bytes);
}

enum autochanger_move smc_move(struct scsi_unit *unit, unsigned from,
    unsigned to, char *err, size_t err_bytes)
{
	struct scsi_command command = {
		.cdb = { MOVE_MEDIUM },
		.cdb_bytes = 12,
		.direction = SCSI_NO_DATA,
		.name = "MOVE MEDIUM",
	};

	put_be16(command.cdb + 4, from);
	put_be16(command.cdb + 6, to);
	if (scsi_send(unit, &command))
		return AUTOCHANGER_MOVED;
	scsi_unit_text(unit, err, err_bytes);
	return scsi_is_attention(unit) ? AUTOCHANGER_ATTENTION
				       : AUTOCHANGER_FAILED;
}
