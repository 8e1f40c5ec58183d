/* prepare.c: makes the dumps of a run, and its results. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/impl.h"

/* Returns the models of the drives: "2 lto8, lto5-ibm"; NULL: no memory. */
static char *name_drives(const struct scenario *s)
{
	char *text = NULL;
	size_t bytes = 0, same;
	FILE *to = open_memstream(&text, &bytes);

	for (size_t i = 0; to != NULL && i < s->drives_count; i += same) {
		const char *name = s->drives[i]->name;

		for (same = 1; i + same < s->drives_count &&
		     strcmp(s->drives[i + same]->name, name) == 0;
		     same++)
			;
		fputs(i > 0 ? ", " : "", to);
		if (same > 1)
			fprintf(to, "%zu ", same);
		fputs(name, to);
	}
	if (to != NULL && fclose(to) == 0)
		return text;
	free(text);
	return NULL;
}

struct results_scenario *run_new_results(const struct run *r, const char *name,
    const char *file)
{
	struct results_scenario *s = calloc(1, sizeof *s);
	bool good;

	if (s == NULL)
		return NULL;
	s->name = strdup(name);
	s->title = strdup(r->scenario->title);
	s->file = strdup(file);
	s->clock = strdup(r->options->real ? "real" : "virtual");
	s->drives = name_drives(r->scenario);
	s->seed = r->options->seed;
	good = s->drives != NULL && s->name != NULL && s->title != NULL &&
	    s->file != NULL && s->clock != NULL;
	for (size_t i = 0; i < r->scenario->dumps_count && good; i++)
		good = results_add_dump(s, r->scenario->dumps[i].name, 1) == 0;
	if (good)
		return s;
	results_scenario_free(s);
	return NULL;
}

/*
 * Lists the barcodes of all volumes, if they are used again: the library gives
 * out only volumes that are blank or have expired.  Returns 0, or -1 without
 * memory.
 */
static int list_barcodes(struct run *r)
{
	const struct scenario *s = r->scenario;

	if (!scenario_has_retention(s))
		return 0;
	r->barcodes = calloc(s->volumes_count, sizeof *r->barcodes);
	if (r->barcodes == NULL)
		return -1;
	for (size_t i = 0; i < s->volumes_count; i++)
		r->barcodes[i] = s->volumes[i].barcode;
	return 0;
}

int run_make_dumps(struct run *r)
{
	const struct scenario *s = r->scenario;

	snprintf(r->err, r->err_bytes, "out of memory");
	r->limit.bytes_per_s = s->source_bytes_per_s;
	r->bus.bytes_per_s = s->bus_bytes_per_s;
	r->dumps = calloc(s->dumps_count, sizeof *r->dumps);
	if (r->dumps == NULL || list_barcodes(r) != 0)
		return -1;
	if (scenario_shares_library(s)) {
		r->share = share_new(r->library, s->dumps_count,
		    r->options->real, r->options->pace_permille > 0);
		if (r->share == NULL)
			return -1;
	}
	/* Each dump has a thread in real time; an account has one. */
	if (r->library != NULL &&
	    (!r->options->real ||
		(r->options->pace_permille > 0 && s->dumps_count == 1))) {
		r->usage = usage_new(r->library, s->dumps_count);
		if (r->usage == NULL)
			return -1;
	}
	for (size_t i = 0; i < s->dumps_count; i++)
		if (dump_init(&r->dumps[i], r, i) != 0)
			return -1;
	return 0;
}

void run_close_traces(struct run *r)
{
	char why[VOLUME_MESSAGE_BYTES];

	for (size_t i = 0; r->dumps != NULL && i < r->scenario->dumps_count;
	     i++) {
		if (trace_file_close(r->dumps[i].trace, why, sizeof why) != 0 &&
		    r->problem[0] == '\0')
			snprintf(r->problem, sizeof r->problem, "%s", why);
		r->dumps[i].trace = NULL;
	}
}

void run_clear_dumps(struct run *r)
{
	for (size_t i = 0; r->dumps != NULL && i < r->scenario->dumps_count;
	     i++)
		dump_clear(&r->dumps[i]);
	free(r->dumps);
	usage_free(r->usage);
	free(r->barcodes);
	share_free(r->share);
}
