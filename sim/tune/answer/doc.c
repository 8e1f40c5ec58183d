/* doc.c: see doc.h. */
#include "sim/tune/answer/doc.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text.h"
#include "sim/tune/points/print.h"
#include "splitter/base/grow.h"

enum { COLUMNS = 75, GAP = 2 };

/* Returns a new block, or NULL without memory. */
static struct tune_block *new_block(struct tune_doc *doc,
    enum tune_block_kind kind)
{
	struct tune_block *blocks =
	    grow_by_one(doc->blocks, doc->count, sizeof *blocks);

	if (blocks == NULL) {
		doc->failed = true;
		return NULL;
	}
	doc->blocks = blocks;
	blocks += doc->count++;
	*blocks = (struct tune_block){ .kind = kind };
	return blocks;
}

void tune_doc_add(struct tune_doc *doc, enum tune_block_kind kind,
    const char *format, ...)
{
	struct tune_block *block = new_block(doc, kind);
	va_list args;

	if (block == NULL)
		return;
	va_start(args, format);
	block->cells[0] = tune_print_v(format, args);
	va_end(args);
	doc->failed |= block->cells[0] == NULL;
	block->count = block->cells[0] != NULL;
}

void tune_doc_cells(struct tune_doc *doc, enum tune_block_kind kind,
    const char *const *cells)
{
	struct tune_block *block = new_block(doc, kind);

	for (size_t i = 0;
	     block != NULL && i < TUNE_DOC_CELLS && cells[i] != NULL; i++) {
		block->cells[i] = strdup(cells[i]);
		doc->failed |= block->cells[i] == NULL;
		block->count += block->cells[i] != NULL;
	}
}

bool tune_doc_failed(const struct tune_doc *doc)
{
	return doc->failed;
}

void tune_doc_clear(struct tune_doc *doc)
{
	for (size_t i = 0; i < doc->count; i++)
		for (size_t j = 0; j < TUNE_DOC_CELLS; j++)
			free(doc->blocks[i].cells[j]);
	free(doc->blocks);
	*doc = (struct tune_doc){ .blocks = NULL };
}

static bool of_table(const struct tune_block *block)
{
	return block->kind == TUNE_DOC_HEADER || block->kind == TUNE_DOC_ROW;
}

/* Prints words in lines; `first` and `other` begin the lines. */
static void print_words(FILE *out, const char *text, const char *first,
    const char *other)
{
	size_t column = strlen(first);
	bool begin = true;

	fputs(first, out);
	while (*(text += strspn(text, " ")) != '\0') {
		size_t bytes = strcspn(text, " "), width = 0;

		for (size_t i = 0; i < bytes; i++)
			width += ((unsigned char)text[i] & 0xc0) != 0x80;
		if (!begin && column + 1 + width > COLUMNS) {
			fprintf(out, "\n%s", other);
			column = strlen(other);
			begin = true;
		}
		fprintf(out, "%s%.*s", begin ? "" : " ", (int)bytes, text);
		column += width + !begin;
		begin = false;
		text += bytes;
	}
	fputc('\n', out);
}

/* Prints the rows of a table from `at` on.  Returns the place after it. */
static size_t print_table(const struct tune_doc *doc, size_t at, FILE *out)
{
	size_t widths[TUNE_DOC_CELLS] = { 0 }, end = at;

	for (; end < doc->count && of_table(&doc->blocks[end]); end++) {
		if (end > at && doc->blocks[end].kind == TUNE_DOC_HEADER)
			break;
		for (size_t i = 0; i < doc->blocks[end].count; i++) {
			size_t chars =
			    report_text_chars(doc->blocks[end].cells[i]);

			if (chars > widths[i])
				widths[i] = chars;
		}
	}
	for (; at < end; at++) {
		const struct tune_block *b = &doc->blocks[at];

		fputs("  ", out);
		for (size_t i = 0; i < b->count; i++) {
			size_t chars = report_text_chars(b->cells[i]);

			fputs(b->cells[i], out);
			if (i + 1 < b->count)
				fprintf(out, "%*s",
				    (int)(widths[i] - chars + GAP), "");
		}
		fputc('\n', out);
	}
	return end;
}

static void print_code(const char *text, FILE *out)
{
	while (*text != '\0') {
		size_t bytes = strcspn(text, "\n");

		fprintf(out, "    %.*s\n", (int)bytes, text);
		text += bytes + (text[bytes] == '\n');
	}
}

static void print_block(const struct tune_block *b, FILE *out)
{
	const char *text = b->cells[0];

	switch (b->kind) {
	case TUNE_DOC_HEADING:
		fprintf(out, "%s\n", text);
		for (size_t i = report_text_chars(text); i > 0; i--)
			fputc('-', out);
		fputc('\n', out);
		break;
	case TUNE_DOC_STRONG:
		print_words(out, text, "  ", "  ");
		break;
	case TUNE_DOC_ITEM:
		print_words(out, text, "- ", "  ");
		break;
	case TUNE_DOC_CODE:
		print_code(text, out);
		break;
	default:
		print_words(out, text, "", "");
		break;
	}
}

void tune_doc_print(const struct tune_doc *doc, FILE *out)
{
	const struct tune_block *before = NULL;

	for (size_t i = 0; i < doc->count;) {
		const struct tune_block *b = &doc->blocks[i];

		if (b->count == 0 || b->kind == TUNE_DOC_PLOT) {
			i++;
			continue;
		}
		/* Items of a list and headings have no empty line after. */
		if (before != NULL && before->kind != TUNE_DOC_HEADING &&
		    !(before->kind == TUNE_DOC_ITEM &&
			b->kind == TUNE_DOC_ITEM))
			fputc('\n', out);
		if (before != NULL && b->kind == TUNE_DOC_HEADING)
			fputc('\n', out);
		before = b;
		if (of_table(b)) {
			i = print_table(doc, i, out);
			continue;
		}
		print_block(b, out);
		i++;
	}
}
