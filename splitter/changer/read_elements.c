/*
 * read_elements.c: READ ELEMENT STATUS, as often as a report needs.
 *
 * Changers differ.  Some know no identifiers of drives (DVCID), some report
 * them alone (IBM 3584); some take only an allocation length of 8 bytes, or the
 * exact one.  A report that is longer than the allocation is asked for again,
 * and a report of which only a part came is continued after the last element.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/changer/element_status.h"
#include "splitter/changer/smc.h"

enum {
	READ_ELEMENT_STATUS = 0xb8,
	VOLTAG = 0x10,
	DVCID = 0x01,
	ADDRESSES = 65536,
	/* The first allocation; it suffices for 1,200 slots. */
	ALLOCATION_BYTES = 64 << 10,
	/* What the sg driver and adapters transfer without complaint. */
	ALLOCATION_MAX_BYTES = 1 << 20,
	/* Pieces of a report: more of them make no sense. */
	PIECES_MAX = 4096,
	TIMEOUT_S = 3600 /* a changer may look at its slots first */
};

struct request {
	struct scsi_unit *unit;
	enum element_kind kind;
	unsigned start, count;
	bool tags, identifiers;
	uint8_t *data;
	size_t bytes; /* received */
};

/* Sends the command with this allocation length. */
static bool send(struct request *q, uint32_t allocation)
{
	struct scsi_command command = {
		.cdb = { READ_ELEMENT_STATUS,
		    (uint8_t)((q->tags ? VOLTAG : 0) | q->kind) },
		.cdb_bytes = 12,
		.direction = SCSI_DATA_IN,
		.in = q->data,
		.data_bytes = allocation,
		.timeout_s = TIMEOUT_S,
		.name = "READ ELEMENT STATUS",
	};

	put_be16(command.cdb + 2, q->start);
	put_be16(command.cdb + 4, q->count);
	command.cdb[6] = q->identifiers ? DVCID : 0;
	put_be24(command.cdb + 7, allocation);
	memset(q->data, 0, allocation);
	q->bytes = 0;
	if (!scsi_ask(q->unit, &command))
		return false;
	q->bytes = scsi_received(q->unit);
	return true;
}

static uint32_t total_bytes(const struct request *q)
{
	return q->bytes < ELEMENT_STATUS_HEADER_BYTES
	    ? 0
	    : ELEMENT_STATUS_HEADER_BYTES + get_be24(q->data + 5);
}

/*
 * Fetches a report with several allocation lengths.  Returns false with the
 * answer in the unit.
 */
static bool fetch(struct request *q)
{
	uint32_t total;

	if (!send(q, ALLOCATION_BYTES) &&
	    (!scsi_is_unsupported(q->unit) ||
		!send(q, ELEMENT_STATUS_HEADER_BYTES)))
		return false;
	total = total_bytes(q);
	if (total > q->bytes && total <= ALLOCATION_MAX_BYTES) {
		if (send(q, total))
			return true;
		/* Not by this changer, or not by this adapter: in pieces. */
		return (scsi_is_unsupported(q->unit) ||
			   q->unit->answer.outcome == SCSI_NOT_SENT) &&
		    send(q, ALLOCATION_BYTES);
	}
	return true;
}

/* A type without an element is an error for some changers. */
static bool is_empty(const struct scsi_unit *unit)
{
	return scsi_has_sense(unit, 5, 0x21, 0x01) ||
	    scsi_has_sense(unit, 5, 0x21, 0x00);
}

static bool in_range(const struct smc_range *range, unsigned address)
{
	return address >= range->first && address - range->first < range->count;
}

/*
 * Checks that a piece is about addresses that were asked for.  Otherwise a
 * report could go round in a circle.
 */
static int check_piece(const struct request *q,
    const struct smc_addresses *addresses, const struct inventory *inventory,
    size_t first, char *err, size_t err_bytes)
{
	for (size_t i = first; i < inventory->count; i++) {
		unsigned address = inventory->elements[i].address;

		if (address >= q->start &&
		    (!addresses->known ||
			in_range(&addresses->ranges[q->kind], address)))
			continue;
		snprintf(err, err_bytes,
		    "%s: READ ELEMENT STATUS: the changer reports element %u, "
		    "which was not asked for",
		    q->unit->port->name, address);
		return -1;
	}
	return 0;
}

/* Reads the elements of one kind.  `*unsupported`: the changer refuses it. */
static int read_kind(struct request *q, const struct smc_addresses *addresses,
    struct inventory *inventory, bool *unsupported, char *err, size_t err_bytes)
{
	struct element_report report;
	char why[256];

	*unsupported = false;
	for (unsigned pieces = 0; pieces < PIECES_MAX; pieces++) {
		size_t before = inventory->count;

		if (!fetch(q)) {
			if (is_empty(q->unit))
				return 0;
			*unsupported =
			    pieces == 0 && scsi_is_unsupported(q->unit);
			scsi_unit_text(q->unit, err, err_bytes);
			return -1;
		}
		if (element_status_decode(q->data, q->bytes, q->kind, inventory,
			&report, why, sizeof why) != 0) {
			snprintf(err, err_bytes, "%s: %s", q->unit->port->name,
			    why);
			return -1;
		}
		if (check_piece(q, addresses, inventory, before, err,
			err_bytes) != 0)
			return -1;
		if (report.total_bytes <= q->bytes ||
		    report.last == ADDRESSES - 1)
			return 0;
		if (report.elements == 0)
			break;
		q->start = report.last + 1;
	}
	snprintf(err, err_bytes,
	    "%s: READ ELEMENT STATUS: the changer sends a part of its report "
	    "again and again",
	    q->unit->port->name);
	return -1;
}

static int read_some(struct request *q, const struct smc_addresses *addresses,
    bool tags, bool identifiers, struct inventory *inventory, bool *unsupported,
    char *err, size_t err_bytes)
{
	const struct smc_range *range = &addresses->ranges[q->kind];

	q->start = addresses->known ? range->first : 0;
	q->count = addresses->known ? range->count : ADDRESSES - 1;
	q->tags = tags;
	q->identifiers = identifiers;
	return read_kind(q, addresses, inventory, unsupported, err, err_bytes);
}

/* Takes the serial numbers of drives from a report of identifiers alone. */
static void take_serials(struct inventory *inventory,
    const struct inventory *from)
{
	for (size_t i = 0; i < from->count; i++) {
		struct element *e =
		    inventory_drive(inventory, from->elements[i].address);

		if (e != NULL)
			memcpy(e->serial, from->elements[i].serial,
			    sizeof e->serial);
	}
}

static int read_drives(struct request *q, const struct smc_addresses *addresses,
    struct inventory *inventory, char *err, size_t err_bytes)
{
	struct inventory serials = { 0 };
	size_t before = inventory->count;
	char ignored[256];
	bool unsupported;
	int rc = read_some(q, addresses, true, true, inventory, &unsupported,
	    err, err_bytes);

	if (rc == 0 || !unsupported)
		return rc;
	inventory->count = before;
	rc = read_some(q, addresses, true, false, inventory, &unsupported, err,
	    err_bytes);
	if (rc != 0)
		return rc;
	/* IBM 3584 reports identifiers only without barcodes. */
	if (read_some(q, addresses, false, true, &serials, &unsupported,
		ignored, sizeof ignored) == 0)
		take_serials(inventory, &serials);
	inventory_clear(&serials);
	return 0;
}

/* An address that two elements have would make a move ambiguous. */
static int check_addresses(const struct scsi_unit *unit,
    const struct inventory *inventory, char *err, size_t err_bytes)
{
	uint8_t *seen = calloc(ADDRESSES / 8, 1);
	int rc = 0;

	if (seen == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	for (size_t i = 0; i < inventory->count && rc == 0; i++) {
		unsigned address = inventory->elements[i].address;
		uint8_t bit = (uint8_t)(1u << address % 8);

		if (seen[address / 8] & bit) {
			snprintf(err, err_bytes,
			    "%s: READ ELEMENT STATUS: the changer reports "
			    "element %u twice",
			    unit->port->name, address);
			rc = -1;
		}
		seen[address / 8] |= bit;
	}
	free(seen);
	return rc;
}

int smc_read_elements(struct scsi_unit *unit,
    const struct smc_addresses *addresses, struct inventory *inventory,
    char *err, size_t err_bytes)
{
	struct request q = { .unit = unit };
	bool unsupported;
	int rc = 0;

	q.data = malloc(ALLOCATION_MAX_BYTES);
	if (q.data == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	for (q.kind = ELEMENT_ROBOT; q.kind <= ELEMENT_DRIVE && rc == 0;
	     q.kind++) {
		/* a count of 0 asks for nothing */
		if (addresses->known && addresses->ranges[q.kind].count == 0)
			continue;
		if (q.kind == ELEMENT_DRIVE)
			rc = read_drives(&q, addresses, inventory, err,
			    err_bytes);
		else
			rc = read_some(&q, addresses, true, false, inventory,
			    &unsupported, err, err_bytes);
		/* Not every changer reports on its robot. */
		if (q.kind == ELEMENT_ROBOT && rc != 0 && unsupported)
			rc = 0;
	}
	free(q.data);
	if (rc == 0)
		rc = check_addresses(unit, inventory, err, err_bytes);
	return rc == 0 ? inventory_number(inventory, err, err_bytes) : rc;
}
