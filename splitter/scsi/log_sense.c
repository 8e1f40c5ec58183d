/* log_sense.c: LOG SENSE (SPC-4), and the parameters of a page. */
#include "splitter/scsi/commands.h"

#include <string.h>

#include "splitter/base/big_endian.h"

enum { HEADER = 4, ALL_SUBPAGES = 0xff };

bool scsi_send_log_sense(struct scsi_unit *unit, uint8_t page, uint8_t subpage,
    uint8_t *data, size_t room, size_t *bytes)
{
	enum { CUMULATIVE = 0x40, MOST = 0xfffc };
	uint16_t length = room < MOST ? (uint16_t)room : MOST;
	struct scsi_command command = {
		.cdb = { 0x4d, 0, CUMULATIVE | (page & 0x3f), subpage },
		.cdb_bytes = 10,
		.direction = SCSI_DATA_IN,
		.in = data,
		.data_bytes = length,
		.name = "LOG SENSE",
	};
	size_t got;

	*bytes = 0;
	memset(data, 0, length);
	put_be16(command.cdb + 7, length);
	if (!scsi_ask(unit, &command))
		return false;
	got = scsi_received(unit);
	if (got < HEADER || (data[0] & 0x3f) != page)
		return false;
	*bytes = HEADER + (size_t)get_be16(data + 2);
	if (*bytes > got)
		*bytes = got;
	return true;
}

/* Adds a page, unless it is a list of pages. */
static size_t add(struct scsi_log_id *list, size_t count, uint8_t page,
    uint8_t subpage)
{
	if (page == 0 || subpage == ALL_SUBPAGES || count == SCSI_LOG_PAGES_MAX)
		return count;
	list[count] = (struct scsi_log_id){ page, subpage };
	return count + 1;
}

size_t scsi_send_log_list(struct scsi_unit *unit,
    struct scsi_log_id list[SCSI_LOG_PAGES_MAX])
{
	uint8_t data[2 * SCSI_LOG_PAGES_MAX + HEADER];
	size_t bytes, at, count = 0;

	if (scsi_send_log_sense(unit, 0, ALL_SUBPAGES, data, sizeof data,
		&bytes) &&
	    data[1] == ALL_SUBPAGES)
		for (at = HEADER; at + 2 <= bytes; at += 2)
			count = add(list, count, data[at] & 0x3f, data[at + 1]);
	/* An old drive has no subpages. */
	if (count == 0 &&
	    scsi_send_log_sense(unit, 0, 0, data, sizeof data, &bytes))
		for (at = HEADER; at < bytes; at++)
			count = add(list, count, data[at] & 0x3f, 0);
	return count;
}

bool scsi_log_next(const uint8_t *data, size_t bytes, size_t *at,
    struct scsi_log_value *value)
{
	const uint8_t *row;

	if (*at == 0)
		*at = HEADER;
	if (*at + HEADER > bytes)
		return false;
	row = data + *at;
	if (*at + HEADER + row[3] > bytes)
		return false;
	*value = (struct scsi_log_value){
		.code = get_be16(row),
		.control = row[2],
		.value = row + HEADER,
		.bytes = row[3],
	};
	*at += HEADER + (size_t)row[3];
	return true;
}

uint64_t scsi_log_number(const struct scsi_log_value *value)
{
	unsigned bytes = value->bytes < 8 ? value->bytes : 8;

	return get_be(value->value + value->bytes - bytes, bytes);
}
