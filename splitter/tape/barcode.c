/* barcode.c: see barcode.h. */
#include "splitter/tape/barcode.h"

#include <string.h>

/* The type of the medium, as in "L8". */
enum { TYPE_CHARACTERS = 2 };

bool barcodes_disagree(const char *barcode, const char *stored)
{
	size_t a = strlen(barcode), b = strlen(stored);
	size_t least = a < b ? a : b, most = a < b ? b : a;

	if (least == 0)
		return false;
	return strncmp(barcode, stored, least) != 0 ||
	    (most != least && most != least + TYPE_CHARACTERS);
}
