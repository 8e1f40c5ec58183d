/* barcodes.h: a list of barcodes.  The caller owns the list. */
#ifndef SPLITTER_TOOL_BARCODES_H
#define SPLITTER_TOOL_BARCODES_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct barcodes {
	const char *const *list;
	size_t count;
};

static inline bool barcodes_have(const struct barcodes *barcodes,
    const char *barcode)
{
	size_t i;

	for (i = 0; i < barcodes->count; i++)
		if (strcmp(barcodes->list[i], barcode) == 0)
			return true;
	return false;
}

#endif
