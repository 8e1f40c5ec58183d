/*
 * media.h: which cartridge fits which drive, by the end of its barcode.
 *
 * A barcode of eight characters ends in two that tell the type of the medium,
 * as on the labels of LTO cartridges: "L8" is LTO-8, "LY" its kind that can be
 * written once, "M8" an LTO-7 cartridge formatted for LTO-8 drives.  Any other
 * barcode, and any drive that is not LTO, tells nothing: all goes together.
 */
#ifndef VTL_MEDIA_H
#define VTL_MEDIA_H

#include <stdbool.h>

enum media_use { MEDIA_NONE, MEDIA_READ, MEDIA_WRITE };

/* What a drive of the model of this name can do with such a cartridge. */
enum media_use media_use(const char *model, const char *barcode);

/* Whether it is a cleaning cartridge: the barcode begins with "CLN". */
bool media_is_cleaning(const char *barcode);

/* Whether what is on it can be added to, but not be written over. */
bool media_is_worm(const char *barcode);

#endif
