/*
 * volume_fuzz.c: a hostile file is opened, read and verified as a volume, for
 * libFuzzer (see `make fuzz`).
 *
 * The first byte of an input selects the meaning of the other bytes.  0: they
 * are the file.  1: the first half is the file, the rest is its journal.
 * Others: they are changes to a good volume, ten bytes each: a row, a column
 * and the type of a value, the value.  No input may cause a memory error.
 *
 *     volume_fuzz --seeds FOLDER    creates the initial inputs
 */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vtl/volume/verify.h"

enum { K = 1024, READ_MAX = 64, PAYLOADS = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static char folder[64], path[80], journal[96];

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void clean(void)
{
	unlink(path);
	unlink(journal);
	rmdir(folder);
}

static void write_file(const char *name, const void *data, size_t bytes)
{
	FILE *f = fopen(name, "w");

	if (f == NULL || fwrite(data, 1, bytes, f) != bytes || fclose(f) != 0)
		die(name);
}

static void sql(const char *text)
{
	sqlite3 *db;

	if (sqlite3_open(path, &db) == SQLITE_OK)
		sqlite3_exec(db, text, NULL, NULL, NULL);
	sqlite3_close(db);
}

/* Complete good volumes in memory, one for each payload. */
static struct good {
	uint8_t data[256 * K];
	size_t bytes;
} good[PAYLOADS];

/*
 * Makes a good volume, with small pages, so that most of the file is used.  One
 * has two partitions and an attribute.
 */
static void make_good(enum volume_payload payload)
{
	const struct volume_spec spec = { .barcode = "FUZZ01",
		.capacity_bytes = INT64_MAX,
		.payload = payload };
	const struct volume_defect defect = {
		.at = 5, .sense = { 3, 0x0c, 0, 0, 0 }, .once = true
	};
	static uint8_t block[K];
	struct volume_run run = { .data = block,
		.bytes = sizeof block,
		.block_bytes = sizeof block,
		.dump_id = 0,
		.keep = true };
	const struct volume_partition partitions[] = {
		{ .capacity_bytes = 9999 }, { .capacity_bytes = 99999 }
	};
	const struct volume_attribute attribute = {
		.id = 0x800, .bytes = 1, .value = "x"
	};
	char message[VOLUME_MESSAGE_BYTES];
	struct volume *volume;
	FILE *f;

	unlink(path);
	if (volume_create(path, &spec, "fuzz", false, message) != 0 ||
	    (volume = volume_open(path, false, message)) == NULL)
		die(message);
	if (payload == VOLUME_PAYLOAD_RAW &&
	    (volume_format(volume, 999999, partitions, 2) != 0 ||
		volume_store_attributes(volume, 1, &attribute, 1) != 0))
		die(path);
	for (unsigned i = 0; i < 8; i++) {
		if (volume_select(volume, i / 4 % volume_partitions(volume)) !=
		    0)
			die(path);
		memset(block, (int)('a' + i), sizeof block);
		volume_append(volume, &run);
		volume_append_filemarks(volume, i % 2);
		run.keep = false;
		run.dump_id = 7;
		run.offset = i * sizeof block;
	}
	volume_defect_add(volume, &defect);
	volume_close(volume, message);
	sql("pragma page_size = 512; vacuum");
	if ((f = fopen(path, "r")) == NULL)
		die(path);
	good[payload].bytes =
	    fread(good[payload].data, 1, sizeof good[payload].data, f);
	fclose(f);
	unlink(path);
}

static void make_seeds(const char *to)
{
	static uint8_t input[1 + 256 * K];
	char name[512];

	for (int i = 0; i < PAYLOADS; i++) {
		snprintf(name, sizeof name, "%s/file%d", to, i);
		input[0] = 0;
		memcpy(input + 1, good[i].data, good[i].bytes);
		write_file(name, input, 1 + good[i].bytes);
		snprintf(name, sizeof name, "%s/changes%d", to, i);
		memset(input, 2 + i, 21);
		write_file(name, input, 21);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	snprintf(folder, sizeof folder, "%s/tapelab-fuzz-XXXXXX",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
	if (mkdtemp(folder) == NULL)
		die(folder);
	snprintf(path, sizeof path, "%s/v", folder);
	snprintf(journal, sizeof journal, "%s-journal", path);
	for (int i = 0; i < PAYLOADS; i++)
		make_good((enum volume_payload)i);
	atexit(clean);
	if (*argc != 3 || strcmp((*argv)[1], "--seeds") != 0)
		return 0;
	make_seeds((*argv)[2]);
	exit(0);
}

/* Writes a copy of a good volume with the changes that `data` encodes. */
static void change(const uint8_t *data, size_t bytes)
{
	static const char *const columns[] = { "first", "count", "block_bytes",
		"last_bytes", "at_byte", "file", "dump_id", "offset", "sums",
		"data", "zlib" };
	/* The forms of a number: integer, text, data, fraction. */
	static const char *const forms[] = { "%lld", "'%lld?'",
		"cast(%lld as blob)", "%lld.5" };
	const struct good *g = &good[data[0] % PAYLOADS];
	char text[300], form[64];
	int64_t value;
	sqlite3 *db;

	write_file(path, g->data, g->bytes);
	if (sqlite3_open(path, &db) != SQLITE_OK)
		die(path);
	sqlite3_exec(db, "pragma synchronous = off; begin", NULL, NULL, NULL);
	for (data++, bytes--; bytes >= 10; data += 10, bytes -= 10) {
		memcpy(&value, data + 2, sizeof value);
		snprintf(form, sizeof form, forms[data[1] / 11 % 4],
		    (long long)value);
		snprintf(text, sizeof text,
		    "update objects set %s = %s "
		    "where first = (select first from objects order by first "
		    "limit 1 offset %d)",
		    columns[data[1] % 11], form, data[0] % 16);
		sqlite3_exec(db, text, NULL, NULL, NULL);
	}
	sqlite3_exec(db, "commit", NULL, NULL, NULL);
	sqlite3_close(db);
}

static void hear(void *arg, const char *message)
{
	(void)arg;
	if (message[0] == '\0' || strlen(message) >= VOLUME_MESSAGE_BYTES ||
	    strchr(message, '\n') != NULL)
		abort();
}

static void note(void *arg, const struct volume_attribute *a)
{
	*(unsigned *)arg += a->bytes > 0 ? *(const uint8_t *)a->value : 0;
}

/* Uses a partition like a drive: reads blocks, finds files, cuts, appends. */
static void use_partition(struct volume *volume)
{
	static uint8_t block[64 * K];
	const struct volume_run run = { .data = block,
		.bytes = 4 * K,
		.block_bytes = 4 * K,
		.dump_id = 1 };
	struct volume_object object;
	struct volume_position end, place;

	volume_end(volume, &end);
	for (uint64_t i = 0; i <= end.object && i < READ_MAX; i++)
		if (volume_read(volume, i, block, sizeof block, &object) != 0)
			hear(NULL, volume_message(volume));
	for (uint64_t i = 0; i <= end.file && i < 4; i++)
		if (volume_find_file(volume, i, &place) == 1 && i == 1)
			volume_cut(volume, &place);
	volume_append(volume, &run);
	volume_append_filemarks(volume, 1);
}

static void use(struct volume *volume)
{
	unsigned i, sum = 0;

	for (i = 0; i < volume_partitions(volume); i++) {
		volume_each_stored_attribute(volume, i, 0, note, &sum);
		if (volume_select(volume, i) == 0)
			use_partition(volume);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct volume_counts counts;
	struct volume *volume;
	size_t half;

	if (bytes == 0)
		return 0;
	unlink(journal);
	half = data[0] == 0 ? bytes - 1 : (bytes - 1) / 2;
	if (data[0] > 1) {
		change(data, bytes);
	} else {
		write_file(path, data + 1, half);
		if (half < bytes - 1)
			write_file(journal, data + 1 + half, bytes - 1 - half);
	}
	volume_verify(path, hear, NULL, &counts);
	volume = volume_open(path, false, message);
	if (volume == NULL) {
		hear(NULL, message);
		return 0;
	}
	use(volume);
	if (volume_close(volume, message) != 0)
		hear(NULL, message);
	return 0;
}
