/*
 * model.c: the table of drive models.
 *
 * Rates are the maximum native rates of the published data sheets, in 10^6
 * bytes per second.  Load and unload times are published too, except where the
 * list below says otherwise.  These are estimates:
 *
 *  - load and unload of LTO-1 to LTO-4: as LTO-5's (loads of LTO drives are
 *    published from 12 to 19 s); those of the TS11xx and T10000: 15 s;
 *  - rewind: published for LTO-4 (100 s, a full length), LTO-9, LTO-10 and
 *    DLT8000; the other LTO drives are estimated to be as LTO-9, the older
 *    ones as LTO-4;
 *  - the largest block: 8 MiB, an estimate for every real drive;
 *  - a synchronised filemark: 3 s, a site's figure for 9940B, LTO-3 and LTO-4
 *    drives, flush and repositioning together; for the others an estimate;
 *  - the drive's buffer: published for most; an estimate for LTO-5 to LTO-8 and
 *    LTO-10; 32 MiB where nothing was found.
 *
 * Density codes are those of SSC, 0 where none was found.
 */
#include <stddef.h>
#include <string.h>

#include "vtl/drive/model.h"
#include "vtl/base/spelling.h"

#define BUFFER(n)   ((uint64_t)(n) << 20)
#define MB_PER_S(n) ((uint64_t)(n)*1000000)
#define SECONDS(n)  ((int64_t)(n)*1000000000)

#define BLOCK_INSTANT  ((uint64_t)16 << 20)
#define BLOCK_MAX      ((uint64_t)8 << 20) /* estimate */
#define BUFFER_EST     BUFFER(32)          /* estimate */
#define FILEMARK       SECONDS(3)          /* one site's figure */
#define LOAD_EST       SECONDS(12)         /* estimate: as LTO-5 */
#define UNLOAD_EST     SECONDS(17)         /* estimate: as LTO-5 */
#define MOUNT_EST      SECONDS(15)         /* estimate: not LTO */
#define REWIND_OLD_EST SECONDS(100)        /* estimate: as LTO-4 */
#define REWIND_EST     SECONDS(55)         /* estimate: as LTO-9 */

static const struct model models[] = {
	/* name, rate, largest block, load, unload, rewind, filemark, buffer,
	 * density */
	{ "instant", 0, BLOCK_INSTANT, 0, 0, 0, 0, BUFFER_EST, 0 },
	{ "lto1", MB_PER_S(20), BLOCK_MAX, LOAD_EST, UNLOAD_EST, REWIND_OLD_EST,
	    FILEMARK, BUFFER_EST, 0x40 },
	{ "lto2", MB_PER_S(35), BLOCK_MAX, LOAD_EST, UNLOAD_EST, REWIND_OLD_EST,
	    FILEMARK, BUFFER_EST, 0x42 },
	{ "lto3", MB_PER_S(80), BLOCK_MAX, LOAD_EST, UNLOAD_EST, REWIND_OLD_EST,
	    FILEMARK, BUFFER(64), 0x44 },
	{ "lto4", MB_PER_S(120), BLOCK_MAX, LOAD_EST, UNLOAD_EST, SECONDS(100),
	    FILEMARK, BUFFER_EST, 0x46 },
	{ "lto5", MB_PER_S(140), BLOCK_MAX, SECONDS(12), SECONDS(17),
	    REWIND_EST, FILEMARK, BUFFER(256), 0x58 },
	{ "lto6", MB_PER_S(160), BLOCK_MAX, SECONDS(12), SECONDS(17),
	    REWIND_EST, FILEMARK, BUFFER(512), 0x5a },
	{ "lto7", MB_PER_S(300), BLOCK_MAX, SECONDS(15), SECONDS(20),
	    REWIND_EST, FILEMARK, BUFFER(1024), 0x5c },
	{ "ltom8", MB_PER_S(300), BLOCK_MAX, SECONDS(15), SECONDS(20),
	    REWIND_EST, FILEMARK, BUFFER(1024), 0x5d },
	{ "lto8", MB_PER_S(360), BLOCK_MAX, SECONDS(15), SECONDS(24),
	    REWIND_EST, FILEMARK, BUFFER(1024), 0x5e },
	{ "lto8hh", MB_PER_S(300), BLOCK_MAX, SECONDS(15), SECONDS(24),
	    REWIND_EST, FILEMARK, BUFFER(1024), 0x5e },
	{ "lto9", MB_PER_S(400), BLOCK_MAX, SECONDS(17), SECONDS(30),
	    SECONDS(55), FILEMARK, BUFFER(1024), 0x60 },
	{ "lto9hh", MB_PER_S(300), BLOCK_MAX, SECONDS(17), SECONDS(30),
	    SECONDS(55), FILEMARK, BUFFER(1024), 0x60 },
	{ "lto10", MB_PER_S(400), BLOCK_MAX, SECONDS(12), SECONDS(27),
	    SECONDS(62), FILEMARK, BUFFER(1024), 0x62 },
	{ "ts1140jc", MB_PER_S(250), BLOCK_MAX, MOUNT_EST, MOUNT_EST,
	    REWIND_EST, FILEMARK, BUFFER(1024), 0 },
	{ "ts1150jd", MB_PER_S(360), BLOCK_MAX, MOUNT_EST, MOUNT_EST,
	    REWIND_EST, FILEMARK, BUFFER(2048), 0 },
	{ "t10000b", MB_PER_S(120), BLOCK_MAX, MOUNT_EST, MOUNT_EST, REWIND_EST,
	    FILEMARK, BUFFER(256), 0 },
	{ "dlt8000", MB_PER_S(6), BLOCK_MAX, SECONDS(37), SECONDS(17),
	    SECONDS(120), FILEMARK, BUFFER_EST, 0 },
};

enum { MODELS = sizeof(models) / sizeof(models[0]) };

/* The names, in the order of `models`. A test compares the two arrays. */
static const char *const names[MODELS + 1] = { "instant", "lto1", "lto2",
	"lto3", "lto4", "lto5", "lto6", "lto7", "ltom8", "lto8", "lto8hh",
	"lto9", "lto9hh", "lto10", "ts1140jc", "ts1150jd", "t10000b", "dlt8000",
	NULL };

enum { NAME_BYTES = 64 };

/* Words before or after a name, or replacements for a part of a name. */
static const struct piece {
	const char *written, *is;
} vendors[] = {
	{ "ibm", "" }, { "hpe", "" }, { "hp", "" }, { "quantum", "" },
	{ "stk", "" }, { "oracle", "" },
}, beginnings[] = {
	{ "ult3580td", "lto" }, { "ultriumtd", "lto" },
	{ "ult3580hh", "hhlto" }, { "ultriumhh", "hhlto" },
	{ "ltoultrium", "lto" },
	{ "ultrium", "lto" }, { "hhltogen", "hhlto" }, { "ltogen", "lto" },
	{ "gen", "lto" }, { "03592e07", "ts1140jc" },
	{ "03592e08", "ts1150jd" },
}, endings[] = {
	{ "scsi", "" }, { "ultrium", "" }, { "fullheight", "" }, { "fh", "" },
	{ "halfheight", "hh" },
}, others[] = {
	{ "lto7m8", "ltom8" }, { "lto7typem", "ltom8" }, { "m8", "ltom8" },
	{ "ltoa", "lto10" }, { "ts1140", "ts1140jc" },
	{ "ts1150", "ts1150jd" },
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/*
 * Replaces the beginning of a name according to the first entry that matches.
 */
static void begin_with(char name[NAME_BYTES], const struct piece *list,
    size_t count)
{
	char rest[NAME_BYTES];

	for (size_t i = 0; i < count; i++) {
		size_t n = strlen(list[i].written), is = strlen(list[i].is);

		/*
		 * The rest of the name must not be empty, and the new name must
		 * fit.
		 */
		if (strncmp(name, list[i].written, n) != 0 ||
		    (name[n] == '\0' && list[i].is[0] == '\0') ||
		    strlen(name + n) + is >= NAME_BYTES)
			continue;
		strcpy(rest, name + n);
		strcpy(name, list[i].is);
		strcpy(name + is, rest);
		return;
	}
}

static void end_with(char name[NAME_BYTES], const struct piece *list,
    size_t count)
{
	size_t all = strlen(name);

	for (size_t i = 0; i < count; i++) {
		size_t n = strlen(list[i].written);

		if (all <= n || strcmp(name + all - n, list[i].written) != 0)
			continue;
		strcpy(name + all - n, list[i].is);
		return;
	}
}

/* Moves the height to the end of the name: "hhlto8" becomes "lto8hh". */
static void put_height_last(char name[NAME_BYTES])
{
	size_t n = strlen(name);

	if (strncmp(name, "hhlto", 5) != 0)
		return;
	memmove(name, name + 2, n - 2);
	memcpy(name + n - 2, "hh", 2);
}

const struct model *model_find(const char *text)
{
	char name[NAME_BYTES];

	if (!spelling_reduce(text, name, sizeof(name)))
		return NULL;
	begin_with(name, vendors, COUNT(vendors));
	end_with(name, endings, COUNT(endings));
	begin_with(name, beginnings, COUNT(beginnings));
	put_height_last(name);
	for (size_t i = 0; i < COUNT(others); i++)
		if (strcmp(name, others[i].written) == 0)
			strcpy(name, others[i].is);
	for (size_t i = 0; i < MODELS; i++)
		if (strcmp(models[i].name, name) == 0)
			return &models[i];
	return NULL;
}

const char *const *model_names(void)
{
	return names;
}
