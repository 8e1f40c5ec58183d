/* mode_sense.c: MODE SENSE (SPC-4), with the header of SSC-4. */
#include "vtl/scsi/pages/impl.h"

enum {
	DBD = 0x08, /* without block descriptor */
	CURRENT = 0,
	CHANGEABLE = 1,
	DEFAULT = 2,
	SAVED = 3,
	ALL_PAGES = 0x3f,
	ALL_SUBPAGES = 0xff,
	WRITE_PROTECTED = 0x80,
	BUFFERED = 0x10,
	DESCRIPTOR_BYTES = 8
};

struct request {
	unsigned control, page, subpage; /* PC, as in the CDB */
	bool descriptor;
};

static bool matches(const struct request *request,
    const struct pages_mode_page *page)
{
	if (request->page != ALL_PAGES && request->page != page->page)
		return false;
	return request->subpage == ALL_SUBPAGES ||
	    request->subpage == page->subpage;
}

/* Returns false, and fails the call, if it asks for a page that is not there */
static bool is_answerable(struct device_call *call,
    const struct request *request)
{
	const struct pages_mode_pages *all = pages_modes(call);
	bool page = request->page == 0 || request->page == ALL_PAGES;

	for (size_t i = 0; i < all->count; i++) {
		page |= all->pages[i].page == request->page;
		if (matches(request, &all->pages[i]))
			return true;
	}
	/* Page 0 is the header with the block descriptor: st asks for it. */
	if (request->page == 0 && request->subpage == 0)
		return true;
	if (page)
		device_fail_field(call, 3, DEVICE_NO_BIT);
	else
		device_fail_field(call, 2, 5);
	return false;
}

static void put_descriptor(const struct pages_mode *mode, unsigned control,
    struct pages_data *data)
{
	bool changeable = control == CHANGEABLE;

	pages_put(data, changeable ? 0xff : mode->mode.density, 1);
	pages_put(data, 0, 4);
	pages_put(data, changeable ? 0xffffff : mode->mode.block_bytes, 3);
}

static void put_pages(const struct pages_mode *mode,
    const struct request *request, struct pages_data *data)
{
	const struct pages_mode_pages *all = pages_modes(mode->call);
	uint8_t bytes[PAGES_MODE_MAX];

	for (size_t i = 0; i < all->count; i++) {
		const struct pages_mode_page *page = &all->pages[i];
		size_t length;

		if (!matches(request, page))
			continue;
		if (request->control == CHANGEABLE)
			length = pages_put_mask(page, mode, bytes);
		else
			length = pages_put_mode(page, mode, bytes);
		pages_put_bytes(data, bytes, length);
	}
}

/* Gets the settings that are asked for, and the device-specific parameter. */
static uint8_t get_mode(struct device_call *call, const struct request *request,
    struct pages_mode *mode)
{
	struct scsi_result result;
	struct scsi_mode current;
	uint8_t density;
	unsigned flags;

	if (pages_is_changer(call))
		return 0;
	scsi_mode_sense(call->unit, &current, call->now_ns, &result);
	device_take(call, &result);
	density = current.density;
	flags = current.protected ? WRITE_PROTECTED : 0;
	scsi_get_partitions(call->unit, &mode->partitions);
	if (request->control == DEFAULT) {
		scsi_mode_defaults(call->unit, &current);
		scsi_get_default_partitions(call->unit, &mode->partitions);
	}
	current.density = density;
	mode->mode = current;
	return (uint8_t)(flags | (current.buffered ? BUFFERED : 0));
}

static void sense(struct device_call *call, bool ten, uint64_t allocation)
{
	const struct request request = {
		.control = call->cdb[2] >> 6,
		.page = call->cdb[2] & 0x3f,
		.subpage = call->cdb[3],
		.descriptor =
		    !pages_is_changer(call) && (call->cdb[1] & DBD) == 0,
	};
	struct pages_mode mode = { .call = call };
	struct pages_data data = { 0 };
	unsigned length = ten ? 2 : 1;
	uint8_t specific;

	if (request.control == SAVED) {
		device_fail(call, SENSE_ILLEGAL_REQUEST, 0x39, 0);
		return;
	}
	if (!is_answerable(call, &request))
		return;
	specific = get_mode(call, &request, &mode);
	if (device_has_failed(call))
		return;
	pages_put(&data, 0, length);
	pages_put(&data, pages_is_changer(call) ? 0 : pages_medium_type(call),
	    1);
	pages_put(&data, specific, 1);
	/* LONGLBA is 0, even if LLBAA allows it. */
	if (ten)
		pages_put(&data, 0, 2);
	pages_put(&data, request.descriptor ? DESCRIPTOR_BYTES : 0, length);
	if (request.descriptor)
		put_descriptor(&mode, request.control, &data);
	put_pages(&mode, &request, &data);
	pages_set_length(&data, 0, length);
	pages_reply(call, &data, allocation);
}

void pages_mode_sense_6(struct device_call *call)
{
	sense(call, false, call->cdb[4]);
}

void pages_mode_sense_10(struct device_call *call)
{
	sense(call, true, get_be16(call->cdb + 7));
}
