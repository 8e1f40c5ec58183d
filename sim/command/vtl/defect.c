/* defect.c: see defect.h. */
#include "sim/command/vtl/defect.h"

#include <inttypes.h>
#include <stdio.h>

#include "reports/units.h"

static bool has_sense(const struct volume_defect *d)
{
	return d->fail == VOLUME_FAIL_WRITE || d->fail == VOLUME_FAIL_READ;
}

static void format_sense(const struct volume_defect *d, char sense[16])
{
	snprintf(sense, 16, "%X/%02X/%02X", d->sense.key, d->sense.asc,
	    d->sense.ascq);
}

/* Adds the keys that say where the defect is. */
static void add_place(json_t *json, const struct volume_defect *d)
{
	json_object_set_new(json, d->unit == VOLUME_BYTES ? "at" : "block",
	    json_integer((json_int_t)d->at));
	if (d->partition > 0)
		json_object_set_new(json, "partition",
		    json_integer((json_int_t)d->partition));
	if (d->unit == VOLUME_FILE_BLOCKS)
		json_object_set_new(json, "file",
		    json_integer((json_int_t)d->file));
	if (d->length > 1)
		json_object_set_new(json, "length",
		    json_integer((json_int_t)d->length));
}

/* Writes a number of bytes as a size. */
static void make_size(json_t *json, const char *key)
{
	const json_t *bytes = json_object_get(json, key);
	char size[UNITS_BYTES];

	if (bytes == NULL)
		return;
	units_size_exact(size, (uint64_t)json_integer_value(bytes));
	json_object_set_new(json, key, json_string(size));
}

/* Adds the keys that say what it does. */
static void add_effect(json_t *json, const struct volume_defect *d)
{
	char sense[16];

	if (has_sense(d)) {
		format_sense(d, sense);
		json_object_set_new(json, "sense", json_string(sense));
	}
	if (d->fail == VOLUME_FAIL_SLOW)
		json_object_set_new(json, "slowdown",
		    json_integer((json_int_t)d->slowdown));
	else
		json_object_set_new(json, "once", json_boolean(d->once));
	if (d->recover_after > 0)
		json_object_set_new(json, "recover_after",
		    json_integer((json_int_t)d->recover_after));
	if (d->one_in > 0)
		json_object_set_new(json, "one_in",
		    json_integer((json_int_t)d->one_in));
}

static json_t *defect_json(const struct volume_defect *d)
{
	json_t *json = json_pack("{s:s}", "fail", volume_fail_names()[d->fail]);

	add_place(json, d);
	add_effect(json, d);
	return json;
}

char *vtl_defect_entry(const struct volume_defect *d, const char *barcode)
{
	json_t *json = json_pack("{s:s, s:s}", "fail",
	    volume_fail_names()[d->fail], "volume", barcode);
	char *text;

	add_place(json, d);
	if (d->unit == VOLUME_BYTES) {
		make_size(json, "at");
		make_size(json, "length");
	}
	add_effect(json, d);
	if (!d->once)
		json_object_del(json, "once");
	text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	return text;
}

json_t *vtl_defects_json(const struct volume *volume)
{
	json_t *json = json_array();
	const struct volume_defect *defects;
	size_t count, i;

	defects = volume_defects(volume, &count);
	for (i = 0; i < count; i++)
		json_array_append_new(json, defect_json(&defects[i]));
	return json;
}

static void print_partition(const struct volume_defect *d)
{
	if (d->partition > 0)
		printf(" of partition %u", d->partition);
}

static void print_place(const struct volume_defect *d)
{
	char size[UNITS_BYTES];

	if (d->unit == VOLUME_BYTES) {
		units_size_exact(size, d->at);
		printf("at %s", size);
		units_size_exact(size, d->length);
		print_partition(d);
		if (d->length > 1)
			printf(", %s long", size);
		return;
	}
	printf("at block %" PRIu64, d->at);
	if (d->unit == VOLUME_FILE_BLOCKS)
		printf(" of file %" PRIu64, d->file);
	print_partition(d);
	if (d->length > 1)
		printf(", %" PRIu64 " blocks long", d->length);
}

static void print_defect(const struct volume_defect *d)
{
	const char *once = d->once ? " once" : "";
	const char *does =
	    d->sense.key == SENSE_RECOVERED ? "is recovered" : "fails";
	char sense[16];

	printf("defect: ");
	print_place(d);
	format_sense(d, sense);
	switch (d->fail) {
	case VOLUME_FAIL_WRITE:
		printf(", a write %s%s (sense %s)", does, once, sense);
		break;
	case VOLUME_FAIL_READ:
		printf(", a read %s%s (sense %s)", does, once, sense);
		break;
	case VOLUME_FAIL_SLOW:
		printf(", %" PRIu64 " times slower", d->slowdown);
		break;
	default:
		printf(", written data is corrupted%s", once);
		break;
	}
	if (d->recover_after > 0)
		printf(", recovered after %" PRIu64 " tries", d->recover_after);
	if (d->one_in > 0)
		printf(", one in %" PRIu64, d->one_in);
	putchar('\n');
}

void vtl_defects_print(const struct volume *volume)
{
	const struct volume_defect *defects;
	size_t count, i;

	defects = volume_defects(volume, &count);
	for (i = 0; i < count; i++)
		print_defect(&defects[i]);
}
