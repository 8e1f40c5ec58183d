/*
 * media.c: see media.h.
 *
 * The rule that LTO drives up to LTO-7 follow: one generation back is written,
 * two back are read.  LTO-8 writes and reads one back, LTO-9 too, and LTO-10
 * takes its own only.
 */
#include "vtl/media.h"

#include <stddef.h>
#include <string.h>

enum { BARCODE_LENGTH = 8, M8 = 0 };

static const struct media_type {
	const char *suffix;
	int generation;
	bool worm;
} types[] = {
	{ "L1", 1, false }, { "L2", 2, false }, { "L3", 3, false },
	{ "L4", 4, false }, { "L5", 5, false }, { "L6", 6, false },
	{ "L7", 7, false }, { "M8", M8, false }, { "L8", 8, false },
	{ "L9", 9, false }, { "LA", 10, false },
	/* To be written once. */
	{ "LT", 3, true }, { "LU", 4, true }, { "LV", 5, true },
	{ "LW", 6, true }, { "LX", 7, true }, { "LY", 8, true },
	{ "LZ", 9, true },
};

/* How many generations back a drive writes and reads. */
static const struct media_drive {
	const char *model;
	int generation, writes_back, reads_back;
	bool m8;
} drives[] = {
	{ "lto1", 1, 0, 0, false }, { "lto2", 2, 1, 1, false },
	{ "lto3", 3, 1, 2, false }, { "lto4", 4, 1, 2, false },
	{ "lto5", 5, 1, 2, false }, { "lto6", 6, 1, 2, false },
	{ "lto7", 7, 1, 2, false }, { "ltom8", 8, 1, 1, true },
	{ "lto8", 8, 1, 1, true }, { "lto8hh", 8, 1, 1, true },
	{ "lto9", 9, 1, 1, false }, { "lto9hh", 9, 1, 1, false },
	{ "lto10", 10, 0, 0, false },
};

static const struct media_type *type_of(const char *barcode)
{
	size_t i;

	if (strlen(barcode) != BARCODE_LENGTH)
		return NULL;
	for (i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(types[i].suffix, barcode + BARCODE_LENGTH - 2) == 0)
			return &types[i];
	return NULL;
}

static const struct media_drive *drive_of(const char *model)
{
	size_t i;

	for (i = 0; i < sizeof drives / sizeof *drives; i++)
		if (strcmp(drives[i].model, model) == 0)
			return &drives[i];
	return NULL;
}

enum media_use media_use(const char *model, const char *barcode)
{
	const struct media_type *type = type_of(barcode);
	const struct media_drive *drive = drive_of(model);
	int back;

	if (type == NULL || drive == NULL)
		return MEDIA_WRITE;
	if (type->generation == M8)
		return drive->m8 ? MEDIA_WRITE : MEDIA_NONE;
	back = drive->generation - type->generation;
	if (back < 0 || back > drive->reads_back)
		return MEDIA_NONE;
	return back <= drive->writes_back ? MEDIA_WRITE : MEDIA_READ;
}

bool media_is_cleaning(const char *barcode)
{
	return strncmp(barcode, "CLN", 3) == 0;
}

bool media_is_worm(const char *barcode)
{
	const struct media_type *type = type_of(barcode);

	return type != NULL && type->worm;
}
