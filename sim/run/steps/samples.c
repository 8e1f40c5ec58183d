/*
 * samples.c: what other programs write at the beginning of a volume.
 *
 * The archive is one of GNU tar 1.34, the label of Amanda one of its
 * Amanda::Header 3.5.1.  The others follow published formats: the LTFS Format
 * Specification 2.4 (Volume Label and LTFS Label constructs), and the chapter
 * on the storage media output format of the developer's guide of Bacula, whose
 * blocks Bareos writes with an identity of its own.
 */
#include "sim/run/steps/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/format/header.h"

/* A text at its place in a block. */
struct text {
	size_t at, bytes; /* bytes 0: that of the string */
	const char *text;
};

/* A block, which is 0 elsewhere, and whether a filemark follows it. */
struct block {
	uint64_t bytes;
	const struct text *texts; /* ended by a text of NULL */
	char fill;
	bool filemark;
};

static const struct text tar_texts[] = {
	{ 0, 0, "sample.txt" },
	{ 100, 0, "0000644" },
	{ 108, 0, "0000000" },
	{ 116, 0, "0000000" },
	{ 124, 0, "00000000017" },
	{ 136, 0, "15137243000" },
	{ 148, 0, "011567" },
	{ 155, 0, " 0" },
	{ 257, 0, "ustar  " },
	{ 265, 0, "root" },
	{ 297, 0, "root" },
	{ 512, 0, "tapelab sample\n" },
	{ 0, 0, NULL },
};

static const struct block tar_blocks[] = {
	{ 10240, tar_texts, '\0', true },
	{ 0, NULL, '\0', false },
};

static const struct text amanda_texts[] = {
	{ 0, 0, "AMANDA: TAPESTART DATE 20260131000000 TAPE SAMPLE-01\n\f\n" },
	{ 0, 0, NULL },
};

static const struct block amanda_blocks[] = {
	{ 32768, amanda_texts, '\0', true },
	{ 0, NULL, '\0', false },
};

static const struct text ltfs_volume[] = {
	{ 0, 0, "VOL1SAMPL1L" },
	{ 24, 0, "LTFS" },
	{ 79, 0, "4" },
	{ 0, 0, NULL },
};

static const struct text ltfs_label[] = {
	{ 0, 0,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<ltfslabel version=\"2.4.0\">\n"
	    "    <creator>sample</creator>\n"
	    "    <formattime>2026-01-31T00:00:00.000000000Z</formattime>\n"
	    "    <volumeuuid>00000000-0000-4000-8000-000000000001</volumeuuid>\n"
	    "    <location><partition>a</partition></location>\n"
	    "    <partitions><index>a</index><data>b</data></partitions>\n"
	    "    <blocksize>524288</blocksize>\n"
	    "    <compression>true</compression>\n"
	    "</ltfslabel>\n" },
	{ 0, 0, NULL },
};

static const struct block ltfs_blocks[] = {
	{ 80, ltfs_volume, ' ', true },
	{ 4096, ltfs_label, ' ', true },
	{ 0, NULL, '\0', false },
};

/*
 * Checksum, size, number and identity of the block, session; the record of the
 * label: index -1, stream 0, size; and its data.
 */
static const struct text bacula_texts[] = {
	{ 4, 4, "\0\0\xfc\0" },
	{ 8, 4, "\0\0\0\0" },
	{ 12, 0, "BB02" },
	{ 16, 8, "\0\0\0\1\x65\0\0\0" },
	{ 24, 12, "\xff\xff\xff\xff\0\0\0\0\0\0\0\xa8" },
	{ 36, 0, "Bacula 1.0 immortal\n" },
	{ 57, 4, "\0\0\0\x0b" },
	{ 77, 0, "SAMPLE01" },
	{ 0, 0, NULL },
};

static const struct text bareos_texts[] = {
	{ 4, 4, "\0\0\xfc\0" },
	{ 8, 4, "\0\0\0\0" },
	{ 12, 0, "BB02" },
	{ 16, 8, "\0\0\0\1\x65\0\0\0" },
	{ 24, 12, "\xff\xff\xff\xff\0\0\0\0\0\0\0\xa8" },
	{ 36, 0, "Bareos 2.0 immortal\n" },
	{ 57, 4, "\0\0\0\x14" },
	{ 77, 0, "SAMPLE01" },
	{ 0, 0, NULL },
};

static const struct block bacula_blocks[] = {
	{ 64512, bacula_texts, '\0', true },
	{ 0, NULL, '\0', false },
};

static const struct block bareos_blocks[] = {
	{ 64512, bareos_texts, '\0', true },
	{ 0, NULL, '\0', false },
};

static const struct text unknown_texts[] = {
	{ 0, 0, "\x17\x2a\x91 no program is known that writes this" },
	{ 0, 0, NULL },
};

static const struct block unknown_blocks[] = {
	{ 16384, unknown_texts, '\xa5', false },
	{ 16384, unknown_texts, '\x5a', true },
	{ 0, NULL, '\0', false },
};

static const struct block *const samples[HOLDS_COUNT] = {
	[HOLDS_TAR] = tar_blocks,
	[HOLDS_LTFS] = ltfs_blocks,
	[HOLDS_AMANDA] = amanda_blocks,
	[HOLDS_BAREOS] = bareos_blocks,
	[HOLDS_BACULA] = bacula_blocks,
	[HOLDS_UNKNOWN] = unknown_blocks,
};

static int append(struct volume *volume, char *data, uint64_t bytes,
    bool filemark)
{
	const struct volume_run run = {
		.data = data, .bytes = bytes, .block_bytes = bytes, .keep = true
	};

	return volume_append(volume, &run) == 0 &&
		(!filemark || volume_append_filemarks(volume, 1) == 0)
	    ? 0
	    : -1;
}

static int append_block(struct volume *volume, const struct block *block)
{
	char *data = malloc(block->bytes);
	int rc;

	if (data == NULL)
		return -1;
	memset(data, block->fill, block->bytes);
	for (const struct text *t = block->texts; t->text != NULL; t++)
		memcpy(data + t->at, t->text,
		    t->bytes > 0 ? t->bytes : strlen(t->text));
	rc = append(volume, data, block->bytes, block->filemark);
	free(data);
	return rc;
}

/* Writes the label of a volume without a dump. */
static int append_scratch(struct volume *volume, uint64_t block_bytes)
{
	struct header h = { .type = HEADER_SCRATCH,
		.block_bytes = block_bytes };
	char *data = malloc(block_bytes);
	int rc;

	if (data == NULL)
		return -1;
	snprintf(h.volume, sizeof h.volume, "%s",
	    volume_get_spec(volume)->barcode);
	header_format(&h, NULL, 0, data, block_bytes);
	rc = append(volume, data, block_bytes, true);
	free(data);
	return rc;
}

static int write_all(struct volume *volume, enum scenario_holds holds,
    uint64_t block_bytes)
{
	static const struct volume_position bot;
	const struct block *block = samples[holds];
	int rc = volume_cut(volume, &bot);

	if (rc == 0 && holds == HOLDS_SCRATCH)
		rc = append_scratch(volume, block_bytes);
	for (; rc == 0 && block != NULL && block->bytes > 0; block++)
		rc = append_block(volume, block);
	return rc == 0 ? volume_sync(volume) : -1;
}

int sample_write(const char *path, enum scenario_holds holds,
    uint64_t block_bytes, bool durable, char *err, size_t err_bytes)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct volume *volume = volume_open(path, durable, message);
	int rc = -1;

	if (volume != NULL) {
		rc = write_all(volume, holds, block_bytes);
		if (rc != 0)
			snprintf(message, sizeof message, "%s",
			    volume_message(volume));
		if (rc == 0)
			rc = volume_close(volume, message);
		else
			volume_close(volume, (char[VOLUME_MESSAGE_BYTES]){ 0 });
	}
	if (rc != 0)
		sentence(err, err_bytes, "%s", message);
	return rc;
}
