/* fault_text.c: see fault_text.h. */
#include "sim/command/vtl/fault_text.h"

#include <inttypes.h>
#include <stdlib.h>

#include "sim/scenario/faults/entry.h"

static void print_fault(int64_t id, bool once, uint64_t strikes,
    const char *text, FILE *to)
{
	fprintf(to, "fault %" PRId64 ": %s", id, text);
	if (once && strikes > 0)
		fputs(", spent", to);
	else if (strikes > 0)
		fprintf(to, ", struck %" PRIu64 " time%s", strikes,
		    strikes == 1 ? "" : "s");
	putc('\n', to);
}

/* Prints a fault that is described by a mapping, and frees the mapping. */
static void print_entry(int64_t id, bool once, uint64_t strikes, json_t *json,
    FILE *to)
{
	size_t bytes = 0;
	char *text = NULL;
	FILE *f = open_memstream(&text, &bytes);

	if (f != NULL) {
		scenario_entry_print(json, f);
		fclose(f);
	}
	print_fault(id, once, strikes, text != NULL ? text : "", to);
	free(text);
	json_decref(json);
}

json_t *vtl_volume_fault_json(const struct changer_volume_fault *fault)
{
	json_t *json = json_loads(fault->entry, 0, NULL);

	if (json_is_object(json))
		return json;
	json_decref(json);
	return json_pack("{s:s}", "volume", fault->barcode);
}

void vtl_print_robot_fault(const struct changer_fault *f, FILE *to)
{
	const char *const *mode = changer_fault_mode_names();
	char text[96];

	snprintf(text, sizeof text, "move %" PRIu64 "%s: %s", f->nth,
	    f->once ? "" : " and all later ones", mode[f->mode]);
	print_fault(f->id, f->once, f->strikes, text, to);
}

void vtl_print_drive_fault(const struct changer_drive_fault *d, FILE *to)
{
	print_entry(d->fault.id, d->fault.once, d->strikes,
	    scenario_entry_fault_json(&d->fault, d->drive), to);
}

void vtl_print_volume_fault(const struct changer_volume_fault *v, FILE *to)
{
	print_entry(v->id, v->once, v->strikes, vtl_volume_fault_json(v), to);
}
