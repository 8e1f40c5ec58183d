/* media.c: see media.h. */
#include "vtl/base/media.h"

#include <string.h>

#include "vtl/base/spelling.h"

enum { M8 = 0, CODE_LENGTH = 2 };

#define GB(n) ((uint64_t)(n)*1000000000)

const char media_any[] = "none";

/* Data media from the oldest to the newest, then write-once media. */
static const struct media_type types[] = {
	{ "L1", "LTO-1", 1, false, 0x40, GB(100) },
	{ "L2", "LTO-2", 2, false, 0x42, GB(200) },
	{ "L3", "LTO-3", 3, false, 0x44, GB(400) },
	{ "L4", "LTO-4", 4, false, 0x46, GB(800) },
	{ "L5", "LTO-5", 5, false, 0x58, GB(1500) },
	{ "L6", "LTO-6", 6, false, 0x5a, GB(2500) },
	{ "L7", "LTO-7", 7, false, 0x5c, GB(6000) },
	{ "M8", "LTO-7 M8", M8, false, 0x5d, GB(9000) },
	{ "L8", "LTO-8", 8, false, 0x5e, GB(12000) },
	{ "L9", "LTO-9", 9, false, 0x60, GB(18000) },
	{ "LA", "LTO-10", 10, false, 0x62, GB(30000) },
	{ "PA", "LTO-10 P", 10, false, 0x63, GB(40000) },
	{ "LT", "LTO-3 WORM", 3, true, 0x44, GB(400) },
	{ "LU", "LTO-4 WORM", 4, true, 0x46, GB(800) },
	{ "LV", "LTO-5 WORM", 5, true, 0x58, GB(1500) },
	{ "LW", "LTO-6 WORM", 6, true, 0x5a, GB(2500) },
	{ "LX", "LTO-7 WORM", 7, true, 0x5c, GB(6000) },
	{ "LY", "LTO-8 WORM", 8, true, 0x5e, GB(12000) },
	{ "LZ", "LTO-9 WORM", 9, true, 0x60, GB(18000) },
	{ "LH", "LTO-10 WORM", 10, true, 0x62, GB(30000) },
};

enum { TYPES = sizeof types / sizeof *types };

/* The codes, in the order of `types`. A test compares the two arrays. */
static const char *const codes[TYPES + 2] = { "L1", "L2", "L3", "L4", "L5",
	"L6", "L7", "M8", "L8", "L9", "LA", "PA", "LT", "LU", "LV", "LW", "LX",
	"LY", "LZ", "LH", media_any, NULL };

static const struct media_type *type_of(const char *code)
{
	size_t i;

	for (i = 0; i < TYPES; i++)
		if (strcmp(types[i].code, code) == 0)
			return &types[i];
	return NULL;
}

const char *media_code(const char *text)
{
	size_t i;

	for (i = 0; i < TYPES; i++)
		if (spelling_same(types[i].code, text) ||
		    spelling_same(types[i].name, text))
			return types[i].code;
	return spelling_same(media_any, text) ? media_any : NULL;
}

const char *const *media_codes(void)
{
	return codes;
}

const struct media_type *media_find_type(const char *code, const char *barcode)
{
	size_t n = strlen(barcode);

	if (code != NULL && code[0] != '\0')
		return type_of(code);
	return n < CODE_LENGTH ? NULL : type_of(barcode + n - CODE_LENGTH);
}

enum media_wear media_wear(uint64_t loads, uint64_t life_loads)
{
	if (loads > life_loads)
		return MEDIA_WORN;
	return loads > life_loads - life_loads / 10 ? MEDIA_NEARLY_WORN
						    : MEDIA_GOOD;
}

bool media_is_cleaning(const char *barcode)
{
	return strncmp(barcode, "CLN", 3) == 0;
}

uint64_t media_data_sets(uint8_t density, uint64_t bytes)
{
	enum { LTO_2 = 0x42, LTO_4 = 0x46 };
	uint64_t size = density <= LTO_2 ? 403884
	    : density <= LTO_4           ? 1616940
					 : 2472960;

	return bytes / size + (bytes % size != 0);
}
