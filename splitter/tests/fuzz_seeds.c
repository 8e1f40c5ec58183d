/* fuzz_seeds.c: initial headers, and blocks that get a valid checksum. */
#include "splitter/tests/fuzz_seeds.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/format/sum.h"

#define HEAD(type, volume) \
	"tapelab: 1\ntype: " type "\nvolume: MEM00" volume "L0\nblock: 4096\n"
#define DUMP(sequence)                                     \
	"dump: friday\ndump_id: 24bbbb3f0941a236\n"        \
	"begun: 2026-11-27T22:00:00Z\nsequence: " sequence \
	"\nmode: variable\n"
#define SUM           "3ff32d9ee624ba1f7444deb31d273568"
#define SCRATCH       HEAD("scratch", "1")
#define LABEL(volume) HEAD("label", volume) DUMP(volume)
#define PART(volume, part, attempt, offset, file, before)       \
	HEAD("part", volume)                                    \
	DUMP(volume)                                            \
	"part: " part "\nattempt: " attempt "\noffset: " offset \
	"\nfile: " file "\n" before
#define FIRST "before_attempt: 0\nbefore_bytes: 0\nbefore_xxh128: \n"
#define BEFORE                                    \
	"before_attempt: 1\nbefore_bytes: 4096\n" \
	"before_xxh128: " SUM "\n"
#define END(record, rows)                       \
	HEAD("end", "2")                        \
	DUMP("2")                               \
	"file: 2\noutcome: DONE\nbytes: 8192\n" \
	"xxh128: " SUM "\nparts: 2\nrecord: " record "\nrecords: 2\n" rows
#define ROW_1 "row: 1 1 1 0 4096 " SUM " MEM001L0\n"
#define ROW_2 "row: 2 1 1 4096 4096 - MEM002L0\n"

static const char *const headers[] = {
	SCRATCH,
	LABEL("1"),
	PART("1", "1", "1", "0", "1", FIRST),
	PART("2", "2", "3", "4096", "1", BEFORE),
	END("1", ROW_1 ROW_2),
	END("2", ""),
};

/* Files of a volume, in the form of scan_fuzz.c. */
#define FILE_OF(header)        \
	"\001H" header "\001D" \
	"\001M"
static const char *const volumes[] = {
	"\001V" FILE_OF(SCRATCH),
	"\001V"
	"\001H" LABEL("1") "\001M" FILE_OF(PART("1", "1", "1", "0", "1",
	    FIRST)) "\001V"
		    "\001H" LABEL("2") "\001M" FILE_OF(PART("2", "2", "1",
			"4096", "1", BEFORE)) "\001H" END("1",
			ROW_1) "\001H" END("2", ROW_2) "\001M",
	"\001V"
	"\001H" LABEL("1") "\001M"
			   "\001H" PART("1", "1", "1", "0", "1",
			       FIRST) "\001D\001D\001D",
	"\001V"
	"\001H" LABEL("1") "\001M" FILE_OF(PART("1", "18446744073709551615",
	    "1", "18446744073709551615", "1", BEFORE)),
	"\001V\001Rno header\001M",
};

char *fuzz_block(bool is_signed, const void *bytes, size_t count,
    size_t *block_bytes)
{
	enum { LINE = sizeof "check: \n" - 1 + SUM_TEXT_BYTES - 1 };
	char *block = malloc(count + LINE + 1), sum[SUM_TEXT_BYTES];

	if (block == NULL)
		abort();
	if (count > 0)
		memcpy(block, bytes, count);
	*block_bytes = count + (is_signed ? LINE : 0);
	if (is_signed) {
		sum_text_of(block, count, sum);
		snprintf(block + count, LINE + 1, "check: %s\n", sum);
	}
	block = realloc(block, *block_bytes + (*block_bytes == 0));
	if (block == NULL)
		abort();
	return block;
}

static void seed(const char *folder, size_t number, const char *first,
    const char *text)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof path, "%s/%zu", folder, number);
	f = fopen(path, "w");
	if (f == NULL || fprintf(f, "%s%s", first, text) < 0 ||
	    fclose(f) != 0) {
		perror(path);
		exit(1);
	}
}

void fuzz_header_seeds(const char *folder)
{
	size_t i;

	/* The first byte "0" is even: the text that follows is signed. */
	for (i = 0; i < sizeof headers / sizeof *headers; i++)
		seed(folder, i, "0", headers[i]);
}

void fuzz_scan_seeds(const char *folder)
{
	size_t i;

	for (i = 0; i < sizeof volumes / sizeof *volumes; i++)
		seed(folder, i, "", volumes[i]);
}
