/*
 * check_volume_vfs.c: the layer that gathers pages behaves like any file, for
 * any sequence of operations, and reports each failure.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/vfs_hook.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/volume/vfs.h"

enum { PAGE = 4096, PAGES = 1024, STEPS = 3000 };

static const char *name;
static sqlite3_file *file;

static void open_file(void)
{
	sqlite3_vfs *vfs = sqlite3_vfs_find(volume_vfs_name());

	ck_assert_ptr_nonnull(vfs);
	name = sqlite3_create_filename(scratch_path("f"), "", "", 0, NULL);
	file = calloc(1, (size_t)vfs->szOsFile);
	ck_assert_int_eq(vfs->xOpen(vfs, name, file,
			     SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_READWRITE |
				 SQLITE_OPEN_CREATE,
			     NULL),
	    SQLITE_OK);
}

static void close_file(void)
{
	ck_assert_int_eq(file->pMethods->xClose(file), SQLITE_OK);
	free(file);
	sqlite3_free_filename((char *)name);
}

/* The expected contents of the file. */
static uint8_t model[PAGES * PAGE];
static sqlite3_int64 model_bytes;

static void write_pages(uint64_t at, uint64_t pages, uint64_t *seed)
{
	uint8_t page[PAGE];

	for (; pages > 0 && at < PAGES; pages--, at++) {
		sqlite3_int64 byte = (sqlite3_int64)at * PAGE;

		scratch_fill(page, PAGE, scratch_random(seed), 0);
		ck_assert_int_eq(file->pMethods->xWrite(file, page, PAGE, byte),
		    SQLITE_OK);
		memcpy(model + byte, page, PAGE);
		if (model_bytes < byte + PAGE)
			model_bytes = byte + PAGE;
	}
}

static void read_back(sqlite3_int64 at, int bytes)
{
	static uint8_t got[PAGES * PAGE];
	int rc = file->pMethods->xRead(file, got, bytes, at);

	ck_assert_int_eq(rc,
	    at + bytes > model_bytes ? SQLITE_IOERR_SHORT_READ : SQLITE_OK);
	ck_assert_mem_eq(got, model + at, (size_t)bytes);
}

static void ask_size(void)
{
	sqlite3_int64 bytes;

	ck_assert_int_eq(file->pMethods->xFileSize(file, &bytes), SQLITE_OK);
	ck_assert_int_eq(bytes, model_bytes);
}

static void cut(sqlite3_int64 bytes)
{
	if (bytes > model_bytes)
		return;
	ck_assert_int_eq(file->pMethods->xTruncate(file, bytes), SQLITE_OK);
	memset(model + bytes, 0, sizeof model - (size_t)bytes);
	model_bytes = bytes;
}

START_TEST(the_layer_behaves_like_a_file)
{
	uint64_t seed = (uint64_t)_i, at;

	open_file();
	for (int i = 0; i < STEPS; i++) {
		at = scratch_random(&seed) % PAGES;
		switch (scratch_random(&seed) % 16) {
		case 0:
			read_back((sqlite3_int64)at * PAGE, PAGE);
			break;
		case 1:
			ask_size();
			break;
		case 2:
			if (at % 8 == 0)
				cut((sqlite3_int64)at * PAGE);
			break;
		case 3:
			ck_assert_int_eq(file->pMethods->xSync(file,
					     SQLITE_SYNC_NORMAL),
			    SQLITE_OK);
			break;
		case 4: /* enough to start the thread */
			write_pages(model_bytes / PAGE, at, &seed);
			break;
		default:
			write_pages(at, 1 + at % 3, &seed);
		}
	}
	read_back(0, (int)model_bytes);
	close_file();
	open_file();
	ask_size();
	read_back(0, (int)model_bytes);
	close_file();
}
END_TEST

static long writes_left; /* the write that makes this 0 fails */
static long failed;

static int fail_once(const struct vfs_hook_event *e)
{
	if (e->operation != VFS_HOOK_WRITE || --writes_left != 0)
		return SQLITE_OK;
	failed++;
	return SQLITE_FULL;
}

/* Calls one of the operations that may report a failed write. */
static int ask(int what)
{
	sqlite3_int64 bytes;
	uint8_t page[PAGE];

	switch (what) {
	case 0:
		return file->pMethods->xRead(file, page, PAGE, 0);
	case 1:
		return file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
	case 2:
		return file->pMethods->xFileSize(file, &bytes);
	case 3:
		return file->pMethods->xTruncate(file, 0);
	case 4:
		return file->pMethods->xFileControl(file, SQLITE_FCNTL_SYNC,
		    NULL);
	default:
		/*
		 * A lock reports nothing; the next write reports the failure.
		 */
		file->pMethods->xLock(file, SQLITE_LOCK_SHARED);
		file->pMethods->xUnlock(file, SQLITE_LOCK_NONE);
		return file->pMethods->xWrite(file, memset(page, 0, PAGE), PAGE,
		    0);
	}
}

enum { ASKS = 6 };

/* The layer uses no thread for few pages, and a thread for many. */
START_TEST(a_failed_write_is_reported_once)
{
	const int pages = _i < ASKS ? 3 : 200;
	uint8_t page[PAGE] = { 0 };
	int reported = 0, rc;

	vfs_hook_install(fail_once);
	open_file();
	writes_left = 1 + _i / ASKS;
	failed = 0;
	for (int i = 0; i < pages && reported == 0; i++)
		reported += file->pMethods->xWrite(file, page, PAGE,
				(sqlite3_int64)i * PAGE) != SQLITE_OK;
	if (reported == 0) {
		rc = ask(_i % ASKS);
		ck_assert_int_eq(rc, SQLITE_FULL);
	}
	ck_assert_int_eq(failed, 1);
	/* After the report, the file can be used again. */
	for (int i = 0; i < ASKS; i++)
		ck_assert_int_ne(ask(i), SQLITE_FULL);
	close_file();
	vfs_hook_remove();
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume_vfs");
	TCase *t = tcase_create("volume_vfs");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, the_layer_behaves_like_a_file, 0, 4);
	tcase_add_loop_test(t, a_failed_write_is_reported_once, 0, 4 * ASKS);
	return run_suite(s);
}
