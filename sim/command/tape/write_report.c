/* write_report.c: see write_report.h. */
#include "sim/command/tape/write_report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/command/print.h"
#include "sim/run/measure/readings.h"

static json_t *part_json(const struct splitter_part *row)
{
	return json_pack("{s:I, s:I, s:o, s:I, s:I, s:I, s:s}", "part",
	    (json_int_t)row->part, "attempt", (json_int_t)row->attempt,
	    "volume", print_text(row->volume), "file", (json_int_t)row->file,
	    "offset", (json_int_t)row->offset_bytes, "bytes",
	    (json_int_t)row->bytes, "xxh128", row->xxh128);
}

/* Returns a number that may be unknown. */
static json_t *number_json(bool known, uint64_t number)
{
	if (!known)
		return json_null();
	return number <= INT64_MAX ? json_integer((json_int_t)number)
				   : json_real((double)number);
}

static json_t *reading_json(const struct results_reading *r)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:o}", "source", r->source,
	    "name", r->name, "unit", r->unit, "before",
	    number_json(r->has_before, r->before), "after",
	    number_json(true, r->after));
}

/* What drive and cartridge reported of a volume. */
static json_t *use_json(const struct write_use *use)
{
	struct results_volume v = { .barcode = NULL };
	json_t *readings = json_array(), *json = NULL;
	size_t i;

	if (readings_take(&v, &use->before, &use->after, use->errors) == 0) {
		for (i = 0; i < v.readings_count; i++)
			json_array_append_new(readings,
			    reading_json(&v.readings[i]));
		json = json_pack("{s:o, s:s, s:b, s:s, s:s, s:s, s:o, s:O}",
		    "volume", print_text(use->barcode), "closed",
		    tape_close_name(use->close), "reported", v.reported,
		    "serial", v.serial, "alerts_before", v.alerts_before,
		    "alerts_after", v.alerts_after, "errors",
		    print_text(v.errors), "readings", readings);
	}
	results_clear_readings(&v);
	json_decref(readings);
	return json;
}

static json_t *uses_json(const struct write_uses *uses)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < uses->count; i++)
		json_array_append_new(list, use_json(uses->list[i]));
	return list;
}

int write_report_print(const struct write_result *r)
{
	json_t *parts = json_array();
	char id[17];
	size_t i;

	for (i = 0; i < r->parts.count; i++)
		json_array_append_new(parts, part_json(&r->parts.parts[i]));
	snprintf(id, sizeof id, "%016" PRIx64, r->dump_id);
	return print_json(json_pack("{s:s, s:s, s:s, s:I, s:s, s:b, s:I, s:o, "
				    "s:o, s:o}",
	    "dump", r->name, "id", id, "outcome",
	    splitter_outcome_name(r->outcome), "safe_bytes",
	    (json_int_t)r->safe_bytes, "xxh128", r->xxh128, "sealed", r->sealed,
	    "resumed_bytes", (json_int_t)r->resumed_bytes, "message",
	    print_text(r->input_error[0] != '\0' ? r->input_error : r->message),
	    "parts", parts, "volumes", uses_json(&r->uses)));
}

/* Enters a log page or an attribute into the evidence. */
static void take_raw(void *arg, const char *volume, bool unloading,
    bool attribute, uint16_t code, const void *data, size_t bytes)
{
	struct write_evidence *e = arg;
	char what[16], when[64];

	if (attribute)
		snprintf(what, sizeof what, "%04Xh", code);
	else
		snprintf(what, sizeof what, "%02Xh/%02Xh", code >> 8,
		    code & 0xff);
	snprintf(when, sizeof when, "%s of %s",
	    unloading ? "before the unload" : "after the load",
	    volume[0] != '\0' ? volume : "a volume without a barcode");
	evidence_add(e->file, attribute ? "medium attribute" : "log page", what,
	    when, "", data, bytes);
}

bool write_evidence_begin(struct write_evidence *e,
    struct write_options *options)
{
	char err[512];

	if (e->dir == NULL)
		return true;
	if (mkdir(e->dir, 0777) != 0 && errno != EEXIST) {
		fprintf(stderr, "tapelab: cannot make the folder %s: %s\n",
		    e->dir, strerror(errno));
		return false;
	}
	e->file = evidence_open(e->dir, false, err, sizeof err);
	if (e->file == NULL) {
		fprintf(stderr, "tapelab: %s\n", err);
		return false;
	}
	evidence_set_test(e->file, options->config.dump);
	evidence_add(e->file, "command", "tapelab write", "at the start",
	    options->config.dump, NULL, 0);
	options->raw = take_raw;
	options->raw_arg = e;
	return true;
}

void write_evidence_end(struct write_evidence *e)
{
	char sha256[EVIDENCE_SHA256_BYTES], err[512];

	if (e->file == NULL)
		return;
	if (evidence_finish(e->file, sha256, err, sizeof err) != 0)
		fprintf(stderr, "tapelab: the evidence is not complete: %s\n",
		    err);
	else
		fprintf(stderr,
		    "tapelab: evidence: %s/evidence.json, SHA-256 %s\n", e->dir,
		    sha256);
	evidence_close(e->file);
}
