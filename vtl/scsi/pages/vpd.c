/*
 * vpd.c: the pages of INQUIRY (vital product data): SPC-4, and SSC-4 from B0h
 * on.  Page 00h lists the pages that `pages` has for the device.
 */
#include "vtl/scsi/pages/impl.h"

#include <string.h>

enum {
	BINARY = 0x01, /* code sets */
	ASCII = 0x02,
	UTF_8 = 0x53,    /* of an iSCSI name: code set 3, protocol 5h */
	VENDOR = 0x00,   /* designators of the logical unit */
	T10 = 0x01,      /* with the T10 vendor identification */
	NAA = 0x03,      /* name of a network address authority */
	PORT = 0x14,     /* of the target port: its relative identifier */
	PORT_NAME = 0x98 /* of the target port: its SCSI name */
};

typedef void put_page(struct device_call *call, struct pages_data *data);

static void put_serial(struct device_call *call, struct pages_data *data)
{
	const struct device_identity *identity = device_identity(call->device);

	pages_put_text(data, identity->serial, sizeof identity->serial - 1);
}

/* Begins a designator; returns the place of its length. */
static size_t designator(struct pages_data *data, uint8_t code_set,
    uint8_t type)
{
	pages_put(data, code_set, 1);
	pages_put(data, type, 1);
	pages_put(data, 0, 2);
	return data->used - 1;
}

/*
 * SPC-4: the name of an iSCSI port ends with the portal group tag and at least
 * one NUL, and is a multiple of 4 bytes long.
 */
static void put_port_name(struct pages_data *data, const char *target)
{
	static const char tag[] = ",t,0x0001";
	size_t length = designator(data, UTF_8, PORT_NAME);
	size_t n = strlen(target) + sizeof tag;

	pages_put_bytes(data, target, strlen(target));
	pages_put_bytes(data, tag, sizeof tag);
	pages_put_zeros(data, -n % 4);
	pages_set_length(data, length, 1);
}

static void put_designators(struct device_call *call, struct pages_data *data)
{
	const struct device_identity *identity = device_identity(call->device);
	const char *target = device_call_port(call)->target;
	size_t length = designator(data, ASCII, T10);

	pages_put_text(data, identity->vendor, 8);
	pages_put_text(data, identity->product, 16);
	put_serial(call, data);
	pages_set_length(data, length, 1);

	length = designator(data, BINARY, NAA);
	pages_put(data, identity->naa, 8);
	pages_set_length(data, length, 1);

	length = designator(data, ASCII, VENDOR);
	pages_put_text(data, "tapelab", 7);
	pages_set_length(data, length, 1);

	length = designator(data, BINARY, PORT);
	pages_put(data, 1, 4);
	pages_set_length(data, length, 1);

	if (target[0] != '\0')
		put_port_name(data, target);
}

static void put_extended(struct device_call *call, struct pages_data *data)
{
	/* HEADSUP, ORDSUP, SIMPSUP: all task attributes */
	const uint8_t attributes[] = { 0, 0x07 };

	(void)call;
	pages_put_bytes(data, attributes, sizeof attributes);
	pages_put_zeros(data, 58);
}

/* Returns whether the drive writes a write-once medium. */
static bool writes_once(const struct model *model)
{
	for (const char *const *code = media_codes(); *code != NULL; code++) {
		const struct media_type *type = media_find_type(*code, "");

		if (type != NULL && type->worm &&
		    model_use(model, type) == MEDIA_WRITE)
			return true;
	}
	return false;
}

static void put_capabilities(struct device_call *call, struct pages_data *data)
{
	const struct drive *drive = scsi_drive(call->unit);

	pages_put(data, writes_once(drive_model(drive)), 1);
	pages_put(data, 0, 1);
}

static void put_alerts(struct device_call *call, struct pages_data *data)
{
	(void)call;
	pages_put_flags(data, scsi_supported_alerts());
}

static void put_automation(struct device_call *call, struct pages_data *data)
{
	const struct device_identity *identity = device_identity(call->device);

	pages_put_text(data, identity->changer_serial,
	    sizeof identity->changer_serial - 1);
}

static void put_element(struct device_call *call, struct pages_data *data)
{
	pages_put(data, device_identity(call->device)->element_address, 4);
}

static void put_list(struct device_call *call, struct pages_data *data);

/* Which devices have a page. */
enum { ALL, DRIVES, DRIVES_OF_LIBRARIES };

static const struct {
	uint8_t page, devices;
	put_page *put;
} pages[] = {
	{ 0x00, ALL, put_list },
	{ 0x80, ALL, put_serial },
	{ 0x83, ALL, put_designators },
	{ 0x86, ALL, put_extended },
	{ 0xb0, DRIVES, put_capabilities },
	{ 0xb1, DRIVES, put_serial },
	{ 0xb2, DRIVES, put_alerts },
	{ 0xb3, DRIVES_OF_LIBRARIES, put_automation },
	{ 0xb4, DRIVES_OF_LIBRARIES, put_element },
};

enum { PAGES = sizeof pages / sizeof *pages };

static bool has_page(struct device_call *call, size_t i)
{
	const struct device_identity *identity = device_identity(call->device);

	switch (pages[i].devices) {
	case DRIVES:
		return !pages_is_changer(call);
	case DRIVES_OF_LIBRARIES:
		return !pages_is_changer(call) &&
		    identity->changer_serial[0] != '\0';
	default:
		return true;
	}
}

static void put_list(struct device_call *call, struct pages_data *data)
{
	for (size_t i = 0; i < PAGES; i++)
		if (has_page(call, i))
			pages_put(data, pages[i].page, 1);
}

void pages_inquire_page(struct device_call *call)
{
	struct pages_data data = { 0 };
	size_t i = 0;

	while (i < PAGES &&
	    (pages[i].page != call->cdb[2] || !has_page(call, i)))
		i++;
	if (i == PAGES) {
		device_fail_field(call, 2, DEVICE_NO_BIT);
		return;
	}
	pages_put(&data, device_identity(call->device)->type, 1);
	pages_put(&data, pages[i].page, 1);
	pages_put(&data, 0, 2);
	pages[i].put(call, &data);
	pages_set_length(&data, 2, 2);
	pages_reply(call, &data, get_be16(call->cdb + 3));
}
