/* pdu_seeds.c: the initial inputs of pdu_fuzz.c. */
#include "vtl/iscsi/target/tests/pdu_input.h"

#include <stdio.h>

#include "vtl/iscsi/target/tests/fuzz_target.h"

/* A record of an initial input; `data_bytes` bytes of data follow. */
struct record {
	uint8_t opcode, flags, make, lun, tag;
	uint32_t at_20;
	uint8_t at_32[16];
	uint16_t data_bytes;
};

enum { RECORDS_MAX = 8 };

static const struct seed {
	const char *name;
	uint8_t options, medium;
	struct record records[RECORDS_MAX];
} seeds[] = {
	{ "write-read", HEADER_DIGEST | DATA_DIGEST, 0,
	    { { 0x01, 0x81, 0, 0, 1, 0, { 0x00 }, 0 },
		{ 0x01, 0x81, MAKE_PAUSE, 0, 2, 0, { 0x00 }, 0 },
		/* WRITE(6) with immediate data, WRITE FILEMARKS, REWIND */
		{ 0x01, 0xa1, 0, 0, 3, 512, { 0x0a, 0, 0, 2, 0 }, 512 },
		{ 0x01, 0x81, 0, 0, 4, 0, { 0x10, 0, 0, 0, 1 }, 0 },
		{ 0x01, 0x81, 0, 0, 5, 0, { 0x01 }, 0 },
		/* READ(6) with SILI and too much; READ at the filemark */
		{ 0x01, 0xc1, 0, 0, 6, 1024, { 0x08, 2, 0, 4, 0 }, 0 },
		{ 0x01, 0xc1, 0, 0, 7, 512, { 0x08, 0, 0, 2, 0 }, 0 },
		{ 0x06, 0x80, MAKE_PAUSE, 0, 8, 0, { 0 }, 0 } } },
	{ "r2t", ONLY_R2T | SMALL | DATA_DIGEST, NO_PAYLOAD,
	    { { 0x01, 0x81, 0, 0, 1, 0, { 0x00 }, 0 },
		{ 0x01, 0xa1, MAKE_PAUSE, 0, 2, 2048, { 0x0a, 0, 0, 8, 0 }, 0 },
		{ 0x05, 0x80, MAKE_ANSWER_TO_R2T, 0, 2, 0, { 0 }, 1024 },
		{ 0x05, 0x80, MAKE_ANSWER_TO_R2T, 0, 2, 0, { 0 }, 1024 },
		{ 0x01, 0xc1, MAKE_PAUSE, 0, 3, 20, { 0x34 }, 0 } } },
	{ "unsolicited", SMALL, 0,
	    { { 0x01, 0x21, 0, 0, 1, 1600, { 0x0a, 0, 0, 6, 64 }, 100 },
		/* NOP-Out, ABORT TASK and LOGICAL UNIT RESET meanwhile */
		{ 0x40, 0x80, 0, 0, 2, 0xffffffff, { 0 }, 10 },
		{ 0x42, 0x81, 0, 0, 3, 1, { 0 }, 0 },
		{ 0x05, 0x80, 0, 0, 1, 0xffffffff, { [11] = 100 }, 500 },
		{ 0x42, 0x85, MAKE_PAUSE, 0, 4, 0, { 0 }, 0 } } },
	{ "parameters", 0, 0,
	    { { 0x01, 0xc1, 0, 0, 1, 96, { 0x12, 1, 0x83, 0, 96 }, 0 },
		{ 0x01, 0xc1, 0, 9, 2, 32, { 0xa0, 0, [9] = 32 }, 0 },
		{ 0x01, 0x81, 0, 0, 3, 0, { 0x00 }, 0 },
		/* MODE SENSE and MODE SELECT, LOG SENSE */
		{ 0x01, 0xc1, 0, 0, 4, 255, { 0x1a, 0, 0x3f, 0, 255 }, 0 },
		{ 0x01, 0xa1, 0, 0, 5, 12, { 0x15, 0x10, 0, 0, 12 }, 12 },
		{ 0x01, 0xc1, 0, 0, 6, 255, { 0x4d, 0, 0x40, [8] = 255 }, 0 },
		/* PERSISTENT RESERVE OUT, READ ATTRIBUTE */
		{ 0x01, 0xa1, 0, 0, 7, 24, { 0x5f, 0, [8] = 24 }, 24 },
		{ 0x01, 0xc1, 0, 0, 8, 255, { 0x8c, [13] = 255 }, 0 } } },
	{ "quick", 0, NO_PAYLOAD,
	    { { 0x01, 0x81, 0, 0, 1, 0, { 0x00 }, 0 },
		/* a WRITE alone, several at once, and one with data to come */
		{ 0x01, 0xa1, MAKE_PAUSE, 0, 2, 512, { 0x0a, 0, 0, 2, 0 },
		    512 },
		{ 0x01, 0xa1, MAKE_PAUSE, 0, 3, 512, { 0x0a, 0, 0, 2, 0 },
		    512 },
		{ 0x01, 0xa1, 0, 0, 4, 512, { 0x0a, 0, 0, 2, 0 }, 512 },
		{ 0x01, 0xa1, MAKE_PAUSE, 0, 5, 2048, { 0x0a, 0, 0, 8, 0 }, 0 },
		{ 0x05, 0x80, MAKE_ANSWER_TO_R2T | MAKE_PAUSE, 0, 5, 0, { 0 },
		    2048 },
		{ 0x01, 0x81, MAKE_PAUSE, 0, 6, 0, { 0x10, 0, 0, 0, 1 }, 0 },
		{ 0x01, 0x81, 0, 0, 7, 0, { 0x01 }, 0 } } },
	/* 0x40, 0x80: the second and the third session */
	{ "sessions", 0, NO_PAYLOAD | MORE_SESSIONS,
	    { { 0x01, 0x81, 0, 0, 1, 0, { 0x00 }, 0 },
		{ 0x01, 0x81, 0, 0x40, 1, 0, { 0x00 }, 0 },
		/* RESERVE(6), and WRITEs of all */
		{ 0x01, 0xa1, MAKE_PAUSE, 0, 2, 512, { 0x0a, 0, 0, 2, 0 },
		    512 },
		{ 0x01, 0xa1, 0, 0x40, 2, 2048, { 0x0a, 0, 0, 8, 0 }, 0 },
		{ 0x01, 0x81, MAKE_PAUSE, 0x80, 1, 0, { 0x16 }, 0 },
		/* LOGICAL UNIT RESET, then data of a command that ended */
		{ 0x42, 0x85, 0, 0x80, 2, 0, { 0 }, 0 },
		{ 0x05, 0x80, MAKE_ANSWER_TO_R2T, 0x40, 2, 0, { 0 }, 2048 },
		{ 0x01, 0xc1, MAKE_PAUSE, 0, 3, 512, { 0x08, 0, 0, 2, 0 },
		    0 } } },
	{ "discovery", DISCOVERY | SMALL | SLOW_READER, 0,
	    { { 0x04, 0x80, 0, 0, 1, 0xffffffff, { 0 }, 16 },
		{ 0x04, 0x40, 0, 0, 2, 0xffffffff, { 0 }, 7 },
		{ 0x10, 0x80, 0, 0, 3, 0, { 0 }, 0 } } },
};

static void write_record(FILE *f, const struct record *r)
{
	static const char keys[] = "SendTargets=All";
	uint8_t head[HEAD_BYTES] = { r->opcode, r->flags, r->make, r->lun,
		r->tag };

	put_be32(head + 5, r->at_20);
	memcpy(head + 9, r->at_32, sizeof r->at_32);
	put_be16(head + 25, r->data_bytes);
	fwrite(head, 1, sizeof head, f);
	for (unsigned k = 0; k < r->data_bytes; k++)
		fputc(r->opcode == ISCSI_TEXT ? keys[k % sizeof keys] : 0, f);
}

static FILE *create(const char *folder, const char *name)
{
	char path[512];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	f = fopen(path, "w");
	fuzz_check(f != NULL, path);
	return f;
}

void pdu_seeds_write(const char *folder, const void *login, size_t bytes)
{
	FILE *f;

	for (unsigned i = 0; i < sizeof seeds / sizeof *seeds; i++) {
		f = create(folder, seeds[i].name);
		fputc(seeds[i].options, f);
		fputc(seeds[i].medium, f);
		for (unsigned k = 0; k < RECORDS_MAX; k++)
			if (seeds[i].records[k].flags != 0)
				write_record(f, &seeds[i].records[k]);
		fclose(f);
	}
	f = create(folder, "raw");
	fputc(RAW, f);
	fputc(0, f);
	fwrite(login, 1, bytes, f);
	fclose(f);
}
