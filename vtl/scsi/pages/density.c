/*
 * density.c: REPORT DENSITY SUPPORT (SSC-4).
 *
 * The densities of LTO media are those of the drives' SCSI references (IBM
 * GA32-0928).  A value that is not known is 0.
 */
#include "vtl/scsi/pages/impl.h"

#include <string.h>

enum {
	MEDIA = 0x01,       /* what the loaded medium can have */
	MEDIUM_TYPE = 0x02, /* types of medium instead of densities */
	WRITES = 0x80,      /* WRTOK */
	DEFAULT = 0x20,     /* DEFLT */
	WIDTH = 127,        /* 0.1 mm */
	MB = 1000000,
	TYPE_DESCRIPTOR_BYTES = 52, /* after the field */
	TYPE_DENSITIES = 9,
	ORGANISATION_BYTES = 8,
	NAME_BYTES = 8,
	DESCRIPTION_BYTES = 20
};

struct density {
	uint8_t code;
	uint32_t bits_per_mm;
	uint16_t tracks;
	const char *name, *description;
};

static const struct density densities[] = {
	{ 0x40, 4880, 384, "U-18", "Ultrium 1/8T" },
	{ 0x42, 7398, 512, "U-28", "Ultrium 2/8T" },
	{ 0x44, 9638, 704, "U-316", "Ultrium 3/16T" },
	{ 0x46, 12725, 896, "U-416", "Ultrium 4/16T" },
	{ 0x58, 15142, 1280, "U-516", "Ultrium 5/16T" },
	{ 0x5a, 15142, 2176, "U-616", "Ultrium 6/16T" },
	{ 0x5c, 19107, 3584, "U-732", "Ultrium 7/32T" },
	{ 0x5d, 0, 0, "M8", "Ultrium M8/32T" },
	{ 0x5e, 20669, 6656, "U-832", "Ultrium 8/32T" },
	{ 0x60, 21459, 8960, "U-932", "Ultrium 9/32T" },
	{ 0x62, 21657, 15104, "U1032A", "Ultrium 10/32T" },
	{ 0x63, 22441, 15104, "U1032P", "Ultrium 10P/32T" },
};

/* Returns the density with this code; one without facts if it is unknown. */
static struct density density_of(uint8_t code)
{
	const struct density unknown = {
		.code = code, .name = "", .description = ""
	};

	for (size_t i = 0; i < sizeof densities / sizeof *densities; i++)
		if (densities[i].code == code)
			return densities[i];
	return unknown;
}

static const char *organisation(const struct media_type *type)
{
	return type != NULL ? "LTO-CVE" : "";
}

/* `type` is NULL for media that have none. */
static void put_density(struct device_call *call, struct pages_data *data,
    const struct media_type *type, uint64_t capacity_bytes)
{
	const struct model *model = drive_model(scsi_drive(call->unit));
	const struct density d =
	    density_of(type != NULL ? type->density : model->density);
	unsigned flags = d.code == model->density ? DEFAULT : 0;

	if (type == NULL || model_use(model, type) == MEDIA_WRITE)
		flags |= WRITES;
	pages_put(data, d.code, 1);
	pages_put(data, d.code, 1);
	pages_put(data, flags, 1);
	pages_put(data, 0, 2);
	pages_put(data, d.bits_per_mm, 3);
	pages_put(data, WIDTH, 2);
	pages_put(data, d.tracks, 2);
	pages_put(data, capacity_bytes / MB, 4);
	pages_put_text(data, organisation(type), ORGANISATION_BYTES);
	pages_put_text(data, d.name, NAME_BYTES);
	pages_put_text(data, d.description, DESCRIPTION_BYTES);
}

static void put_medium_type(struct device_call *call, struct pages_data *data,
    const struct media_type *type)
{
	const struct model *model = drive_model(scsi_drive(call->unit));
	const struct model_medium *medium = model_medium(model, type);

	pages_put(data, pages_type_code(call, type), 1);
	pages_put(data, 0, 1);
	pages_put(data, TYPE_DESCRIPTOR_BYTES, 2);
	pages_put(data, 1, 1);
	pages_put(data, type != NULL ? type->density : model->density, 1);
	pages_put_zeros(data, TYPE_DENSITIES - 1);
	pages_put(data, WIDTH, 2);
	pages_put(data, medium->length_mm / 1000, 2);
	pages_put_zeros(data, 2);
	pages_put_text(data, organisation(type), ORGANISATION_BYTES);
	pages_put_text(data, type != NULL ? type->name : "", NAME_BYTES);
	pages_put_text(data, type != NULL && type->worm ? "write-once" : "",
	    DESCRIPTION_BYTES);
}

static void put_loaded(struct device_call *call, struct pages_data *data,
    bool types)
{
	const struct drive *drive = scsi_drive(call->unit);
	const struct volume_spec *spec = volume_get_spec(drive_volume(drive));

	if (types)
		put_medium_type(call, data, pages_medium(drive));
	else
		put_density(call, data, pages_medium(drive),
		    spec->capacity_bytes);
}

/* The types are sorted by density code, first those without write-once. */
static void put_supported(struct device_call *call, struct pages_data *data,
    bool types)
{
	const struct model *model = drive_model(scsi_drive(call->unit));

	if (model_takes_all(model)) {
		if (types)
			put_medium_type(call, data, NULL);
		else
			put_density(call, data, NULL,
			    model->media[0].capacity_bytes);
		return;
	}
	for (const char *const *code = media_codes(); *code != NULL; code++) {
		const struct media_type *type = media_find_type(*code, "");

		if (type == NULL || model_use(model, type) == MEDIA_NONE)
			continue;
		if (types)
			put_medium_type(call, data, type);
		else if (!type->worm)
			put_density(call, data, type, type->capacity_bytes);
	}
}

void pages_report_densities(struct device_call *call)
{
	struct pages_data data = { 0 };
	struct scsi_result result;
	bool types = call->cdb[1] & MEDIUM_TYPE;

	pages_put(&data, 0, 4);
	if (call->cdb[1] & MEDIA) {
		scsi_test_unit_ready(call->unit, call->now_ns, &result);
		device_take(call, &result);
		if (result.check)
			return;
		put_loaded(call, &data, types);
	} else {
		put_supported(call, &data, types);
	}
	pages_set_length(&data, 0, 2);
	pages_reply(call, &data, get_be16(call->cdb + 7));
}
