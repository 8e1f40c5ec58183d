/* attribute.c: READ ATTRIBUTE and WRITE ATTRIBUTE (SPC-4). */
#include "splitter/scsi/commands.h"

#include <errno.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/scsi/text.h"

enum { HEADER = 4, ATTRIBUTE = 5, READ_ONLY = 0x80 };

bool scsi_send_read_attributes(struct scsi_unit *unit, uint8_t partition,
    uint16_t first, uint8_t *data, size_t room, size_t *bytes)
{
	struct scsi_command command = {
		.cdb = { 0x8c },
		.cdb_bytes = 16,
		.direction = SCSI_DATA_IN,
		.in = data,
		.data_bytes = (uint32_t)room,
		.name = "READ ATTRIBUTE",
	};
	size_t got;

	*bytes = 0;
	memset(data, 0, room);
	command.cdb[7] = partition;
	put_be16(command.cdb + 8, first);
	put_be32(command.cdb + 10, room);
	if (!scsi_ask(unit, &command))
		return false;
	got = scsi_received(unit);
	if (got < HEADER)
		return false;
	*bytes = get_be32(data);
	if (*bytes > got - HEADER)
		*bytes = got - HEADER;
	memmove(data, data + HEADER, *bytes);
	return true;
}

bool scsi_attribute_next(const uint8_t *data, size_t bytes, size_t *at,
    struct scsi_attribute *attribute)
{
	const uint8_t *row = data + *at;
	size_t length;

	if (*at + ATTRIBUTE > bytes)
		return false;
	length = get_be16(row + 3);
	if (*at + ATTRIBUTE + length > bytes)
		return false;
	*attribute = (struct scsi_attribute){
		.id = get_be16(row),
		.read_only = row[2] & READ_ONLY,
		.format = row[2] & 3,
		.value = row + ATTRIBUTE,
		.bytes = (uint16_t)length,
	};
	*at += ATTRIBUTE + length;
	return true;
}

void scsi_attribute_text(const struct scsi_attribute *attribute, char *text,
    size_t text_bytes)
{
	scsi_text(text, text_bytes, attribute->value, attribute->bytes);
}

uint64_t scsi_attribute_number(const struct scsi_attribute *attribute)
{
	unsigned bytes = attribute->bytes < 8 ? attribute->bytes : 8;

	return get_be(attribute->value + attribute->bytes - bytes, bytes);
}

bool scsi_send_write_attribute(struct scsi_unit *unit, uint8_t partition,
    const struct scsi_attribute *attribute)
{
	enum { WTC = 0x01, VALUE_MAX = 2048 };
	uint8_t data[HEADER + ATTRIBUTE + VALUE_MAX] = { 0 };
	size_t bytes = HEADER + ATTRIBUTE + (size_t)attribute->bytes;
	struct scsi_command command = {
		/* written through to the medium */
		.cdb = { 0x8d, WTC },
		.cdb_bytes = 16,
		.direction = SCSI_DATA_OUT,
		.out = data,
		.data_bytes = (uint32_t)bytes,
		.name = "WRITE ATTRIBUTE",
	};

	if (attribute->bytes > VALUE_MAX) {
		memset(&unit->answer, 0, sizeof unit->answer);
		unit->command = command;
		unit->answer.outcome = SCSI_NOT_SENT;
		unit->answer.error = EINVAL;
		return false;
	}
	command.cdb[7] = partition;
	put_be32(command.cdb + 10, bytes);
	put_be32(data, bytes - HEADER);
	put_be16(data + HEADER, attribute->id);
	data[HEADER + 2] = attribute->format;
	put_be16(data + HEADER + 3, attribute->bytes);
	if (attribute->bytes > 0)
		memcpy(data + HEADER + ATTRIBUTE, attribute->value,
		    attribute->bytes);
	return scsi_send(unit, &command);
}
