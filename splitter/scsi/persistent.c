/* persistent.c: PERSISTENT RESERVE IN and OUT (SPC-4). */
#include "splitter/scsi/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/base/hex.h"
#include "splitter/scsi/text.h"

enum {
	READ_KEYS = 0,
	READ_RESERVATION = 1,
	READ_FULL_STATUS = 3,
	HEADER = 8,
	STATUS = 24,
	BYTES = 32 << 10,
	R_HOLDER = 0x01
};

/* Returns the bytes of data after the header, or -1. */
static long read_in(struct scsi_unit *unit, uint8_t action, uint8_t *data)
{
	struct scsi_command command = {
		.cdb = { 0x5e, action },
		.cdb_bytes = 10,
		.direction = SCSI_DATA_IN,
		.in = data,
		.data_bytes = BYTES,
		.name = "PERSISTENT RESERVE IN",
	};
	size_t got, bytes;

	memset(data, 0, BYTES);
	put_be16(command.cdb + 7, BYTES);
	if (!scsi_ask(unit, &command))
		return -1;
	got = scsi_received(unit);
	if (got < HEADER)
		return -1;
	bytes = get_be32(data + 4);
	return (long)(bytes > got - HEADER ? got - HEADER : bytes);
}

/* SPC-4, TransportID: Fibre Channel, SAS, iSCSI. */
static void take_port(struct scsi_registrant *r, const uint8_t *id,
    size_t bytes)
{
	enum { FC = 0, SAS = 6, ISCSI = 5, FC_AT = 8, SAS_AT = 4, NAME = 8 };
	char name[2 * NAME + 1];

	if (bytes < FC_AT + NAME)
		return;
	switch (id[0] & 0x0f) {
	case FC:
		hex_write(name, id + FC_AT, NAME);
		snprintf(r->port, sizeof r->port, "Fibre Channel port %s",
		    name);
		break;
	case SAS:
		hex_write(name, id + SAS_AT, NAME);
		snprintf(r->port, sizeof r->port, "SAS address %s", name);
		break;
	case ISCSI:
		scsi_text(r->port, sizeof r->port, id + 4,
		    strnlen((const char *)id + 4, bytes - 4));
		break;
	default:
		break;
	}
}

static void take_holder(struct scsi_persistent *p,
    const struct scsi_registrant *r)
{
	if (!r->holds)
		return;
	p->type = r->type;
	p->key = r->type == SCSI_WRITE_EXCLUSIVE_ALL ||
		r->type == SCSI_EXCLUSIVE_ACCESS_ALL
	    ? 0
	    : r->key;
}

static void take_full(struct scsi_persistent *p, const uint8_t *data,
    size_t bytes)
{
	size_t at = 0;

	while (at + STATUS <= bytes) {
		const uint8_t *s = data + at;
		size_t id_bytes = get_be32(s + 20);
		struct scsi_registrant r = {
			.key = get_be64(s),
			.holds = s[12] & R_HOLDER,
		};

		if (id_bytes > bytes - at - STATUS)
			id_bytes = bytes - at - STATUS;
		if (r.holds)
			r.type = s[13] & 0x0f;
		take_port(&r, s + STATUS, id_bytes);
		take_holder(p, &r);
		if (p->count < SCSI_REGISTRANTS_MAX)
			p->registrants[p->count] = r;
		p->count++;
		at += STATUS + id_bytes;
	}
}

static bool read_apart(struct scsi_unit *unit, struct scsi_persistent *p,
    uint8_t *data)
{
	long bytes = read_in(unit, READ_KEYS, data);
	enum { KEY = 8 };

	if (bytes < 0)
		return false;
	p->generation = get_be32(data);
	for (long at = 0; at + KEY <= bytes; at += KEY) {
		if (p->count < SCSI_REGISTRANTS_MAX)
			p->registrants[p->count].key =
			    get_be64(data + HEADER + at);
		p->count++;
	}
	bytes = read_in(unit, READ_RESERVATION, data);
	if (bytes < 0)
		return false;
	if (bytes >= 16) {
		p->key = get_be64(data + HEADER);
		p->type = data[HEADER + 13] & 0x0f;
	}
	for (size_t i = 0; i < p->count && i < SCSI_REGISTRANTS_MAX; i++)
		if (p->type != SCSI_NOT_RESERVED &&
		    p->registrants[i].key == p->key) {
			p->registrants[i].holds = true;
			p->registrants[i].type = p->type;
		}
	return true;
}

bool scsi_send_persistent_read(struct scsi_unit *unit,
    struct scsi_persistent *persistent)
{
	uint8_t *data = malloc(BYTES);
	bool good = false;
	long bytes;

	memset(persistent, 0, sizeof *persistent);
	if (data == NULL)
		return false;
	bytes = read_in(unit, READ_FULL_STATUS, data);
	if (bytes >= 0) {
		persistent->generation = get_be32(data);
		persistent->has_ports = true;
		take_full(persistent, data + HEADER, (size_t)bytes);
		good = true;
	} else if (scsi_is_unsupported(unit)) {
		good = read_apart(unit, persistent, data);
	}
	free(data);
	return good;
}

bool scsi_send_persistent_out(struct scsi_unit *unit,
    enum scsi_persistent_action action, uint64_t key, uint64_t new_key)
{
	uint8_t data[24] = { 0 };
	struct scsi_command command = {
		.cdb = { 0x5f, (uint8_t)action, SCSI_EXCLUSIVE_ACCESS },
		.cdb_bytes = 10,
		.direction = SCSI_DATA_OUT,
		.out = data,
		.data_bytes = sizeof data,
		.name = "PERSISTENT RESERVE OUT",
	};

	put_be32(command.cdb + 5, sizeof data);
	put_be64(data, key);
	put_be64(data + 8, new_key);
	return scsi_ask(unit, &command);
}

const char *scsi_persistent_type_text(unsigned type, char text[16])
{
	switch (type) {
	case SCSI_NOT_RESERVED:
		return "no reservation";
	case SCSI_WRITE_EXCLUSIVE:
		return "write exclusive";
	case SCSI_EXCLUSIVE_ACCESS:
		return "exclusive access";
	case SCSI_WRITE_EXCLUSIVE_REGISTRANTS:
		return "write exclusive, registrants only";
	case SCSI_EXCLUSIVE_ACCESS_REGISTRANTS:
		return "exclusive access, registrants only";
	case SCSI_WRITE_EXCLUSIVE_ALL:
		return "write exclusive, all registrants";
	case SCSI_EXCLUSIVE_ACCESS_ALL:
		return "exclusive access, all registrants";
	default:
		snprintf(text, 16, "type %u", type % 16);
		return text;
	}
}
