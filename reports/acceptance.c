/* acceptance.c: see acceptance.h. */
#include "reports/acceptance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int acceptance_set(char **text, const char *value)
{
	char *copy = strdup(value != NULL ? value : "");

	if (copy == NULL)
		return -1;
	free(*text);
	*text = copy;
	return 0;
}

/* Makes room for another element.  Returns it, all zeros; NULL: no memory. */
static void *add(void **list, size_t *count, size_t bytes)
{
	char *all = realloc(*list, (*count + 1) * bytes);

	if (all == NULL)
		return NULL;
	*list = all;
	return memset(all + (*count)++ * bytes, 0, bytes);
}

#define ADD(list, count) add((void **)&(list), &(count), sizeof *(list))

struct acceptance_fact *acceptance_add_fact(struct acceptance *a,
    enum acceptance_subject subject, const char *name, const char *value)
{
	struct acceptance_fact *f = ADD(a->facts, a->facts_count);

	if (f == NULL)
		return NULL;
	f->subject = subject;
	return acceptance_set(&f->name, name) == 0 &&
		acceptance_set(&f->value, value) == 0
	    ? f
	    : NULL;
}

struct acceptance_test *acceptance_add_test(struct acceptance *a,
    const char *name, const char *title)
{
	struct acceptance_test *t = ADD(a->tests, a->tests_count);

	if (t == NULL)
		return NULL;
	return acceptance_set(&t->name, name) == 0 &&
		acceptance_set(&t->title, title) == 0 &&
		acceptance_set(&t->why, "") == 0
	    ? t
	    : NULL;
}

struct acceptance_row *acceptance_add_row(struct acceptance *a,
    const char *test, const char *what, const char *value)
{
	struct acceptance_row *r = ADD(a->rows, a->rows_count);

	if (r == NULL)
		return NULL;
	r->judgement = ACCEPTANCE_NOT_JUDGED;
	return acceptance_set(&r->test, test) == 0 &&
		acceptance_set(&r->what, what) == 0 &&
		acceptance_set(&r->value, value) == 0 &&
		acceptance_set(&r->limit, "") == 0 &&
		acceptance_set(&r->source, "") == 0 &&
		acceptance_set(&r->why, "") == 0 &&
		acceptance_set(&r->earlier, "") == 0
	    ? r
	    : NULL;
}

struct acceptance_cartridge *acceptance_add_cartridge(struct acceptance *a,
    const char *name)
{
	struct acceptance_cartridge *c =
	    ADD(a->cartridges, a->cartridges_count);

	if (c == NULL)
		return NULL;
	return acceptance_set(&c->name, name) == 0 &&
		acceptance_set(&c->serial, "") == 0 &&
		acceptance_set(&c->change, "") == 0
	    ? c
	    : NULL;
}

int acceptance_count(struct acceptance *a, const char *cartridge, uint64_t page,
    uint64_t code, uint64_t value)
{
	struct acceptance_counter *c;

	for (size_t i = 0; i < a->counters_count; i++) {
		c = &a->counters[i];
		if (strcmp(c->cartridge, cartridge) == 0 && c->page == page &&
		    c->code == code) {
			c->value += value;
			return 0;
		}
	}
	c = ADD(a->counters, a->counters_count);
	if (c == NULL)
		return -1;
	c->page = page;
	c->code = code;
	c->value = value;
	if (acceptance_set(&c->cartridge, cartridge) == 0)
		return 0;
	a->counters_count--;
	return -1;
}

static void clear_difference(struct acceptance_difference *d)
{
	free(d->test);
	free(d->name);
}

struct acceptance_difference *acceptance_add_difference(struct acceptance *a,
    const char *test, const char *name)
{
	struct acceptance_difference *d =
	    ADD(a->differences, a->differences_count);

	if (d == NULL)
		return NULL;
	return acceptance_set(&d->test, test) == 0 &&
		acceptance_set(&d->name, name) == 0
	    ? d
	    : NULL;
}

const struct acceptance_difference *
acceptance_find_difference(const struct acceptance *a, const char *test,
    uint64_t page, uint64_t code)
{
	for (size_t i = 0; i < a->differences_count; i++) {
		const struct acceptance_difference *d = &a->differences[i];

		if (d->page == page && d->subpage == 0 && d->code == code &&
		    strcmp(d->test, test) == 0)
			return d;
	}
	return NULL;
}

static int add_reason(struct acceptance_reason **list, size_t *count,
    const char *text)
{
	struct acceptance_reason *r;

	for (size_t i = 0; i < *count; i++)
		if (strcmp((*list)[i].text, text) == 0)
			return 0;
	r = ADD(*list, *count);
	if (r == NULL)
		return -1;
	if (acceptance_set(&r->text, text) == 0)
		return 0;
	--*count;
	return -1;
}

int acceptance_add_fault(struct acceptance *a, const char *text)
{
	return add_reason(&a->faults, &a->faults_count, text);
}

int acceptance_add_doubt(struct acceptance *a, const char *text)
{
	return add_reason(&a->doubts, &a->doubts_count, text);
}

static void clear_row(struct acceptance_row *r)
{
	free(r->test);
	free(r->what);
	free(r->value);
	free(r->limit);
	free(r->source);
	free(r->why);
	free(r->earlier);
}

/* Removes the rows of a test, or of a value.  Returns how many there were. */
static size_t remove_rows(struct acceptance *a, const char *test,
    const char *what)
{
	const size_t all = a->rows_count;

	a->rows_count = 0;
	for (size_t i = 0; i < all; i++) {
		struct acceptance_row *row = &a->rows[i];

		if (strcmp(test != NULL ? row->test : row->what,
			test != NULL ? test : what) == 0)
			clear_row(row);
		else
			a->rows[a->rows_count++] = *row;
	}
	return all - a->rows_count;
}

void acceptance_remove_rows(struct acceptance *a, const char *test)
{
	size_t kept = 0;

	remove_rows(a, test, NULL);
	for (size_t i = 0; i < a->differences_count; i++) {
		if (strcmp(a->differences[i].test, test) == 0)
			clear_difference(&a->differences[i]);
		else
			a->differences[kept++] = a->differences[i];
	}
	a->differences_count = kept;
}

size_t acceptance_remove_values(struct acceptance *a, const char *what)
{
	return remove_rows(a, NULL, what);
}

static bool has_all(const struct acceptance *a)
{
	for (size_t i = 0; i < a->tests_count; i++)
		if (a->tests[i].state != ACCEPTANCE_TEST_DONE)
			return false;
	return a->tests_count > 0;
}

enum acceptance_verdict acceptance_judge(const struct acceptance *a)
{
	if (a->faults_count > 0)
		return ACCEPTANCE_NOT_PASSED;
	return a->doubts_count > 0 || !has_all(a) ? ACCEPTANCE_NOT_DECIDED
						  : ACCEPTANCE_PASSED;
}

const char *acceptance_judgement_word(enum acceptance_judgement judgement)
{
	static const char *const words[] = {
		[ACCEPTANCE_MET] = "met",
		[ACCEPTANCE_NOT_MET] = "not met",
		[ACCEPTANCE_NOT_JUDGED] = "not judged",
	};

	return words[judgement];
}

const char *acceptance_state_word(enum acceptance_state state)
{
	static const char *const words[] = {
		[ACCEPTANCE_TEST_PENDING] = "pending",
		[ACCEPTANCE_TEST_RUNNING] = "running",
		[ACCEPTANCE_TEST_DONE] = "done",
		[ACCEPTANCE_TEST_LEFT_OUT] = "not run",
	};

	return words[state];
}

const char *acceptance_verdict_word(enum acceptance_verdict verdict)
{
	static const char *const words[] = {
		[ACCEPTANCE_PASSED] = "PASSED",
		[ACCEPTANCE_NOT_PASSED] = "NOT PASSED",
		[ACCEPTANCE_NOT_DECIDED] = "NOT DECIDED",
	};

	return words[verdict];
}

static void write_reasons(FILE *to, const struct acceptance_reason *list,
    size_t count, const char **before)
{
	for (size_t i = 0; i < count; i++) {
		fprintf(to, "%s%s", *before, list[i].text);
		*before = "; ";
	}
}

/* The tests that are missing are a reason only if there is no other. */
static void write_missing(FILE *to, const struct acceptance *a,
    const char **before)
{
	size_t missing = 0;

	for (size_t i = 0; i < a->tests_count; i++)
		missing += a->tests[i].state != ACCEPTANCE_TEST_DONE;
	if (a->tests_count == 0)
		fprintf(to, "%sno test was run", *before);
	else if (missing > 0)
		fprintf(to, "%s%zu of %zu tests were not run", *before, missing,
		    a->tests_count);
	if (a->tests_count == 0 || missing > 0)
		*before = "; ";
}

char *acceptance_verdict_line(const struct acceptance *a)
{
	enum acceptance_verdict verdict = acceptance_judge(a);
	const char *before = ": ";
	char *text = NULL;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);

	if (to == NULL)
		return NULL;
	if (a->virtual_drive != NULL && a->virtual_drive[0] != '\0')
		fputs("VIRTUAL DRIVE: ", to);
	fputs(acceptance_verdict_word(verdict), to);
	if (verdict == ACCEPTANCE_NOT_PASSED)
		write_reasons(to, a->faults, a->faults_count, &before);
	if (verdict != ACCEPTANCE_PASSED) {
		write_reasons(to, a->doubts, a->doubts_count, &before);
		write_missing(to, a, &before);
		if (a->stopped != NULL && a->stopped[0] != '\0')
			fprintf(to, "%sstopped: %s", before, a->stopped);
	}
	if (fclose(to) == 0)
		return text;
	free(text);
	return NULL;
}

static void clear_reasons(struct acceptance_reason *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(list[i].text);
	free(list);
}

void acceptance_clear(struct acceptance *a)
{
	char *texts[] = { a->vendor, a->product, a->firmware, a->serial,
		a->virtual_drive, a->version, a->kind, a->command, a->began,
		a->ended, a->stopped, a->evidence, a->sha256 };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		free(texts[i]);
	for (size_t i = 0; i < a->facts_count; i++) {
		free(a->facts[i].name);
		free(a->facts[i].value);
	}
	for (size_t i = 0; i < a->cartridges_count; i++) {
		free(a->cartridges[i].name);
		free(a->cartridges[i].serial);
		free(a->cartridges[i].change);
	}
	for (size_t i = 0; i < a->counters_count; i++)
		free(a->counters[i].cartridge);
	for (size_t i = 0; i < a->tests_count; i++) {
		free(a->tests[i].name);
		free(a->tests[i].title);
		free(a->tests[i].why);
	}
	for (size_t i = 0; i < a->rows_count; i++)
		clear_row(&a->rows[i]);
	for (size_t i = 0; i < a->differences_count; i++)
		clear_difference(&a->differences[i]);
	clear_reasons(a->faults, a->faults_count);
	clear_reasons(a->doubts, a->doubts_count);
	free(a->facts);
	free(a->cartridges);
	free(a->counters);
	free(a->tests);
	free(a->rows);
	free(a->differences);
	memset(a, 0, sizeof *a);
}
