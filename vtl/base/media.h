/*
 * media.h: types of medium, and which drive writes and reads which.
 *
 * The last two characters of a barcode, however long it is, tell the type, as
 * on the labels of LTO cartridges: "L8" is LTO-8, "LY" its write-once (WORM)
 * variant, "M8" an LTO-7 cartridge formatted for LTO-8 drives.  A volume may
 * also say its type outright, which counts more than its barcode.  A cartridge
 * whose type is not known fits every drive; so does every cartridge a drive
 * that is not LTO.
 */
#ifndef VTL_MEDIA_H
#define VTL_MEDIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct media_type {
	const char *code; /* "L8": the end of a barcode */
	const char *name; /* "LTO-8" */
	int generation;
	bool worm;               /* what is on it cannot be written over */
	uint8_t density;         /* density code */
	uint64_t capacity_bytes; /* native */
};

/* MEDIA_NONE: the drive cannot take the medium. */
enum media_use { MEDIA_NONE, MEDIA_READ, MEDIA_WRITE };

/* What a volume says outright that fits every drive, whatever its barcode. */
extern const char media_any[];

/*
 * The code of the type that a person names: a code, a name, or "none" for
 * media_any; case, blanks and hyphens do not count.  NULL: there is no such
 * type.
 */
const char *media_code(const char *text);

/* All codes and "none", ended by NULL. */
const char *const *media_codes(void);

/*
 * The type of a cartridge that says outright that it has this code; "" or
 * NULL: what its barcode tells.  NULL: not known.
 */
const struct media_type *media_type(const char *code, const char *barcode);

/* What a drive of the model of this name can do with such a medium. */
enum media_use media_use(const char *model, const struct media_type *type);

/*
 * The type to make cartridges of for these drives: the newest one that all of
 * them write, or else that of the first LTO drive.  NULL: none is LTO.
 */
const struct media_type *media_for_drives(const char *const *models,
    size_t count);

/* Whether it is a cleaning cartridge: the barcode begins with "CLN". */
bool media_is_cleaning(const char *barcode);

#endif
