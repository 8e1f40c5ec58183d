/*
 * doc.h: an answer as a list of blocks, which is printed as text or as HTML.
 *
 * Invariants:
 *  1. Without memory a block is missing, and tune_doc_failed() returns true.
 *  2. A table ends with the first block that is not a row.
 */
#ifndef SIM_TUNE_DOC_H
#define SIM_TUNE_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum tune_block_kind {
	TUNE_DOC_HEADING,
	TUNE_DOC_TEXT,
	TUNE_DOC_STRONG, /* a text that stands out */
	TUNE_DOC_ITEM,   /* of a list */
	TUNE_DOC_HEADER, /* of a table: the titles of its columns */
	TUNE_DOC_ROW,
	TUNE_DOC_CODE, /* lines of a configuration */
	TUNE_DOC_PLOT  /* two cells: the name of a picture, and its caption */
};

enum { TUNE_DOC_CELLS = 12 };

struct tune_block {
	enum tune_block_kind kind;
	char *cells[TUNE_DOC_CELLS]; /* owned */
	size_t count; /* of cells; 1 unless it is a header, row or plot */
};

struct tune_doc {
	struct tune_block *blocks;
	size_t count;
	bool failed;
};

/* Adds a block with one text. */
void tune_doc_add(struct tune_doc *doc, enum tune_block_kind kind,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Adds a block with cells, which are copied; NULL ends them. */
void tune_doc_cells(struct tune_doc *doc, enum tune_block_kind kind,
    const char *const *cells);

bool tune_doc_failed(const struct tune_doc *doc);

/* Prints the blocks as text of 75 columns; plots are left out. */
void tune_doc_print(const struct tune_doc *doc, FILE *out);

/* Prints the blocks as HTML, a section for each heading. */
void tune_doc_html(const struct tune_doc *doc, FILE *out);

void tune_doc_clear(struct tune_doc *doc);

#endif
