/* errors.c: see errors.h. */
#include "sim/accept/errors.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/sentence.h"

enum { REASON_BYTES = 512 };

/* Counters that must stay 0: SSC-4, pages 02h, 03h and 17h. */
static const struct {
	uint8_t page;
	uint16_t code;
	const char *what;
} errors[] = {
	{ 0x02, 0x0006, "Uncorrected write errors" },
	{ 0x03, 0x0006, "Uncorrected read errors" },
	{ 0x17, 0x0004, "Unrecovered write errors of the volume" },
	{ 0x17, 0x0006, "Fatal suspended writes" },
	{ 0x17, 0x0009, "Unrecovered read errors of the volume" },
};

enum { ERRORS = sizeof errors / sizeof *errors };

static struct acceptance_row *add_count(struct acceptance *a, const char *test,
    const char *what, uint64_t value, uint8_t page, uint16_t code)
{
	char text[64];
	struct acceptance_row *row;

	snprintf(text, sizeof text, "%" PRIu64, value);
	row = acceptance_add_row(a, test, what, text);
	snprintf(text, sizeof text, "log page %02Xh, parameter %04Xh", page,
	    code);
	return row != NULL && acceptance_set(&row->limit, "0") == 0 &&
		acceptance_set(&row->source, text) == 0
	    ? row
	    : NULL;
}

bool errors_of_test(struct acceptance *a, const char *test,
    const struct tape_counters *difference, const char *blames_nothing,
    const char *elsewhere)
{
	char text[REASON_BYTES];
	bool all = true;

	for (size_t i = 0; i < ERRORS; i++) {
		const struct tape_counter *c = tape_counters_find(difference,
		    errors[i].page, errors[i].code);
		struct acceptance_row *row;

		if (c == NULL || c->value == 0)
			continue;
		row = add_count(a, test, errors[i].what, c->value,
		    errors[i].page, errors[i].code);
		if (blames_nothing != NULL) {
			if (row != NULL)
				acceptance_set(&row->why, blames_nothing);
			continue;
		}
		if (elsewhere[0] != '\0') {
			sentence(text, sizeof text, "%s: %s: %" PRIu64 ": %s",
			    test, errors[i].what, c->value, elsewhere);
			if (row != NULL)
				acceptance_set(&row->why, elsewhere);
			acceptance_add_doubt(a, text);
			continue;
		}
		all = false;
		if (row != NULL)
			row->judgement = ACCEPTANCE_NOT_MET;
		sentence(text, sizeof text, "%s: %s: %" PRIu64, test,
		    errors[i].what, c->value);
		acceptance_add_fault(a, text);
	}
	return all;
}

bool errors_are_counted(const struct tape_counters *counters)
{
	return tape_counters_find(counters, errors[0].page, errors[0].code) !=
	    NULL &&
	    tape_counters_find(counters, errors[1].page, errors[1].code) !=
	    NULL;
}

/* Returns whether a row of a test with this value is not met. */
static bool is_blamed(const struct acceptance *a, const char *what)
{
	for (size_t i = 0; i < a->rows_count; i++)
		if (strcmp(a->rows[i].what, what) == 0 &&
		    a->rows[i].judgement == ACCEPTANCE_NOT_MET)
			return true;
	return false;
}

/* SSC-4, pages 02h and 03h: total of rewrites, total of errors corrected. */
enum { WRITES = 0x02, READS = 0x03, REWRITES = 0x0002, CORRECTED = 0x0003 };

void errors_count(struct acceptance *a, const char *cartridge,
    const struct tape_counters *difference)
{
	for (size_t i = 0; i < difference->count; i++) {
		const struct tape_counter *c = &difference->counter[i];
		bool needed = (c->code == CORRECTED &&
				  (c->page == WRITES || c->page == READS)) ||
		    (c->code == REWRITES && c->page == WRITES);

		for (size_t j = 0; j < ERRORS; j++)
			needed |= c->page == errors[j].page &&
			    c->code == errors[j].code;
		if (needed && c->subpage == 0)
			acceptance_count(a, cartridge, c->page, c->code,
			    c->value);
	}
}

int errors_keep_test(struct acceptance *a, const char *test,
    const struct tape_counters *difference)
{
	for (size_t i = 0; i < difference->count; i++) {
		const struct tape_counter *c = &difference->counter[i];
		struct acceptance_difference *kept;

		if (c->value == 0 && c->page != WRITES && c->page != READS)
			continue;
		kept = acceptance_add_difference(a, test, c->name);
		if (kept == NULL)
			return -1;
		kept->page = c->page;
		kept->subpage = c->subpage;
		kept->code = c->code;
		kept->value = c->value;
	}
	return 0;
}

char *errors_text(const struct tape_counters *difference)
{
	char *text = NULL;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);

	if (to == NULL)
		return NULL;
	for (size_t i = 0; i < difference->count; i++) {
		const struct tape_counter *c = &difference->counter[i];

		fprintf(to, "%s%s (%02Xh", i > 0 ? "; " : "", c->name, c->page);
		if (c->subpage > 0)
			fprintf(to, "/%02Xh", c->subpage);
		fprintf(to, "/%04Xh): %" PRIu64, c->code, c->value);
	}
	if (fclose(to) == 0)
		return text;
	free(text);
	return NULL;
}

/* Returns a counter of a cartridge, or NULL: it was not reported. */
static const struct acceptance_counter *counted(const struct acceptance *a,
    const char *cartridge, uint64_t page, uint64_t code)
{
	for (size_t i = 0; i < a->counters_count; i++) {
		const struct acceptance_counter *c = &a->counters[i];

		if (c->page == page && c->code == code &&
		    strcmp(c->cartridge, cartridge) == 0)
			return c;
	}
	return NULL;
}

/* What the cartridges add up to. */
struct sum {
	uint64_t value;
	bool known; /* one has the counter */
	/* The names of those that were used and lack it; or "". */
	char missing[REASON_BYTES];
};

static void sum_up(const struct acceptance *a, size_t error, struct sum *sum)
{
	*sum = (struct sum){ .known = false };
	for (size_t i = 0; i < a->cartridges_count; i++) {
		const struct acceptance_cartridge *cartridge =
		    &a->cartridges[i];
		const struct acceptance_counter *c = counted(a, cartridge->name,
		    errors[error].page, errors[error].code);

		sum->known |= c != NULL;
		if (c != NULL)
			sum->value += c->value;
		else if (cartridge->written_bytes + cartridge->read_bytes > 0)
			sentence_add(sum->missing, sizeof sum->missing, ", ",
			    "%s", cartridge->name);
	}
}

/* Returns whether the run moved data of which a page counts the errors. */
static bool has_moved(const struct acceptance *a, uint8_t page)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < a->cartridges_count; i++)
		bytes += (page != READS ? a->cartridges[i].written_bytes : 0) +
		    (page != WRITES ? a->cartridges[i].read_bytes : 0);
	return bytes > 0;
}

/* Adds the sum of all cartridges, if one has the counter. */
static int add_sum(struct acceptance *a, size_t error)
{
	bool blamed = is_blamed(a, errors[error].what);
	char why[REASON_BYTES + 64];
	struct acceptance_row *row;
	struct sum sum;

	sum_up(a, error, &sum);
	if (!sum.known)
		return 0;
	row = add_count(a, "", errors[error].what, sum.value,
	    errors[error].page, errors[error].code);
	if (row == NULL)
		return -1;
	if (sum.value > 0 && blamed) {
		row->judgement = ACCEPTANCE_NOT_MET;
		return 0;
	}
	if (sum.value == 0 && !has_moved(a, errors[error].page))
		return acceptance_set(&row->why, "no data was moved");
	if (sum.value == 0 && sum.missing[0] == '\0') {
		row->judgement = ACCEPTANCE_MET;
		return 0;
	}
	if (sum.value == 0) {
		sentence(why, sizeof why,
		    "the drive did not report it for cartridge %s",
		    sum.missing);
		return acceptance_set(&row->why, why);
	}
	return acceptance_set(&row->why,
	    "counted in a test where it was not judged, or that was run again "
	    "on another cartridge");
}

/* Adds a counter for each TB, which no standard limits. */
static int add_per_tb(struct acceptance *a,
    const struct acceptance_cartridge *cartridge, uint64_t page, uint64_t code,
    const char *what, uint64_t bytes)
{
	const struct acceptance_counter *c =
	    counted(a, cartridge->name, page, code);
	struct acceptance_row *row;
	char text[64], of[REASON_BYTES];

	if (c == NULL || bytes == 0)
		return 0;
	snprintf(text, sizeof text, "%.1f",
	    (double)c->value * 1e12 / (double)bytes);
	sentence(of, sizeof of, "%s, %s", what, cartridge->name);
	row = acceptance_add_row(a, "", of, text);
	return row != NULL &&
		acceptance_set(&row->source, "no limit is published") == 0
	    ? 0
	    : -1;
}

int errors_of_run(struct acceptance *a)
{
	static const struct {
		const char *what;
		uint64_t page, code;
	} rates[] = {
		{ "Corrected write errors per TB", WRITES, CORRECTED },
		{ "Rewrites per TB", WRITES, REWRITES },
		{ "Corrected read errors per TB", READS, CORRECTED },
	};
	int rc = 0;

	for (size_t i = 0; i < ERRORS && rc == 0; i++)
		rc = add_sum(a, i);
	for (size_t j = 0; j < sizeof rates / sizeof *rates; j++)
		for (size_t i = 0; i < a->cartridges_count && rc == 0; i++) {
			const struct acceptance_cartridge *c =
			    &a->cartridges[i];

			rc = add_per_tb(a, c, rates[j].page, rates[j].code,
			    rates[j].what,
			    rates[j].page == WRITES ? c->written_bytes
						    : c->read_bytes);
		}
	return rc;
}

void errors_add_counters(struct tape_counters *sum,
    const struct tape_counters *more)
{
	for (size_t i = 0; i < more->count; i++) {
		const struct tape_counter *from = &more->counter[i];
		size_t j = 0;

		while (j < sum->count &&
		    (sum->counter[j].page != from->page ||
			sum->counter[j].subpage != from->subpage ||
			sum->counter[j].code != from->code))
			j++;
		if (j < sum->count && from->grows)
			sum->counter[j].value += from->value;
		else if (j < sum->count)
			sum->counter[j].value = from->value;
		else if (sum->count < TAPE_COUNTERS_MAX)
			sum->counter[sum->count++] = *from;
	}
	sum->has_alerts |= more->has_alerts;
	sum->alerts |= more->alerts;
}
