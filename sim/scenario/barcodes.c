/* barcodes.c: gives every volume a unique barcode. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/reader.h"
#include "vtl/base/media.h"

static int by_text_and_place(const void *a, const void *b)
{
	const struct yaml_tree *x = *(const struct yaml_tree *const *)a;
	const struct yaml_tree *y = *(const struct yaml_tree *const *)b;
	int order = strcmp(x->text, y->text);

	if (order != 0)
		return order;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return (x->column > y->column) - (x->column < y->column);
}

static int by_text(const void *text, const void *node)
{
	return strcmp(text, (*(const struct yaml_tree *const *)node)->text);
}

static bool is_given(const struct scenario_reader *reader, const char *barcode)
{
	return reader->barcodes_count > 0 &&
	    bsearch(barcode, reader->barcodes, reader->barcodes_count,
		sizeof(const struct yaml_tree *), by_text) != NULL;
}

static void given_twice(struct scenario_reader *reader,
    const struct yaml_tree *first, const struct yaml_tree *second)
{
	if (first->set != NULL)
		key_error(&reader->keys, second, "barcode: %s is given twice",
		    second->text);
	else
		key_error(&reader->keys, second,
		    "barcode: %s is given twice, first in line %d",
		    second->text, first->line);
}

void scenario_make_barcodes(struct scenario_reader *reader)
{
	struct scenario *s = reader->scenario;
	const struct yaml_tree **given = reader->barcodes;
	size_t count = reader->barcodes_count, spare = s->volumes_count;

	for (size_t i = 0; i < count; i++)
		if (media_is_cleaning(given[i]->text))
			key_error(&reader->keys, given[i],
			    "barcode: CLN is the beginning of a cleaning "
			    "cartridge's barcode; use another one");
	if (count > 0)
		qsort(given, count, sizeof(const struct yaml_tree *),
		    by_text_and_place);
	for (size_t i = 1; i < count; i++)
		if (strcmp(given[i - 1]->text, given[i]->text) == 0)
			given_twice(reader, given[i - 1], given[i]);
	for (size_t i = 0; i < s->volumes_count; i++) {
		char *barcode = s->volumes[i].barcode;
		size_t number = i + 1;

		if (barcode[0] != '\0')
			continue;
		for (;; number = ++spare) {
			snprintf(barcode, sizeof(s->volumes[i].barcode),
			    "TL%04zu", number);
			if (!is_given(reader, barcode))
				break;
		}
	}
}
