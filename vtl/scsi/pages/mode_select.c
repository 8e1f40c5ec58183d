/*
 * mode_select.c: MODE SELECT (SPC-4).
 *
 * All of the parameter list is checked before any of it is applied.  It is what
 * MODE SENSE gave, with changes: the length and medium type of the header, PS
 * and the write protection are ignored.  A page may be longer than this device
 * knows: LTFS gives back buffers of a fixed length.
 */
#include "vtl/scsi/pages/impl.h"

#include <string.h>

enum {
	SAVE = 0x01,
	LONGLBA = 0x01,
	DESCRIPTOR_BYTES = 8,
	BUFFERED = 0x70, /* of the device-specific parameter */
	SPEED = 0x0f,
	SUBPAGE_FORMAT = 0x40
};

/* A parameter list that is read. */
struct list {
	struct device_call *call;
	const uint8_t *bytes;
	size_t count, at;
	unsigned header;  /* 4 or 8 */
	int density_byte; /* where the density code is; -1: nowhere */
};

static int highest_bit(unsigned byte)
{
	int bit = 7;

	while (bit > 0 && (byte >> bit & 1) == 0)
		bit--;
	return bit;
}

static void fail_length(struct device_call *call)
{
	device_fail(call, SENSE_ILLEGAL_REQUEST, 0x1a, 0);
}

static void read_descriptor(struct list *list, struct pages_mode *mode)
{
	const uint8_t *descriptor = list->bytes + list->at;
	uint64_t most;

	for (unsigned i = 1; i < 5; i++) {
		if (descriptor[i] == 0)
			continue;
		device_fail_parameter(list->call, (unsigned)(list->at + i),
		    DEVICE_NO_BIT);
		return;
	}
	mode->mode.density = descriptor[0];
	mode->mode.block_bytes = get_be24(descriptor + 5);
	most = drive_model(scsi_drive(list->call->unit))->block_max_bytes;
	if (mode->mode.block_bytes > most)
		device_fail_parameter(list->call, (unsigned)list->at + 5,
		    DEVICE_NO_BIT);
	list->density_byte = (int)list->at;
}

/* Reads the device-specific parameter: only SSC has one. */
static void read_specific(struct list *list, struct pages_mode *mode)
{
	unsigned at = list->header == 8 ? 3 : 2;
	unsigned specific = list->bytes[at];

	if (pages_is_changer(list->call))
		return;
	if (specific & SPEED)
		device_fail_parameter(list->call, at,
		    highest_bit(specific & SPEED));
	else if ((specific & BUFFERED) > 0x20)
		device_fail_parameter(list->call, at, 6);
	mode->mode.buffered = specific & BUFFERED;
}

static void read_header(struct list *list, struct pages_mode *mode)
{
	bool ten = list->header == 8;
	size_t descriptor;

	if (list->count < list->header) {
		fail_length(list->call);
		return;
	}
	read_specific(list, mode);
	if (device_has_failed(list->call))
		return;
	if (ten && list->bytes[4] & LONGLBA) {
		device_fail_parameter(list->call, 4, 0);
		return;
	}
	descriptor = ten ? get_be16(list->bytes + 6) : list->bytes[3];
	list->at = list->header;
	if (descriptor == 0)
		return;
	if (descriptor != DESCRIPTOR_BYTES || pages_is_changer(list->call))
		device_fail_parameter(list->call, ten ? 6 : 3, DEVICE_NO_BIT);
	else if (list->count - list->at < DESCRIPTOR_BYTES)
		fail_length(list->call);
	else
		read_descriptor(list, mode);
	list->at += descriptor;
}

/*
 * Takes the page, of which `count` bytes are given, at list->at.  A page that
 * is as it was changes nothing, even if another page has changed the same
 * setting.
 */
static void take_page(struct list *list, const struct pages_mode_page *page,
    size_t count, const struct pages_mode *current, struct pages_mode *mode)
{
	uint8_t given[PAGES_MODE_MAX] = { 0 };
	uint8_t now[PAGES_MODE_MAX];
	uint8_t mask[PAGES_MODE_MAX];
	size_t length = pages_put_mode(page, current, now);
	bool changes = count < length;
	int wrong = PAGES_TAKEN;

	pages_put_mask(page, current, mask);
	if (count > length)
		count = length;
	memcpy(given, list->bytes + list->at, count);
	for (size_t i = pages_mode_header(page); i < count; i++) {
		unsigned bits = (unsigned)given[i] ^ now[i];
		unsigned fixed = bits & ~mask[i] & 0xff;

		changes |= bits != 0;
		if (fixed == 0)
			continue;
		device_fail_parameter(list->call, (unsigned)(list->at + i),
		    highest_bit(fixed));
		return;
	}
	if (changes && page->take != NULL)
		wrong = page->take(mode, given);
	if (wrong != PAGES_TAKEN)
		device_fail_parameter(list->call,
		    (unsigned)list->at + (unsigned)wrong, DEVICE_NO_BIT);
}

/* Reads the page at list->at, and passes it. */
static void read_page(struct list *list, const struct pages_mode *current,
    struct pages_mode *mode)
{
	const uint8_t *given = list->bytes + list->at;
	size_t left = list->count - list->at;
	bool sub = given[0] & SUBPAGE_FORMAT;
	unsigned header = sub ? 4 : 2;
	const struct pages_mode_page *page;
	size_t bytes, least;

	if (left < header) {
		fail_length(list->call);
		return;
	}
	page = pages_find_mode(list->call, given[0] & 0x3f, sub ? given[1] : 0);
	if (page == NULL || pages_mode_header(page) != header) {
		device_fail_parameter(list->call, (unsigned)list->at, 5);
		return;
	}
	bytes = header + (sub ? get_be16(given + 2) : given[1]);
	least = page->least_bytes > 0 ? page->least_bytes : page->bytes;
	if (bytes < least)
		device_fail_parameter(list->call,
		    (unsigned)(list->at + (sub ? 2 : 1)), DEVICE_NO_BIT);
	else if (bytes > left)
		fail_length(list->call);
	else
		take_page(list, page, bytes, current, mode);
	list->at += bytes;
}

static void apply(struct list *list, const struct pages_mode *mode)
{
	struct device_call *call = list->call;
	struct scsi_result result;

	if (pages_is_changer(call))
		return;
	scsi_mode_select(call->unit, &mode->mode, call->now_ns, &result);
	device_take(call, &result);
	/* The unit refuses a density that the medium has not. */
	if (result.check && !result.sense.deferred &&
	    result.sense.sense.key == SENSE_ILLEGAL_REQUEST &&
	    list->density_byte >= 0)
		device_fail_parameter(call, (unsigned)list->density_byte,
		    DEVICE_NO_BIT);
	if (device_has_failed(call) || !mode->sets_partitions)
		return;
	device_establish(call->device, SCSI_MODE_CHANGED, call->command->nexus);
	if (scsi_set_partitions(call->unit, &mode->partitions) == SCSI_ROUNDED)
		device_fail(call, SENSE_RECOVERED, 0x37, 0);
}

static void select_modes(struct device_call *call, unsigned header,
    uint32_t count)
{
	struct list list = {
		.call = call,
		.count = count,
		.header = header,
		.density_byte = -1,
	};
	struct pages_mode mode = { .call = call };
	struct pages_mode current;
	struct scsi_result result;

	if (call->cdb[1] & SAVE) {
		device_fail_field(call, 1, 0);
		return;
	}
	list.bytes = device_parameters(call, count);
	if (list.bytes == NULL || count == 0)
		return;
	if (!pages_is_changer(call)) {
		scsi_mode_sense(call->unit, &mode.mode, call->now_ns, &result);
		scsi_get_partitions(call->unit, &mode.partitions);
	}
	current = mode;
	read_header(&list, &mode);
	while (!device_has_failed(call) && list.at < list.count)
		read_page(&list, &current, &mode);
	if (!device_has_failed(call))
		apply(&list, &mode);
}

void pages_mode_select_6(struct device_call *call)
{
	select_modes(call, 4, call->cdb[4]);
}

void pages_mode_select_10(struct device_call *call)
{
	select_modes(call, 8, get_be16(call->cdb + 7));
}
