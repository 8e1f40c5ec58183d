/* barcode.h: do two barcodes name the same cartridge? */
#ifndef SPLITTER_BARCODE_H
#define SPLITTER_BARCODE_H

#include <stdbool.h>

/*
 * Returns whether the barcode in the memory of a medium (MAM 0806) is that of
 * another cartridge.  Libraries may leave out the two characters of the media
 * type, on either side.  An unknown barcode, "", does not disagree.
 */
bool barcodes_disagree(const char *barcode, const char *stored);

#endif
