/*
 * check_volume_fault.c: each write, cut and flush of the disk fails in turn,
 * once or from then on, until a run meets no fault.
 *
 * Whichever it is, the failure is reported with a message, the volume opens
 * again, and holds what was synchronised.  The faults are made by a layer
 * under SQLite that counts down.
 */
#include <check.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vtl/tests/vtl_scratch.h"

enum { BLOCK = 2048, FILES = 4, CUT_TO = 2 };

/* A file of SQLite, with the real one behind it in memory. */
struct layer {
	sqlite3_file base;
	sqlite3_file *real;
};

static sqlite3_vfs vfs, *real_vfs;
static long countdown;		/* < 0: no fault */
static bool for_good, struck;

static bool fault(void)
{
	if (countdown < 0 || --countdown > 0)
		return false;
	countdown = for_good ? 1 : -1;
	struck = true;
	return true;
}

static sqlite3_file *real(sqlite3_file *file)
{
	return ((struct layer *)file)->real;
}

static int layer_close(sqlite3_file *f)
{
	return real(f)->pMethods->xClose(real(f));
}

static int layer_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
	return real(f)->pMethods->xRead(real(f), p, n, at);
}

static int layer_write(sqlite3_file *f, const void *p, int n,
    sqlite3_int64 at)
{
	if (!fault())
		return real(f)->pMethods->xWrite(real(f), p, n, at);
	real(f)->pMethods->xWrite(real(f), p, n / 2, at);
	return for_good ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int layer_truncate(sqlite3_file *f, sqlite3_int64 bytes)
{
	return fault() ? SQLITE_IOERR_TRUNCATE :
	    real(f)->pMethods->xTruncate(real(f), bytes);
}

static int layer_sync(sqlite3_file *f, int flags)
{
	(void)f;
	(void)flags;
	return fault() ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int layer_size(sqlite3_file *f, sqlite3_int64 *bytes)
{
	return real(f)->pMethods->xFileSize(real(f), bytes);
}

static int layer_lock(sqlite3_file *f, int level)
{
	return real(f)->pMethods->xLock(real(f), level);
}

static int layer_unlock(sqlite3_file *f, int level)
{
	return real(f)->pMethods->xUnlock(real(f), level);
}

static int layer_check_lock(sqlite3_file *f, int *out)
{
	return real(f)->pMethods->xCheckReservedLock(real(f), out);
}

static int layer_control(sqlite3_file *f, int op, void *arg)
{
	return real(f)->pMethods->xFileControl(real(f), op, arg);
}

static int layer_sector(sqlite3_file *f)
{
	return real(f)->pMethods->xSectorSize(real(f));
}

static int layer_traits(sqlite3_file *f)
{
	return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

static int layer_open(sqlite3_vfs *v, const char *name, sqlite3_file *f,
    int flags, int *out_flags)
{
	static const sqlite3_io_methods methods = {
		1, layer_close, layer_read, layer_write, layer_truncate,
		layer_sync, layer_size, layer_lock, layer_unlock,
		layer_check_lock, layer_control, layer_sector, layer_traits,
		NULL, NULL, NULL, NULL, NULL, NULL
	};
	struct layer *layer = (struct layer *)f;
	int rc;

	(void)v;
	layer->real = (sqlite3_file *)(layer + 1);
	rc = real_vfs->xOpen(real_vfs, name, layer->real, flags, out_flags);
	f->pMethods = rc == SQLITE_OK ? &methods : NULL;
	return rc;
}

static void put_layer_under(void)
{
	scratch_setup();
	countdown = -1;
	real_vfs = sqlite3_vfs_find(NULL);
	vfs = *real_vfs;
	vfs.zName = "countdown";
	vfs.szOsFile += (int)sizeof(struct layer);
	vfs.xOpen = layer_open;
	ck_assert_int_eq(sqlite3_vfs_register(&vfs, 1), SQLITE_OK);
}

static void remove_layer(void)
{
	sqlite3_vfs_unregister(&vfs);
	scratch_teardown();
}

static void tell(void *arg, uint64_t files)
{
	*(uint64_t *)arg = files;
}

/* Files, a cut in the middle, files again, a defect.  0 or -1. */
static int work(struct volume *volume, uint64_t *safe)
{
	const struct volume_defect defect = { 5, { 3, 0x0c, 0, 0, 0 }, true };
	struct volume_place place;

	if (scratch_write_files(volume, BLOCK, 0, FILES, tell, safe) != 0)
		return -1;
	if (volume_find_file(volume, CUT_TO, &place) != 1)
		return -1;
	*safe = CUT_TO;
	if (volume_cut(volume, &place) != 0 ||
	    scratch_write_files(volume, BLOCK, CUT_TO, FILES, tell,
	    safe) != 0)
		return -1;
	if (volume_defect_add(volume, &defect) != 0 ||
	    volume_defect_spend(volume, volume_defect_in(volume, 0, 9)) != 0)
		return -1;
	return volume_sync(volume);
}

/* One run whose `n`th deed of the disk fails; whether it met the fault. */
static bool run(long n, enum volume_payload payload)
{
	const struct volume_spec spec = scratch_spec(payload);
	char message[VOLUME_MESSAGE_BYTES] = "";
	struct volume *volume;
	struct volume_place end;
	uint64_t safe = 0;
	int rc;

	scratch_close(scratch_volume("v", &spec));
	volume = volume_open(scratch_path("v"), true, message);
	ck_assert_ptr_nonnull(volume);
	struck = false;
	countdown = n;
	rc = work(volume, &safe);
	ck_assert(rc == 0 || struck);
	if (rc != 0)
		ck_assert_ptr_nonnull(strstr(volume_message(volume),
		    "cannot "));
	if (!for_good && rc != 0) {
		/* It can be used on, from where it was synchronised. */
		volume_end(volume, &end);
		ck_assert_uint_ge(end.file, safe);
		scratch_check_files(volume, BLOCK, safe);
	}
	volume_close(volume, message);
	countdown = -1;
	volume = scratch_open("v");
	scratch_check_files(volume, BLOCK, safe);
	scratch_close(volume);
	unlink(scratch_path("v"));
	unlink(scratch_path("v-journal"));
	return struck;
}

START_TEST(no_fault_of_the_disk_loses_what_was_synchronised)
{
	long n = 1;

	for_good = _i % 2;	/* deflated, once: it takes long */
	while (run(n, _i / 2))
		n++;
	ck_assert_int_gt(n, 20);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume_fault");
	TCase *t = tcase_create("volume_fault");
	SRunner *sr = srunner_create(s);
	int failed;

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, put_layer_under, remove_layer);
	tcase_add_loop_test(t,
	    no_fault_of_the_disk_loses_what_was_synchronised, 0, 5);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
