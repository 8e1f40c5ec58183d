/* mode.c: MODE SENSE and MODE SELECT of 10 bytes (SPC-4, SSC-4). */
#include "splitter/scsi/commands.h"

#include <string.h>

#include "splitter/base/big_endian.h"

enum {
	HEADER = 8,
	DESCRIPTOR = 8,
	PROTECTED = 0x80, /* WP of the device-specific parameter */
	SPF = 0x40
};

/* Finds the page; it is absent in answers to page 00h. */
static void find_page(struct scsi_mode_data *m, size_t at, uint8_t page,
    uint8_t subpage)
{
	const uint8_t *p = m->data + at;
	size_t length;

	if (page == 0 || at + 2 > m->bytes || (p[0] & 0x3f) != page)
		return;
	if (p[0] & SPF) {
		if (at + 4 > m->bytes || p[1] != subpage)
			return;
		length = 4 + (size_t)get_be16(p + 2);
	} else {
		if (subpage != 0)
			return;
		length = 2 + (size_t)p[1];
	}
	if (at + length > m->bytes)
		return;
	m->page = m->data + at;
	m->page_bytes = length;
}

bool scsi_send_mode_sense(struct scsi_unit *unit, uint8_t page, uint8_t subpage,
    enum scsi_mode_values values, struct scsi_mode_data *m)
{
	struct scsi_command command = {
		.cdb = { 0x5a, 0, (uint8_t)(values << 6 | page), subpage },
		.cdb_bytes = 10,
		.direction = SCSI_DATA_IN,
		.in = m->data,
		.data_bytes = SCSI_MODE_BYTES,
		.name = "MODE SENSE",
	};
	size_t got, descriptors;

	memset(m, 0, sizeof *m);
	put_be16(command.cdb + 7, SCSI_MODE_BYTES);
	if (!scsi_ask(unit, &command))
		return false;
	got = scsi_received(unit);
	m->bytes = 2 + (size_t)get_be16(m->data);
	if (m->bytes > got)
		m->bytes = got;
	if (m->bytes < HEADER)
		return false;
	m->medium_type = m->data[2];
	m->write_protected = m->data[3] & PROTECTED;
	m->buffered_mode = m->data[3] >> 4 & 7;
	descriptors = get_be16(m->data + 6);
	if (descriptors >= DESCRIPTOR && HEADER + DESCRIPTOR <= m->bytes) {
		m->has_descriptor = true;
		m->density = m->data[HEADER];
		m->block_bytes = get_be24(m->data + HEADER + 5);
	}
	find_page(m, HEADER + descriptors, page, subpage);
	return true;
}

bool scsi_send_mode_byte(struct scsi_unit *unit, uint8_t page, size_t at,
    uint8_t *byte)
{
	struct scsi_mode_data mode;

	if (!scsi_send_mode_sense(unit, page, 0, SCSI_MODE_CURRENT, &mode) ||
	    mode.page == NULL || mode.page_bytes <= at)
		return false;
	*byte = mode.page[at];
	return true;
}

bool scsi_send_mode_select(struct scsi_unit *unit,
    const struct scsi_mode_data *m)
{
	enum { PF = 0x10, PS = 0x80 };
	uint8_t data[HEADER + DESCRIPTOR + SCSI_MODE_BYTES] = { 0 };
	struct scsi_command command = {
		.cdb = { 0x55, PF },
		.cdb_bytes = 10,
		.direction = SCSI_DATA_OUT,
		.out = data,
		.name = "MODE SELECT",
	};
	size_t bytes = HEADER;

	/* Reserved here: mode data length, medium type, WP. */
	data[3] = (uint8_t)(m->buffered_mode << 4);
	if (m->has_descriptor) {
		data[7] = DESCRIPTOR;
		data[bytes] = m->density;
		put_be24(data + bytes + 5, m->block_bytes);
		bytes += DESCRIPTOR;
	}
	if (m->page != NULL) {
		memcpy(data + bytes, m->page, m->page_bytes);
		data[bytes] &= (uint8_t)~PS;
		bytes += m->page_bytes;
	}
	command.data_bytes = (uint32_t)bytes;
	put_be16(command.cdb + 7, bytes);
	return scsi_ask(unit, &command);
}
