/*
 * attribute.c: READ ATTRIBUTE and WRITE ATTRIBUTE (SPC-4), as bytes.
 *
 * A medium has one logical volume, number 0.
 */
#include "vtl/scsi/ssc/impl.h"

#include <stdlib.h>

enum {
	HEADER = 4,    /* the length of the data that follows */
	ATTRIBUTE = 5, /* identifier, format, length */
	READ_ONLY = 0x80,
	FORMAT = 0x03
};

/* Returns whether the volume number of the CDB is 0; else fails the call. */
static bool has_volume(struct device_call *call)
{
	if (call->cdb[5] == 0)
		return true;
	device_fail_field(call, 5, DEVICE_NO_BIT);
	return false;
}

static void add_value_bytes(void *arg, const struct volume_attribute *a)
{
	*(uint64_t *)arg += ATTRIBUTE + a->bytes;
}

static void add_id_bytes(void *arg, const struct volume_attribute *a)
{
	(void)a;
	*(uint64_t *)arg += 2;
}

static void reply_value(void *arg, const struct volume_attribute *a)
{
	uint8_t header[ATTRIBUTE] = { 0 };

	put_be16(header, a->id);
	header[2] = a->format;
	if (scsi_attribute_is_read_only(a->id))
		header[2] |= READ_ONLY;
	put_be16(header + 3, a->bytes);
	device_reply(arg, header, sizeof header);
	device_reply(arg, a->value, a->bytes);
}

static void reply_id(void *arg, const struct volume_attribute *a)
{
	uint8_t id[2];

	put_be16(id, a->id);
	device_reply(arg, id, sizeof id);
}

/* Calls `each` for the attributes that the CDB selects. */
static bool each_attribute(struct device_call *call,
    volume_each_attribute *each, void *arg)
{
	struct scsi_result result;

	scsi_read_attributes(call->unit, device_identity(call->device)->vendor,
	    call->cdb[7], get_be16(call->cdb + 8), each, arg, call->now_ns,
	    &result);
	device_take(call, &result);
	return !device_has_failed(call);
}

/* Replies with the attributes, after the length that they have together. */
static void reply_attributes(struct device_call *call,
    volume_each_attribute *add, volume_each_attribute *reply)
{
	uint8_t header[HEADER];
	uint64_t bytes = 0;

	if (!has_volume(call) || !each_attribute(call, add, &bytes))
		return;
	put_be32(header, bytes);
	device_reply_begin(call, get_be32(call->cdb + 10));
	device_reply(call, header, sizeof header);
	each_attribute(call, reply, call);
}

static void read_values(struct device_call *call)
{
	reply_attributes(call, add_value_bytes, reply_value);
}

static void read_list(struct device_call *call)
{
	reply_attributes(call, add_id_bytes, reply_id);
}

/* Replies with the first number and the count of volumes or partitions. */
static void reply_range(struct device_call *call, unsigned count)
{
	uint8_t data[4] = { 0, 2, 0, (uint8_t)count };

	device_reply_begin(call, get_be32(call->cdb + 10));
	device_reply(call, data, sizeof data);
}

/* Returns the volume in the drive; NULL if the call has failed. */
static const struct volume *medium(struct device_call *call)
{
	struct scsi_result result;

	if (!scsi_check_medium(call->unit, call->now_ns, &result)) {
		device_take(call, &result);
		return NULL;
	}
	return drive_volume(scsi_drive(call->unit));
}

static void read_volumes(struct device_call *call)
{
	if (medium(call) != NULL)
		reply_range(call, 1);
}

static void read_partitions(struct device_call *call)
{
	const struct volume *volume;

	if (has_volume(call) && (volume = medium(call)) != NULL)
		reply_range(call, volume_partitions(volume));
}

static void read_supported(struct device_call *call)
{
	uint16_t id, from = get_be16(call->cdb + 8);
	uint8_t bytes[HEADER];
	size_t first = 0, count;

	while (scsi_supported_attribute(first, &id) && id < from)
		first++;
	for (count = first; scsi_supported_attribute(count, &id);)
		count++;
	put_be32(bytes, 2 * (count - first));
	device_reply_begin(call, get_be32(call->cdb + 10));
	device_reply(call, bytes, HEADER);
	for (size_t i = first; scsi_supported_attribute(i, &id); i++) {
		put_be16(bytes, id);
		device_reply(call, bytes, 2);
	}
}

/* The attributes of a parameter list, and the bytes where they begin. */
struct list {
	struct volume_attribute attributes[SCSI_ATTRIBUTES_MAX];
	unsigned at[SCSI_ATTRIBUTES_MAX];
	size_t count;
};

/*
 * Decodes the attributes in `bytes` of a parameter list, after its header.
 * Returns false if the call has failed.
 */
static bool decode(struct device_call *call, const uint8_t *data,
    uint32_t bytes, struct list *list)
{
	uint32_t at = HEADER;

	for (; at < bytes; list->count++) {
		struct volume_attribute *a = &list->attributes[list->count];

		if (bytes - at < ATTRIBUTE ||
		    bytes - at - ATTRIBUTE < get_be16(data + at + 3)) {
			device_fail(call, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
			return false;
		}
		if (list->count == SCSI_ATTRIBUTES_MAX) {
			device_fail_parameter(call, at, DEVICE_NO_BIT);
			return false;
		}
		list->at[list->count] = at;
		a->id = get_be16(data + at);
		a->format = data[at + 2] & FORMAT;
		a->bytes = get_be16(data + at + 3);
		a->value = data + at + ATTRIBUTE;
		at += ATTRIBUTE + a->bytes;
	}
	return true;
}

/*
 * The limit of the list is that of the auxiliary memory: a longer one cannot be
 * stored.
 */
static void write_list(struct device_call *call, const uint8_t *data,
    uint32_t bytes)
{
	struct list *list = calloc(1, sizeof *list);
	struct scsi_result result;
	size_t invalid;

	if (list == NULL) {
		device_fail(call, SENSE_ILLEGAL_REQUEST, 0x55, 0x03);
		return;
	}
	if (decode(call, data, bytes, list)) {
		scsi_write_attributes(call->unit, call->cdb[7],
		    list->attributes, list->count, &invalid, call->now_ns,
		    &result);
		if (result.check && invalid < list->count &&
		    result.sense.sense.key == SENSE_ILLEGAL_REQUEST &&
		    result.sense.sense.asc == 0x26)
			device_fail_parameter(call, list->at[invalid],
			    DEVICE_NO_BIT);
		else
			device_take(call, &result);
	}
	free(list);
}

static void write_attribute(struct device_call *call)
{
	uint32_t bytes = get_be32(call->cdb + 10), follow;
	const uint8_t *data;

	if (!has_volume(call) || bytes == 0)
		return;
	if (bytes < HEADER) {
		device_fail(call, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
		return;
	}
	data = device_parameters(call, bytes);
	if (data == NULL)
		return;
	follow = get_be32(data);
	if (follow > bytes - HEADER)
		device_fail(call, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
	else
		write_list(call, data, HEADER + follow);
}

#define READ_ROW(action, run)                                               \
	{                                                                   \
		0x8c, action, 16, DEVICE_ONLY_READS,                        \
		    { 0x8c, 0x1f, 0, 0, 0, 0xff, 0, 0xff, 0xff, 0xff, 0xff, \
			    0xff, 0xff, 0xff },                             \
		    0, run                                                  \
	}

static const struct device_row rows[] = {
	READ_ROW(0, read_values),
	READ_ROW(1, read_list),
	READ_ROW(2, read_volumes),
	READ_ROW(3, read_partitions),
	READ_ROW(5, read_supported),
	{ 0x8d, DEVICE_NO_ACTION, 16, 0,
	    { 0x8d, 0x01, 0, 0, 0, 0xff, 0, 0xff, 0, 0, 0xff, 0xff, 0xff,
		0xff },
	    0, write_attribute },
};

const struct device_rows ssc_attribute_rows = { rows,
	sizeof rows / sizeof rows[0] };
