/* scenario_entry_print.c: writes single mappings; see scenario_entry.h. */
#include <inttypes.h>
#include <stdio.h>

#include "sim/scenario/entry.h"
#include "reports/units.h"

static void set_size(json_t *json, const char *key, uint64_t bytes)
{
	char text[UNITS_BYTES];

	units_size_exact(text, bytes);
	json_object_set_new(json, key, json_string(text));
}

/* Exactly, in the largest unit that it is a whole number of. */
static void set_time(json_t *json, const char *key, int64_t ns)
{
	char text[UNITS_BYTES];

	json_object_set_new(json, key, json_string(units_time_exact(text, ns)));
}

static void set_count(json_t *json, const char *key, uint64_t count)
{
	json_object_set_new(json, key, json_integer((json_int_t)count));
}

static void set_word(json_t *json, const char *key, const char *word)
{
	json_object_set_new(json, key, json_string(word));
}

/* "95.5 %", "80..210.5 %". */
static void set_share(json_t *json, const char *key, uint64_t permille,
    uint64_t spread)
{
	char text[64], low[32] = "";

	if (spread > 0)
		snprintf(low, sizeof low, "%.6g..", (double)permille / 10);
	snprintf(text, sizeof text, "%s%.6g %%", low,
	    (double)(permille + spread) / 10);
	json_object_set_new(json, key, json_string(text));
}

static void set_medium(json_t *json, const struct drive_options *o)
{
	if (o->zlib)
		set_word(json, "compression", "zlib");
	if (o->layout.ratio_permille > 0)
		set_share(json, "compression", o->layout.ratio_permille,
		    o->ratio_spread_permille);
	if (o->capacity_permille > 0)
		set_share(json, "capacity", o->capacity_permille,
		    o->capacity_spread_permille);
	if (o->layout.block_overhead_bytes > 0)
		set_size(json, "block_overhead",
		    o->layout.block_overhead_bytes);
	if (o->layout.filemark_bytes > 0)
		set_size(json, "filemark_size", o->layout.filemark_bytes);
}

json_t *scenario_entry_behaviour_json(const struct drive_options *o)
{
	json_t *json = json_object();

	if (o->buffered)
		json_object_set_new(json, "buffered", json_true());
	if (o->buffer_bytes > 0)
		set_size(json, "buffer", o->buffer_bytes);
	if (o->no_early_warning)
		set_word(json, "early_warning", "none");
	if (o->early_warning_delay_blocks > 0)
		set_count(json, "early_warning_delay",
		    o->early_warning_delay_blocks);
	if (o->pews_bytes > 0)
		set_size(json, "pews", o->pews_bytes);
	if (o->residual != DRIVE_RESIDUAL_EXACT)
		set_word(json, "residual",
		    o->residual == DRIVE_RESIDUAL_OVER ? "over" : "under");
	set_medium(json, o);
	if (o->media_initialization_ns > 0)
		set_time(json, "media_initialization",
		    o->media_initialization_ns);
	if (o->clean_after_loads > 0)
		set_count(json, "clean_after_loads", o->clean_after_loads);
	return json;
}

static void set_when(json_t *json, const struct drive_fault *f)
{
	if (f->nth > 0)
		set_count(json, "nth", f->nth);
	if (f->every > 0)
		set_count(json, "every", f->every);
	if (f->after_bytes > 0)
		set_size(json, "after_bytes", f->after_bytes);
	if (f->after_ns > 0)
		set_time(json, "after_time", f->after_ns);
	if (f->one_in > 0)
		set_count(json, "one_in", f->one_in);
	if (f->end_byte > 0)
		set_size(json, "at", f->begin_byte);
	if (f->end_byte > f->begin_byte + 1)
		set_size(json, "length", f->end_byte - f->begin_byte);
}

static const char *event_name(const struct sense *sense)
{
	const struct sense_event *e = sense_events();

	while (e->name != NULL &&
	    (e->sense.key != sense->key || e->sense.asc != sense->asc ||
		e->sense.ascq != sense->ascq))
		e++;
	return e->name != NULL ? e->name : "?";
}

json_t *scenario_entry_fault_json(const struct drive_fault *f, int drive)
{
	json_t *json = json_pack("{s:s, s:s}", "fail", "drive", "operation",
	    drive_op_names()[f->op]);

	if (drive != -1)
		set_count(json, "drive", (uint64_t)drive + 1);
	if (f->barcode[0] != '\0')
		set_word(json, "volume", f->barcode);
	set_when(json, f);
	set_word(json, "mode", drive_fault_mode_names()[f->mode]);
	if (f->mode == DRIVE_FAULT_FAIL)
		set_word(json, "sense", event_name(&f->sense));
	if (f->deferred)
		json_object_set_new(json, "deferred", json_true());
	if (f->once)
		json_object_set_new(json, "once", json_true());
	if (f->duration_ns > 0)
		set_time(json, "duration", f->duration_ns);
	if (f->slowdown > 0)
		set_count(json, "slowdown", f->slowdown);
	if (f->to_object > 0)
		set_count(json, "to_block", f->to_object);
	return json;
}

void scenario_entry_print(const json_t *json, FILE *to)
{
	const char *key, *before = "{";
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)json, key, value)
	{
		fprintf(to, "%s%s: ", before, key);
		if (json_is_string(value))
			fputs(json_string_value(value), to);
		else if (json_is_integer(value))
			fprintf(to, "%" JSON_INTEGER_FORMAT,
			    json_integer_value(value));
		else
			fputs(json_is_true(value) ? "true" : "false", to);
		before = ", ";
	}
	fputs(before[0] == '{' ? "{}" : "}", to);
}
