/* foreign.c: see foreign.h. */
#include "splitter/format/foreign.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The marks of known programs, each at a fixed place of the first block. */
static const struct mark {
	const char *name;
	size_t at, bytes;
	const char *what;
} marks[] = {
	/*
	 * ISO 1001: a label begins with VOL1, and names the system that wrote
	 * it from byte 24 on.
	 */
	{ "an ANSI label (VOL1)", 0, 4, "VOL1" },
	{ "an IBM standard label (VOL1, EBCDIC)", 0, 4, "\xe5\xd6\xd3\xf1" },
	{ "a tar archive", 257, 5, "ustar" },
	{ "a cpio archive", 0, 5, "07070" },
	{ "a cpio archive", 0, 2, "\xc7\x71" },
	{ "a cpio archive", 0, 2, "\x71\xc7" },
	/* The magic numbers 60012 and 60011 of dump(8), and that of UFS2. */
	{ "a backup of dump(8)", 24, 4, "\x6c\xea\0\0" },
	{ "a backup of dump(8)", 24, 4, "\0\0\xea\x6c" },
	{ "a backup of dump(8)", 24, 4, "\x6b\xea\0\0" },
	{ "a backup of dump(8)", 24, 4, "\0\0\xea\x6b" },
	{ "a backup of dump(8)", 24, 4, "\x19\x01\x54\x19" },
	{ "a backup of dump(8)", 24, 4, "\x19\x54\x01\x19" },
	{ "a backup of xfsdump(8)", 0, 8, "xFSdump0" },
	{ "a volume of Amanda", 0, 8, "AMANDA: " },
	/* The mark follows the checksum, size and number of the block. */
	{ "a volume of Bareos or Bacula", 12, 3, "BB0" },
	{ "a volume in Microsoft Tape Format", 0, 4, "TAPE" },
};

static bool has(const char *block, size_t bytes, size_t at, const char *what,
    size_t n)
{
	return bytes >= at + n && memcmp(block + at, what, n) == 0;
}

/*
 * Recognises a tar archive from before POSIX, which has no mark, only a
 * checksum of its header.
 */
static bool is_old_tar(const unsigned char *block, size_t bytes)
{
	enum { HEADER = 512, SUM_AT = 148, SUM_BYTES = 8 };
	char text[SUM_BYTES + 1] = "";
	unsigned long sum = 0;
	char *end;
	size_t i;

	if (bytes < HEADER || block[0] == '\0')
		return false;
	for (i = 0; i < HEADER; i++)
		sum += i >= SUM_AT && i < SUM_AT + SUM_BYTES ? ' ' : block[i];
	memcpy(text, block + SUM_AT, SUM_BYTES);
	return strtoul(text, &end, 8) == sum && end > text;
}

bool foreign_is_ltfs(const void *block, size_t bytes)
{
	return has(block, bytes, 0, "VOL1", 4) &&
	    has(block, bytes, 24, "LTFS", 4);
}

const char *foreign_name(const void *block, size_t bytes)
{
	size_t i;

	if (foreign_is_ltfs(block, bytes))
		return "an LTFS volume";
	for (i = 0; i < sizeof marks / sizeof *marks; i++)
		if (has(block, bytes, marks[i].at, marks[i].what,
			marks[i].bytes))
			return marks[i].name;
	return is_old_tar(block, bytes) ? "a tar archive" : NULL;
}

void foreign_describe(const void *block, size_t bytes, char *why,
    size_t why_bytes)
{
	static const char ours[] = "tapelab:";
	const char *name;

	if (has(block, bytes, 0, ours, strlen(ours)))
		return;
	name = foreign_name(block, bytes);
	snprintf(why, why_bytes, "%s",
	    name != NULL ? name : "data of an unknown program");
}
