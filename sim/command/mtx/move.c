/* move.c: the commands of mtx that move cartridges. */
#include "sim/command/mtx/impl.h"

#include <stdio.h>

#include "sim/command/cmd.h"
#include "vtl/serve/remote.h"

/* Moves a cartridge, with the messages of mtx. */
static int move(struct mtx *m, const char *doing, unsigned from, unsigned to)
{
	char message[SERVE_MESSAGE_BYTES];
	bool moved;

	fputs(doing, stdout);
	fflush(stdout);
	moved = serve_remote_move(m->changer, from, &to, message);
	puts(moved ? "done" : "");
	if (moved)
		return CMD_OK;
	fflush(stdout);
	fprintf(stderr, "mtx: %s\n", message);
	return CMD_FAILED;
}

static int load_from(struct mtx *m, const struct changer_element *from,
    const struct changer_element *drive)
{
	unsigned there = mtx_slot_number(m, drive->source_address);
	char doing[128];

	if (drive->full) {
		snprintf(doing, sizeof doing, "Storage Element %u", there);
		fprintf(stderr, "Drive %u Full (%s loaded)\n", drive->number,
		    there != 0 ? doing : "Unknown Storage Element");
		return CMD_FAILED;
	}
	snprintf(doing, sizeof doing,
	    "Loading media from Storage Element %u into drive %u...",
	    mtx_slot_number(m, from->address), drive->number);
	return move(m, doing, from->address, drive->address);
}

/*
 * Returns the first empty slot, for a cartridge without a source slot; 0: none.
 */
static unsigned empty_slot(const struct mtx *m)
{
	uint64_t n;

	for (n = 1; n <= m->slots; n++)
		if (!mtx_slot(m, n)->full)
			return mtx_slot(m, n)->address;
	return 0;
}

static int unload_to(struct mtx *m, const struct changer_element *drive,
    unsigned to)
{
	char doing[128];

	if (!drive->full) {
		fprintf(stderr, "Data Transfer Element %u is Empty\n",
		    drive->number);
		return CMD_FAILED;
	}
	if (to == 0)
		to = drive->source_address != 0 ? drive->source_address
						: empty_slot(m);
	if (to == 0) {
		fputs("mtx: every slot is full: name an empty "
		      "import/export slot\n",
		    stderr);
		return CMD_FAILED;
	}
	snprintf(doing, sizeof doing,
	    "Unloading drive %u into Storage Element %u...", drive->number,
	    mtx_slot_number(m, to));
	return move(m, doing, drive->address, to);
}

int mtx_load(struct mtx *m)
{
	const struct changer_element *from, *drive;

	if (!mtx_find_slot(m, mtx_argument(m, 0), &from) ||
	    !mtx_find_drive(m, mtx_argument(m, 1), &drive))
		return CMD_FAILED;
	return load_from(m, from, drive);
}

int mtx_unload(struct mtx *m)
{
	const struct changer_element *to = NULL, *drive;

	if ((m->words_count > 0 &&
		!mtx_find_slot(m, mtx_argument(m, 0), &to)) ||
	    !mtx_find_drive(m, mtx_argument(m, 1), &drive))
		return CMD_FAILED;
	return unload_to(m, drive, to != NULL ? to->address : 0);
}

int mtx_transfer(struct mtx *m)
{
	const struct changer_element *from, *to;

	if (!mtx_find_slot(m, mtx_argument(m, 0), &from) ||
	    !mtx_find_slot(m, mtx_argument(m, 1), &to))
		return CMD_FAILED;
	return move(m, "", from->address, to->address);
}

/*
 * Returns the next full storage slot from `n` on, in steps of `step`, or NULL.
 */
static const struct changer_element *full_slot(const struct mtx *m, int64_t n,
    int step)
{
	const struct changer_element *e = NULL;

	for (; n >= 1 && n <= m->slots; n += step) {
		e = mtx_slot(m, (uint64_t)n);
		if (e->full)
			return e;
	}
	return NULL;
}

/*
 * Returns whether slot `from` is between `begin` and `next`, which may be NULL.
 */
static bool is_on_the_way(const struct mtx *m, unsigned from, int64_t begin,
    const struct changer_element *next, int step)
{
	int64_t n = mtx_slot_number(m, from);

	return n >= 1 && n <= m->slots && (n - begin) * step >= 0 &&
	    (next == NULL ||
		(n - mtx_slot_number(m, next->address)) * step < 0);
}

/*
 * Loads the first cartridge from slot `begin` on; 0: after the slot of the
 * cartridge in the drive.  That cartridge may be the first one itself.
 */
static int step_to(struct mtx *m, int64_t begin, int step)
{
	const struct changer_element *drive, *next;
	int result;

	if (!mtx_find_drive(m, mtx_argument(m, 0), &drive))
		return CMD_FAILED;
	if (begin == 0 && drive->full)
		begin =
		    (int64_t)mtx_slot_number(m, drive->source_address) + step;
	else if (begin == 0)
		begin = step > 0 ? 1 : m->slots;
	next = full_slot(m, begin, step);
	if (drive->full &&
	    is_on_the_way(m, drive->source_address, begin, next, step))
		return CMD_OK;
	if (next == NULL) {
		fputs("mtx: no further cartridge in that direction\n", stderr);
		return CMD_FAILED;
	}
	result = drive->full ? unload_to(m, drive, 0) : CMD_OK;
	if (result != CMD_OK)
		return result;
	/* The drive is empty now; `next` has not moved. */
	m->elements[drive - m->elements].full = false;
	return load_from(m, next, drive);
}

int mtx_first(struct mtx *m)
{
	return step_to(m, 1, 1);
}

int mtx_last(struct mtx *m)
{
	return step_to(m, m->slots, -1);
}

int mtx_next(struct mtx *m)
{
	return step_to(m, 0, 1);
}

int mtx_previous(struct mtx *m)
{
	return step_to(m, 0, -1);
}
