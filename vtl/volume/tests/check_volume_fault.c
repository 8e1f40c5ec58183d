/*
 * check_volume_fault.c: writes, cuts and flushes of the disk fail in turn,
 * once or from then on, until a run has no failure.  With SWEEP_ALL in the
 * environment, each of them fails.
 *
 * For each, the failure is reported with a message, the volume can be opened
 * again, and it has everything that was synchronised.  A layer under SQLite
 * that counts down injects the faults.
 */
#include <check.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/tests/part.h"
#include "splitter/tests/run_suite.h"
#include "vtl/tests/vfs_hook.h"
#include "vtl/tests/vtl_scratch.h"

enum { BLOCK = 1024 };

static long countdown; /* < 0: no operation fails */
static bool for_good, struck;

static bool fault(void)
{
	if (countdown < 0 || --countdown > 0)
		return false;
	countdown = for_good ? 1 : -1;
	struck = true;
	return true;
}

static int count_down(const struct vfs_hook_event *e)
{
	if (e->operation == VFS_HOOK_DELETE || !fault())
		return SQLITE_OK;
	switch (e->operation) {
	case VFS_HOOK_WRITE:
		e->real->pMethods->xWrite(e->real, e->data, e->bytes / 2,
		    e->at);
		return for_good ? SQLITE_FULL : SQLITE_IOERR_WRITE;
	case VFS_HOOK_TRUNCATE:
		return SQLITE_IOERR_TRUNCATE;
	default:
		return SQLITE_IOERR_FSYNC;
	}
}

static void put_layer_under(void)
{
	scratch_setup();
	countdown = -1;
	vfs_hook_install(count_down);
}

static void remove_layer(void)
{
	vfs_hook_remove();
	scratch_teardown();
}

static void tell(void *arg, uint64_t files)
{
	*(uint64_t *)arg = files;
}

/*
 * Does a run whose `n`th operation on the disk fails.  Returns whether an
 * operation failed.
 */
static bool run(long n, enum volume_payload payload)
{
	const struct volume_spec spec = scratch_spec(payload);
	char message[VOLUME_MESSAGE_BYTES] = "";
	struct volume *volume;
	struct volume_position end;
	uint64_t safe = 0;
	int rc;

	scratch_close(scratch_volume("v", &spec));
	volume = volume_open(scratch_path("v"), true, message);
	ck_assert_ptr_nonnull(volume);
	struck = false;
	countdown = n;
	rc = scratch_work(volume, BLOCK, tell, &safe);
	ck_assert(rc == 0 || struck);
	if (rc != 0)
		ck_assert_ptr_nonnull(strstr(volume_message(volume),
		    "cannot "));
	if (!for_good && rc != 0) {
		/*
		 * The volume can still be used, from the last synchronisation
		 * on.
		 */
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

/* One in this many operations fails. */
static long every(void)
{
	if (getenv("SWEEP_ALL") != NULL)
		return 1;
	return SANITIZED > 1 ? SANITIZED : part_only() ? 13 : 5;
}

START_TEST(no_fault_of_the_disk_loses_synchronised_data)
{
	long n = 1 + _i % every();

	/* zlib only with faults that occur once: it takes long */
	for_good = _i % 2;
	while (run(n, _i / 2))
		n += every();
	ck_assert_int_gt(n, 20);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume_fault");
	TCase *t = tcase_create("volume_fault");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 120);
	tcase_add_checked_fixture(t, put_layer_under, remove_layer);
	tcase_add_loop_test(t, no_fault_of_the_disk_loses_synchronised_data, 0,
	    5);
	return run_suite(s);
}
