/* soak_hard_text.c: the text of a scenario that only hard cases have. */
#include "sim/tests/soak/soak_hard.h"

#include <inttypes.h>

#include "sim/scenario/faults/entry.h"

/* Writes a mapping unless it is empty. */
static void write_entry(json_t *json, const char *key, const char *end,
    FILE *to)
{
	if (json_object_size(json) > 0) {
		fputs(key, to);
		scenario_entry_print(json, to);
		fputs(end, to);
	}
	json_decref(json);
}

void soak_barcode(const struct soak_case *c, size_t volume,
    char barcode[SOAK_BARCODE_BYTES])
{
	const char *medium = c->volumes[volume].medium;

	snprintf(barcode, SOAK_BARCODE_BYTES, "TL%04zu%s", volume + 1,
	    medium != NULL ? medium : "");
}

void soak_hard_write_drive(const struct soak_case *c, size_t i, FILE *to)
{
	json_t *json = scenario_entry_behaviour_json(&c->hard.behaviours[i]);

	if (json_object_size(json) == 0) {
		fputs(c->drives[i], to);
		json_decref(json);
		return;
	}
	fprintf(to, "{model: %s", c->drives[i]);
	write_entry(json, ", behaviour: ", "}", to);
}

void soak_hard_write_library(const struct soak_case *c, FILE *to)
{
	const struct soak_hard *h = &c->hard;

	if (!h->is) {
		/* The reference of the rules knows no deferred errors. */
		fputs("  behaviour: {buffered: false}\n", to);
		return;
	}
	write_entry(scenario_entry_behaviour_json(&h->behaviour),
	    "  behaviour: ", "\n", to);
	if (h->limit_bytes > 0) {
		soak_write_size(to, "  limit: {capacity: ", h->limit_bytes);
		if (h->limit_warning_bytes > 0)
			soak_write_size(to,
			    ", early_warning: ", h->limit_warning_bytes);
		else
			fputs(", early_warning: none", to);
		fputs("}\n", to);
	}
	if (h->zlib && !c->raw)
		fputs("  payload: zlib\n", to);
	if (h->move_ns > 0)
		fprintf(to, "  robot: {move_time: %" PRId64 " ns}\n",
		    h->move_ns);
	if (h->load_ahead)
		fputs("  load_ahead: true\n", to);
}

static void write_drive_fault(const struct scenario_fault *f, FILE *to)
{
	json_t *json =
	    scenario_entry_fault_json(&f->of_drive, (int)f->drive - 1);

	if (f->volume > 0)
		json_object_set_new(json, "volume",
		    json_integer((json_int_t)f->volume));
	write_entry(json, "  - ", "\n", to);
}

static void write_place(const struct scenario_fault *f, FILE *to)
{
	const struct volume_defect *v = &f->of_volume;

	if (v->unit == VOLUME_BYTES) {
		soak_write_size(to, ", at: ", f->at_bytes);
		if (v->length > 0)
			soak_write_size(to, ", length: ", v->length);
		return;
	}
	fprintf(to, ", block: %" PRIu64, v->at);
	if (v->unit == VOLUME_FILE_BLOCKS)
		fprintf(to, ", file: %" PRIu64, v->file);
	if (v->length > 0)
		fprintf(to, ", length: %" PRIu64, v->length);
}

static void write_defect(const struct scenario_fault *f, FILE *to)
{
	const struct volume_defect *v = &f->of_volume;

	fprintf(to, "  - {fail: %s, volume: %zu", volume_fail_names()[v->fail],
	    f->volume);
	write_place(f, to);
	if (v->fail == VOLUME_FAIL_WRITE || v->fail == VOLUME_FAIL_READ)
		fprintf(to, ", sense: %s", f->sense->name);
	if (v->recover_after > 0)
		fprintf(to, ", recover_after: %" PRIu64, v->recover_after);
	if (v->one_in > 0)
		fprintf(to, ", one_in: %" PRIu64, v->one_in);
	if (v->slowdown > 0)
		fprintf(to, ", slowdown: %" PRIu64, v->slowdown);
	fprintf(to, "%s}\n", f->once ? ", once: true" : "");
}

bool soak_hard_write_fault(const struct scenario_fault *f, FILE *to)
{
	if (scenario_is_defect(f->fail)) {
		write_defect(f, to);
	} else if (f->fail == FAIL_DRIVE) {
		write_drive_fault(f, to);
	} else if (f->fail == FAIL_BARCODE) {
		fprintf(to, "  - {fail: barcode, volume: %zu}\n", f->volume);
	} else if (f->fail == FAIL_MOVE) {
		fprintf(to, "  - {fail: move, nth: %" PRIu64 ", mode: %s%s}\n",
		    f->nth, changer_fault_mode_names()[f->move_mode],
		    f->once ? ", once: true" : "");
	} else {
		return false;
	}
	return true;
}
