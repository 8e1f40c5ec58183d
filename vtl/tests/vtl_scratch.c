/* vtl_scratch.c: see vtl_scratch.h. */
#include "vtl/tests/vtl_scratch.h"
#include "splitter/base/random.h"

#include <check.h>
#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { FILE_BLOCKS_MAX = 400 };

static char folder[128];

void scratch_setup(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(folder, sizeof folder, "%s/tapelab-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

/* Removes a folder with everything in it. */
static void remove_folder(const char *path)
{
	char name[512];
	struct dirent *e;
	DIR *dir = opendir(path);

	while (dir != NULL && (e = readdir(dir)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(name, sizeof name, "%s/%s", path, e->d_name);
		if (unlink(name) != 0)
			remove_folder(name);
	}
	if (dir != NULL)
		closedir(dir);
	rmdir(path);
}

void scratch_teardown(void)
{
	remove_folder(folder);
}

const char *scratch_folder(void)
{
	return folder;
}

const char *scratch_path(const char *name)
{
	static char paths[8][256];
	static unsigned next;
	char *path = paths[next++ % 8];

	snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	return path;
}

void scratch_fill(void *buf, uint64_t bytes, uint64_t dump_id, uint64_t offset)
{
	uint8_t *p = buf;
	uint64_t n;

	for (; bytes > 0; p += n, bytes -= n, offset += n) {
		uint64_t word =
		    random_mix(dump_id + random_mix(offset / 8 + 1));

		n = 8 - offset % 8;
		if (n > bytes)
			n = bytes;
		for (uint64_t i = 0; i < n; i++)
			p[i] = (uint8_t)(word >> (offset + i) % 8 * 8);
	}
}

uint64_t scratch_random(uint64_t *seed)
{
	return random_mix(*seed += RANDOM_STEP);
}

struct volume_spec scratch_spec(enum volume_payload payload)
{
	return (struct volume_spec){
		.barcode = "TST001L8",
		.capacity_bytes = INT64_MAX,
		.payload = payload,
	};
}

struct volume *scratch_volume(const char *name, const struct volume_spec *spec)
{
	char message[VOLUME_MESSAGE_BYTES];

	ck_assert_msg(volume_create(scratch_path(name), spec, "a test", false,
			  message) == 0,
	    "%s", message);
	return scratch_open(name);
}

struct volume *scratch_open(const char *name)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct volume *volume;

	volume = volume_open(scratch_path(name), false, message);
	ck_assert_msg(volume != NULL, "%s", message);
	return volume;
}

void scratch_close(struct volume *volume)
{
	char message[VOLUME_MESSAGE_BYTES];

	ck_assert_msg(volume_close(volume, message) == 0, "%s", message);
}

int scratch_append(struct volume *volume, uint64_t bytes, uint64_t block_bytes,
    uint64_t dump_id, uint64_t offset)
{
	void *data = malloc(bytes);
	const struct volume_run run = {
		.data = data,
		.bytes = bytes,
		.block_bytes = block_bytes,
		.dump_id = dump_id,
		.offset = offset,
	};
	int rc;

	ck_assert_ptr_nonnull(data);
	scratch_fill(data, bytes, dump_id, offset);
	rc = volume_append(volume, &run);
	free(data);
	return rc;
}

/* Returns the number of blocks of a file: from 0 to more than a row holds. */
static uint64_t file_blocks(uint64_t file)
{
	uint64_t seed = file;

	return scratch_random(&seed) % FILE_BLOCKS_MAX;
}

int scratch_write_files(struct volume *volume, uint64_t block_bytes,
    uint64_t from, uint64_t to, void (*safe)(void *arg, uint64_t files),
    void *arg)
{
	uint64_t seed = from, n;

	for (uint64_t file = from; file < to; file++) {
		uint64_t left = file_blocks(file) * block_bytes, at = 0;

		for (; left > 0; left -= n, at += n) {
			n = (1 + scratch_random(&seed) % 100) * block_bytes;
			if (n > left)
				n = left;
			if (scratch_append(volume, n, block_bytes, file, at) !=
			    0)
				return -1;
		}
		if (volume_append_filemarks(volume, 1) != 0 ||
		    volume_sync(volume) != 0)
			return -1;
		safe(arg, file + 1);
	}
	return 0;
}

int scratch_work(struct volume *volume, uint64_t block_bytes,
    void (*safe)(void *arg, uint64_t files), void *arg)
{
	enum { FILES = 4, CUT_TO = 2 };
	const struct volume_defect defect = {
		.at = 5, .sense = { 3, 0x0c, 0, 0, 0 }, .once = true
	};
	const struct volume_extent cover = { .end_byte = 9 };
	struct volume_position place;

	if (scratch_write_files(volume, block_bytes, 0, FILES, safe, arg) !=
		0 ||
	    volume_find_file(volume, CUT_TO, &place) != 1)
		return -1;
	safe(arg, CUT_TO);
	if (volume_cut(volume, &place) != 0 ||
	    scratch_write_files(volume, block_bytes, CUT_TO, FILES, safe,
		arg) != 0)
		return -1;
	if (volume_defect_add(volume, &defect) != 0 ||
	    volume_defect_spend(volume,
		volume_find_defect(volume, VOLUME_FAIL_WRITE, &cover, NULL)) !=
		0)
		return -1;
	return volume_sync(volume);
}

void scratch_check_files(struct volume *volume, uint64_t block_bytes,
    uint64_t files)
{
	uint8_t *got = malloc(block_bytes), *want = malloc(block_bytes);
	struct volume_position end;
	struct volume_object object;
	uint64_t file = 0, blocks = 0;

	volume_end(volume, &end);
	ck_assert_uint_ge(end.file, files);
	for (uint64_t i = 0; i < end.object; i++) {
		ck_assert_msg(volume_read(volume, i, got, block_bytes,
				  &object) == 0,
		    "%s", volume_message(volume));
		if (object.kind == VOLUME_FILEMARK) {
			ck_assert_uint_eq(blocks, file_blocks(file));
			file++;
			blocks = 0;
			continue;
		}
		ck_assert_uint_eq(object.bytes, block_bytes);
		ck_assert_uint_eq(object.dump_id, file);
		ck_assert_uint_eq(object.offset, blocks++ * block_bytes);
		scratch_fill(want, block_bytes, file, object.offset);
		if (object.has_data)
			ck_assert_mem_eq(got, want, block_bytes);
	}
	ck_assert_uint_eq(file, end.file);
	free(got);
	free(want);
}

int64_t scratch_query(const char *name, const char *sql)
{
	sqlite3 *db;
	sqlite3_stmt *stmt;
	int64_t n;

	ck_assert_int_eq(sqlite3_open(scratch_path(name), &db), SQLITE_OK);
	ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL),
	    SQLITE_OK);
	ck_assert_int_eq(sqlite3_step(stmt), SQLITE_ROW);
	n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
	return n;
}

void scratch_sql(const char *name, const char *sql)
{
	sqlite3 *db;
	char *error = NULL;

	ck_assert_int_eq(sqlite3_open(scratch_path(name), &db), SQLITE_OK);
	sqlite3_exec(db, sql, NULL, NULL, &error);
	ck_assert_msg(error == NULL, "%s: %s", sql, error);
	sqlite3_close(db);
}

void scratch_copy(const char *from, const char *to)
{
	static uint8_t bytes[64 << 10];
	FILE *in = fopen(scratch_path(from), "r");
	FILE *out = fopen(scratch_path(to), "w");
	size_t n;

	ck_assert(in != NULL && out != NULL);
	while ((n = fread(bytes, 1, sizeof bytes, in)) > 0)
		ck_assert_uint_eq(fwrite(bytes, 1, n, out), n);
	ck_assert_int_eq(fclose(out), 0);
	fclose(in);
}

uint64_t scratch_sum(const char *name)
{
	static uint8_t bytes[64 << 10];
	uint64_t sum = 1;
	struct stat st;
	size_t n;
	FILE *f;

	if (stat(scratch_path(name), &st) != 0 || !S_ISREG(st.st_mode) ||
	    (f = fopen(scratch_path(name), "r")) == NULL)
		return 0;
	while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
		sum = XXH3_64bits_withSeed(bytes, n, sum);
	fclose(f);
	return sum;
}

int scratch_version(const char *name)
{
	/* Do not use SQLite here: it would find the file locked. */
	FILE *f = fopen(scratch_path(name), "r");
	uint8_t header[64];

	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fread(header, 1, sizeof header, f), sizeof header);
	fclose(f);
	return header[63];
}
