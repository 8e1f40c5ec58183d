/*
 * media.h: types of medium.
 *
 * The last two characters of a barcode are the type, as on the labels of LTO
 * cartridges: "L8" is LTO-8, "LY" its write-once (WORM) variant, "M8" an LTO-7
 * cartridge formatted for LTO-8 drives.  A volume may also have an explicit
 * type, which overrides the barcode.  Which drive takes which: model.h.
 */
#ifndef VTL_MEDIA_H
#define VTL_MEDIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct media_type {
	const char *code; /* end of a barcode, such as "L8" */
	const char *name; /* for example "LTO-8" */
	int generation;
	bool worm;               /* write-once: data cannot be overwritten */
	uint8_t density;         /* density code */
	uint64_t capacity_bytes; /* native capacity */
};

/* What a drive can do with a medium.  MEDIA_NONE: the drive cannot load it. */
enum media_use { MEDIA_NONE, MEDIA_READ, MEDIA_WRITE };

/* The explicit type of a volume that fits every drive, whatever its barcode. */
extern const char media_any[];

/*
 * Returns the code of a type named by a person: a code, a name, or "none" for
 * media_any; case, blanks and hyphens do not count.  NULL: no such type.
 */
const char *media_code(const char *text);

/* Returns all codes, then "none".  The list ends with NULL. */
const char *const *media_codes(void);

/*
 * Returns the type of a cartridge.  `code` is its explicit type; "" or NULL:
 * the barcode shows the type.  Returns NULL if the type is unknown.
 */
const struct media_type *media_find_type(const char *code, const char *barcode);

/* How worn a medium is. */
enum media_wear { MEDIA_GOOD, MEDIA_NEARLY_WORN, MEDIA_WORN };

/* The loads that a medium is made for, as makers of LTO cartridges say. */
enum { MEDIA_LIFE_LOADS = 20000 };

/*
 * Returns how worn a medium is after `loads` loads, if it is made for
 * `life_loads`: worn after more loads than that, nearly worn after more than
 * nine tenths of them.
 */
enum media_wear media_wear(uint64_t loads, uint64_t life_loads);

/*
 * Returns whether the barcode is that of a cleaning cartridge: it begins with
 * "CLN".
 */
bool media_is_cleaning(const char *barcode);

/*
 * Returns how many data sets this much data takes.  Their size is that of the
 * format with this density code.
 */
uint64_t media_data_sets(uint8_t density, uint64_t bytes);

#endif
