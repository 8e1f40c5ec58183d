/*
 * check_volume_power.c: the power fails at one write and sync after another;
 * the volume can be opened, is valid, and has everything that was synchronised.
 * With SWEEP_ALL in the environment it fails at each of them, with each fate of
 * the data; otherwise each of them has one fate.
 *
 * All operations on the disk are recorded, and then repeated up to each place.
 * Data confirmed by a sync is on the disk.  Of later data, each sector of each
 * write may be there or not: none, all, or the sectors that a seed selects.
 * The same is true for the journal, before its first sync and after its
 * removal.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/tests/run_suite.h"
#include "vtl/tests/vfs_hook.h"
#include "vtl/tests/vtl_scratch.h"
#include "vtl/volume/verify.h"

enum { BLOCK = 512, SECTOR = 512, NOTES_MAX = 20000, FATES = 3 };

/*
 * The kinds of notes: an operation on the disk, or SAFE, a report of how many
 * files are safe.
 */
enum { SAFE = VFS_HOOK_DELETE + 1 };

struct note {
	int operation;
	bool journal;
	uint8_t *data;
	uint64_t bytes, at; /* SAFE: `at` is the number of safe files */
};

static struct note notes[NOTES_MAX];
static size_t note_count;

static void take_down(int operation, bool journal, const void *data,
    uint64_t bytes, uint64_t at)
{
	struct note *n = &notes[note_count++];

	ck_assert_uint_lt(note_count, NOTES_MAX);
	*n = (struct note){ operation, journal, NULL, bytes, at };
	if (bytes > 0)
		memcpy(n->data = malloc(bytes), data, bytes);
}

static int watch(const struct vfs_hook_event *e)
{
	take_down(e->operation, e->journal, e->data, (uint64_t)e->bytes,
	    (uint64_t)e->at);
	return SQLITE_OK;
}

static void tell(void *arg, uint64_t files)
{
	(void)arg;
	take_down(SAFE, false, NULL, 0, files);
}

/* A file as it is on the disk. */
struct image {
	bool there;
	uint8_t *data;
	uint64_t bytes, room;
};

static void grow(struct image *i, uint64_t bytes)
{
	if (bytes > i->room) {
		i->room = 2 * bytes;
		i->data = realloc(i->data, i->room);
		ck_assert_ptr_nonnull(i->data);
	}
	if (bytes > i->bytes) {
		memset(i->data + i->bytes, 0, bytes - i->bytes);
		i->bytes = bytes;
	}
}

/* The part of the unconfirmed data that is on the disk. */
enum fate { NOTHING, EVERYTHING, ANYTHING };

static bool happens(enum fate fate, uint64_t *seed)
{
	return fate == EVERYTHING ||
	    (fate == ANYTHING && scratch_random(seed) % 2 == 0);
}

static void apply(struct image *i, const struct note *n, enum fate fate,
    uint64_t *seed)
{
	switch (n->operation) {
	case VFS_HOOK_WRITE:
		for (uint64_t at = 0, bytes; at < n->bytes; at += bytes) {
			bytes = SECTOR - (n->at + at) % SECTOR;
			if (bytes > n->bytes - at)
				bytes = n->bytes - at;
			if (!happens(fate, seed))
				continue;
			grow(i, n->at + at + bytes);
			memcpy(i->data + n->at + at, n->data + at, bytes);
			i->there = true;
		}
		break;
	case VFS_HOOK_TRUNCATE:
		if (happens(fate, seed) && n->at < i->bytes)
			i->bytes = n->at;
		break;
	case VFS_HOOK_DELETE:
		if (happens(fate, seed)) {
			i->there = false;
			i->bytes = 0;
		}
		break;
	}
}

static void copy_image(struct image *to, const struct image *from)
{
	to->bytes = 0;
	grow(to, from->bytes);
	if (from->bytes > 0)
		memcpy(to->data, from->data, from->bytes);
	to->there = from->there;
}

static void load_image(struct image *i, const char *name)
{
	FILE *f = fopen(scratch_path(name), "r");

	fseek(f, 0, SEEK_END);
	grow(i, (uint64_t)ftell(f));
	rewind(f);
	ck_assert_uint_eq(fread(i->data, 1, i->bytes, f), i->bytes);
	fclose(f);
	i->there = true;
}

static void save_image(const struct image *i, const char *name)
{
	FILE *f;

	unlink(scratch_path(name));
	if (!i->there)
		return;
	f = fopen(scratch_path(name), "w");
	ck_assert_uint_eq(fwrite(i->data, 1, i->bytes, f), i->bytes);
	fclose(f);
}

static void no_fault(void *arg, const char *message)
{
	ck_abort_msg("after note %zu: %s", *(size_t *)arg, message);
}

/*
 * The confirmed state of the disk, and the state after the power failure:
 * database and journal.
 */
static struct image sure[2], cut[2];
static size_t sure_from[2]; /* index of the first unconfirmed operation */

/* Lets the power fail before operation `k`, and checks the volume. */
static void fail_before(size_t k, enum fate fate, uint64_t safe)
{
	uint64_t seed = k;
	struct volume_counts counts;
	struct volume *volume;

	for (int j = 0; j < 2; j++) {
		copy_image(&cut[j], &sure[j]);
		for (size_t i = sure_from[j]; i < k; i++)
			if (notes[i].journal == (bool)j)
				apply(&cut[j], &notes[i], fate, &seed);
		save_image(&cut[j], j == 0 ? "cut" : "cut-journal");
	}
	volume = scratch_open("cut");
	scratch_check_files(volume, BLOCK, safe);
	scratch_close(volume);
	ck_assert_uint_eq(volume_verify(scratch_path("cut"), no_fault, &k,
			      &counts),
	    0);
}

static void confirm(size_t k)
{
	uint64_t seed = 0;
	int j = notes[k].journal;

	for (size_t i = sure_from[j]; i < k; i++)
		if (notes[i].journal == (bool)j)
			apply(&sure[j], &notes[i], EVERYTHING, &seed);
	sure_from[j] = k;
}

static void note_work(enum volume_payload payload)
{
	const struct volume_spec spec = scratch_spec(payload);
	char message[VOLUME_MESSAGE_BYTES];
	struct volume *volume;

	scratch_close(scratch_volume("v", &spec));
	load_image(&sure[0], "v");
	vfs_hook_install(watch);
	volume = volume_open(scratch_path("v"), true, message);
	ck_assert_ptr_nonnull(volume);
	ck_assert_int_eq(scratch_work(volume, BLOCK, tell, NULL), 0);
	scratch_close(volume);
	vfs_hook_remove();
}

static bool fails_at(size_t k, enum fate fate)
{
	return getenv("SWEEP_ALL") != NULL || k % FATES == fate;
}

START_TEST(a_power_cut_loses_nothing_synchronised)
{
	const enum fate fate = _i % FATES;
	uint64_t safe = 0;
	size_t syncs = 0;

	note_work(_i / FATES);
	for (size_t k = 0; k <= note_count; k++) {
		/* A report is no operation on the disk: it can lose nothing. */
		if (fails_at(k, fate) &&
		    (k == note_count || notes[k].operation != SAFE))
			fail_before(k, fate, safe);
		if (k < note_count && notes[k].operation == SAFE)
			safe = notes[k].at;
		if (k < note_count && notes[k].operation == VFS_HOOK_SYNC) {
			confirm(k);
			syncs++;
		}
	}
	ck_assert_uint_gt(syncs, 20);
	ck_assert_uint_eq(safe, 4);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("volume_power");
	TCase *t = tcase_create("volume_power");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 300);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, a_power_cut_loses_nothing_synchronised, 0,
	    3 * FATES);
	return run_suite(s);
}
