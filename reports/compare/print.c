/* print.c: a comparison as text and as Markdown. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "reports/bounded.h"
#include "reports/compare/compare.h"
#include "reports/text.h"

enum {
	VALUE_CHARS = 160,    /* a longer value is cut */
	SEVERE_MAX = 8,       /* differences shown of a case */
	MINOR_MAX = 3,        /* of a case with figures or wording only */
	MINOR_CASES_MAX = 20, /* cases shown with figures or wording only */
	RESERVE_BYTES = 1200  /* for what follows a list that did not fit */
};

static bool is_minor(enum comparison_kind kind)
{
	return kind < COMPARISON_NEW;
}

char *comparison_difference_text(const struct comparison_difference *d)
{
	char change[32] = "", *text;
	bool cut_before = strlen(d->before) > VALUE_CHARS;
	bool cut_after = strlen(d->after) > VALUE_CHARS;

	if (isfinite(d->change))
		snprintf(change, sizeof change, " (%+.3g %%)", 100 * d->change);
	if (asprintf(&text, "%s%s%s%s: %.*s%s -> %.*s%s%s",
		d->dump[0] != '\0' ? "dump " : "", d->dump,
		d->dump[0] != '\0' ? ", " : "", d->what, VALUE_CHARS,
		d->before[0] != '\0' ? d->before : "nothing",
		cut_before ? "..." : "", VALUE_CHARS,
		d->after[0] != '\0' ? d->after : "nothing",
		cut_after ? "..." : "", change) < 0)
		return NULL;
	return text;
}

/* How a comparison is written: as text or as Markdown. */
struct style {
	const char *heading, *name, *item;
	void (*put_name)(FILE *out, const char *text);
	void (*put_item)(FILE *out, const char *text);
};

static void put_plain(FILE *out, const char *text)
{
	fputs(text, out);
}

static const struct style plain = { "%s: %zu\n", "  ", "      ", put_plain,
	put_plain };
static const struct style markdown = { "### %s: %zu\n\n", "- ", "  - ",
	report_text_markdown, report_text_markdown_code };

/* Writes a case and its differences.  Returns -1 without memory. */
static int put_case(FILE *out, const struct style *style,
    const struct comparison_case *c)
{
	size_t max = is_minor(c->kind) ? MINOR_MAX : SEVERE_MAX, shown = 0;

	fputs(style->name, out);
	style->put_name(out, c->name);
	fputs(c->regression ? " (regression)\n" : "\n", out);
	/* Figures follow from what is more severe. */
	for (; shown < c->count && shown < max &&
	     is_minor(c->kind) == is_minor(c->differences[shown].kind);
	     shown++) {
		char *text = comparison_difference_text(&c->differences[shown]);

		if (text == NULL)
			return -1;
		fputs(style->item, out);
		style->put_item(out, text);
		fputc('\n', out);
		free(text);
	}
	if (c->count > shown)
		fprintf(out, "%sand %zu more differences\n", style->item,
		    c->count - shown);
	return 0;
}

/* Writes "N cases: ..." with the number of cases of each kind. */
static void put_counts(FILE *out, const struct comparison *comparison)
{
	const char *comma = "";

	fprintf(out, "%zu cases: ", comparison->count);
	for (int k = COMPARISON_KINDS - 1; k >= 0; k--) {
		if (comparison->kinds[k] == 0)
			continue;
		fprintf(out, "%s%zu %s", comma, comparison->kinds[k],
		    comparison_words((enum comparison_kind)k));
		comma = ", ";
	}
	fprintf(out, "; %zu regression%s\n", comparison->regressions,
	    comparison->regressions == 1 ? "" : "s");
}

/*
 * Writes the cases of a kind that are a regression, or those that are not.
 * Returns -1 without memory; `*left` counts down the cases that are shown.
 */
static int put_cases(struct bounded *b, const struct style *style,
    const struct comparison *comparison, enum comparison_kind kind,
    bool regression, size_t *left, size_t *left_out)
{
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_case *c = &comparison->cases[i];

		if (c->kind != kind || c->regression != regression)
			continue;
		if (*left == 0) {
			++*left_out;
			continue;
		}
		--*left;
		if (bounded_begin(b) == NULL)
			return -1;
		b->failed |= put_case(b->block, style, c) != 0;
		bounded_end(b, RESERVE_BYTES);
		if (b->failed)
			return -1;
	}
	return 0;
}

/* Writes the cases of a kind, regressions first, with a heading. */
static int put_kind(struct bounded *b, const struct style *style,
    const struct comparison *comparison, enum comparison_kind kind)
{
	size_t left = is_minor(kind) ? MINOR_CASES_MAX : SIZE_MAX, left_out = 0;
	char text[120];

	if (comparison->kinds[kind] == 0)
		return 0;
	snprintf(text, sizeof text, style->heading, comparison_words(kind),
	    comparison->kinds[kind]);
	if (bounded_text(b, text) != 0 ||
	    put_cases(b, style, comparison, kind, true, &left, &left_out) !=
		0 ||
	    put_cases(b, style, comparison, kind, false, &left, &left_out) != 0)
		return -1;
	left_out += bounded_omitted(b);
	snprintf(text, sizeof text, "%sand %zu more\n", style->name, left_out);
	if (left_out > 0 && bounded_text(b, text) != 0)
		return -1;
	return bounded_text(b, "\n");
}

static int put_kinds(struct bounded *b, const struct style *style,
    const struct comparison *comparison)
{
	for (int k = COMPARISON_KINDS - 1; k > COMPARISON_SAME; k--)
		if (put_kind(b, style, comparison, (enum comparison_kind)k) !=
		    0)
			return -1;
	return 0;
}

int comparison_text(FILE *out, const struct comparison *comparison,
    const char *before, const char *after)
{
	struct bounded b;

	bounded_init(&b, out, SIZE_MAX);
	if (put_kinds(&b, &plain, comparison) != 0)
		return -1;
	fprintf(out, "%s -> %s: ", before, after);
	put_counts(out, comparison);
	return 0;
}

int comparison_markdown(FILE *out, const struct comparison *comparison,
    const char *before, const char *after)
{
	struct bounded b;

	bounded_init(&b, out, COMPARISON_MARKDOWN_BYTES_MAX);
	if (bounded_begin(&b) == NULL)
		return -1;
	fprintf(b.block, "## tapelab: %zu regression%s\n\n",
	    comparison->regressions, comparison->regressions == 1 ? "" : "s");
	report_text_markdown(b.block, before);
	fputs(" compared with ", b.block);
	report_text_markdown(b.block, after);
	fputs(": ", b.block);
	put_counts(b.block, comparison);
	fputc('\n', b.block);
	bounded_end(&b, 0);
	return put_kinds(&b, &markdown, comparison);
}
