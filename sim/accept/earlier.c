/* earlier.c: see earlier.h. */
#include "sim/accept/earlier.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/json/acceptance.h"
#include "sim/accept/rows.h"
#include "splitter/base/sentence.h"

/* NAME_BYTES: of the name of a value, with the name of a cartridge. */
enum { NAME_BYTES = 256, FACT_BYTES = 512 };

static bool is(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

/* Checks that a run can be compared. */
static int check(const struct acceptance *run, const char *folder,
    const struct acceptance *now, char *err, size_t err_bytes)
{
	if (run->ended == NULL || run->ended[0] == '\0')
		sentence(err, err_bytes,
		    "--compare: %s: the run in it has not ended; continue it, "
		    "or name another one",
		    folder);
	else if (now->serial == NULL || now->serial[0] == '\0')
		sentence(err, err_bytes,
		    "--compare: %s: the drive reports no serial number, so the "
		    "run in it may be of another drive; remove --compare",
		    folder);
	else if (!is(run->vendor, now->vendor) ||
	    !is(run->product, now->product) || !is(run->serial, now->serial))
		sentence(err, err_bytes,
		    "--compare: %s: the run in it is of the drive %s %s, serial "
		    "number %s; this is %s %s, %s: name runs of this drive",
		    folder, run->vendor, run->product, run->serial, now->vendor,
		    now->product, now->serial);
	else
		return 0;
	return -1;
}

/* Reads a run to its place: the newest is the first. */
static int add(struct earlier *e, const char *folder,
    const struct acceptance *now, char *err, size_t err_bytes)
{
	struct acceptance run;
	int rc = report_acceptance_look(folder,
	    "it cannot be compared; name another run, or remove --compare",
	    &run, err, err_bytes);
	size_t place = 0;

	if (rc > 0)
		sentence(err, err_bytes,
		    "--compare: %s: no acceptance.json: name the folder of an "
		    "acceptance run",
		    folder);
	if (rc != 0)
		return -1;
	if (check(&run, folder, now, err, err_bytes) != 0) {
		acceptance_clear(&run);
		return -1;
	}
	while (place < e->count && strcmp(e->runs[place].began, run.began) > 0)
		place++;
	if (place < e->count && is(e->runs[place].began, run.began)) {
		sentence(err, err_bytes,
		    "--compare: %s: the run of %s was named before", folder,
		    run.began);
		acceptance_clear(&run);
		return -1;
	}
	memmove(&e->runs[place + 1], &e->runs[place],
	    (e->count - place) * sizeof *e->runs);
	e->runs[place] = run;
	e->count++;
	return 0;
}

int earlier_read(struct earlier *e, const char *const *folders, size_t count,
    const struct acceptance *now, char *err, size_t err_bytes)
{
	*e = (struct earlier){ .count = 0 };
	if (count > EARLIER_MAX) {
		sentence(err, err_bytes,
		    "--compare: the paper has room for %d earlier runs, and %zu "
		    "were named",
		    EARLIER_MAX, count);
		return -1;
	}
	for (size_t i = 0; i < count; i++)
		if (add(e, folders[i], now, err, err_bytes) != 0) {
			earlier_clear(e);
			return -1;
		}
	return 0;
}

void earlier_clear(struct earlier *e)
{
	for (size_t i = 0; i < e->count; i++)
		acceptance_clear(&e->runs[i]);
	e->count = 0;
}

/* Returns the value of a test that `before` others of its name are before. */
static const char *value_of(const struct acceptance *run, const char *test,
    const char *what, size_t before)
{
	for (size_t i = 0; i < run->rows_count; i++)
		if (is(run->rows[i].test, test) &&
		    is(run->rows[i].what, what) && before-- == 0)
			return run->rows[i].value;
	return NULL;
}

/* Returns how many values of the same test and name are before a value. */
static size_t count_before(const struct acceptance *a,
    const struct acceptance_row *row)
{
	size_t count = 0;

	for (const struct acceptance_row *r = a->rows; r < row; r++)
		count += is(r->test, row->test) && is(r->what, row->what);
	return count;
}

/*
 * Returns the bytes of a name without the cartridge that it ends with, as in
 * "Corrected read errors per TB, VTA001L8"; 0: it ends with none.
 */
static size_t before_cartridge(const struct acceptance *a, const char *what)
{
	size_t bytes = strlen(what);

	for (size_t i = 0; i < a->cartridges_count; i++) {
		size_t name = strlen(a->cartridges[i].name);

		if (bytes > name + 2 &&
		    strcmp(what + bytes - name, a->cartridges[i].name) == 0 &&
		    strncmp(what + bytes - name - 2, ", ", 2) == 0)
			return bytes - name;
	}
	return 0;
}

/*
 * Writes which second drive a run used, without its firmware.  Returns false if
 * that is not known.
 */
static bool get_second(const struct acceptance *run, char text[FACT_BYTES])
{
	static const char before[] = ", firmware ",
			  after[] = ", serial number ";
	const char *value = NULL, *firmware, *serial;

	for (size_t i = 0; i < run->facts_count; i++)
		if (is(run->facts[i].name, ROWS_SECOND_FACT))
			value = run->facts[i].value;
	if (value == NULL || (firmware = strstr(value, before)) == NULL ||
	    (serial = strstr(firmware, after)) == NULL)
		return false;
	serial += sizeof after - 1;
	snprintf(text, FACT_BYTES, "%.*s, %.*s", (int)(firmware - value), value,
	    (int)strcspn(serial, ","), serial);
	return strcspn(serial, ",") > 0;
}

/* Returns whether a value says something of the same drive in both runs. */
static bool is_comparable(const struct acceptance *run,
    const struct acceptance *now, const struct acceptance_row *row)
{
	char then[FACT_BYTES], this[FACT_BYTES];

	if (strncmp(row->what, ROWS_SECOND, sizeof ROWS_SECOND - 1) != 0)
		return true;
	return get_second(run, then) && get_second(now, this) && is(then, this);
}

/* Writes the values that a run has of its own cartridges. Returns how many. */
static size_t write_cartridges(FILE *to, const struct acceptance *run,
    const struct acceptance_row *row, size_t bytes)
{
	size_t count = 0;

	for (size_t i = 0; i < run->cartridges_count; i++) {
		char what[NAME_BYTES];
		const char *value;

		snprintf(what, sizeof what, "%.*s%s", (int)bytes, row->what,
		    run->cartridges[i].name);
		value = value_of(run, row->test, what, 0);
		if (value != NULL)
			fprintf(to, "%s%s (%s)", count++ > 0 ? ", " : "", value,
			    run->cartridges[i].name);
	}
	return count;
}

/*
 * Returns the values of the earlier runs, "-" if a run has none; "": none has.
 * The caller frees them; NULL without memory.
 */
static char *list_values(const struct earlier *e, const struct acceptance *a,
    const struct acceptance_row *row)
{
	size_t bytes = before_cartridge(a, row->what);
	size_t before = count_before(a, row), count = 0, ignored;
	char *text = NULL;
	FILE *to = open_memstream(&text, &ignored);

	if (to == NULL)
		return NULL;
	for (size_t i = 0; i < e->count; i++) {
		const char *value = is_comparable(&e->runs[i], a, row)
		    ? value_of(&e->runs[i], row->test, row->what, before)
		    : NULL;
		size_t found = value != NULL;

		fprintf(to, "%s%s", i > 0 ? "; " : "",
		    value != NULL ? value : "");
		if (value == NULL && bytes > 0)
			found = write_cartridges(to, &e->runs[i], row, bytes);
		if (found == 0)
			fputc('-', to);
		count += found;
	}
	if (fclose(to) != 0) {
		free(text);
		return NULL;
	}
	if (count == 0)
		text[0] = '\0';
	return text;
}

/* Adds which runs are compared. */
static int add_fact(const struct earlier *e, struct acceptance *a,
    struct evidence *evidence)
{
	char text[FACT_BYTES] = "", one[FACT_BYTES];

	for (size_t i = 0; i < e->count; i++) {
		const struct acceptance *run = &e->runs[i];
		char *verdict = acceptance_verdict_line(run);

		sentence_add(text, sizeof text, "; ", "%s, %s, firmware %s",
		    run->began, run->kind, run->firmware);
		sentence(one, sizeof one, "%s; SHA-256 of its evidence: %s",
		    verdict != NULL ? verdict : "out of memory", run->sha256);
		evidence_add(evidence, "earlier run", run->began, "", one, NULL,
		    0);
		free(verdict);
	}
	return acceptance_add_fact(a, ACCEPTANCE_OF_HOST, "Earlier runs",
		   text) != NULL
	    ? 0
	    : -1;
}

static int enter_row(const struct earlier *e, struct acceptance *a,
    struct acceptance_row *row, struct evidence *evidence)
{
	char what[NAME_BYTES], *text = list_values(e, a, row);
	int rc = text != NULL ? acceptance_set(&row->earlier, text) : -1;

	if (rc == 0 && text[0] != '\0') {
		snprintf(what, sizeof what, "%s: %s", row->test, row->what);
		evidence_add(evidence, "earlier values", what, "", text, NULL,
		    0);
	}
	free(text);
	return rc;
}

int earlier_enter(const struct earlier *e, struct acceptance *a,
    struct evidence *evidence)
{
	if (e->count == 0)
		return 0;
	for (size_t i = 0; i < a->rows_count; i++)
		if (enter_row(e, a, &a->rows[i], evidence) != 0)
			return -1;
	return add_fact(e, a, evidence);
}
