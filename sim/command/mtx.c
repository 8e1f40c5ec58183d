/*
 * mtx.c: operates a library with the commands, numbers and output of mtx, for
 * programs that call mtx.
 *
 * Storage elements are numbered from 1, import/export slots after the storage
 * slots; data transfer elements from 0.  A command line can have several
 * commands; the words up to the next command are the arguments of the command
 * before.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/command/print.h"
#include "sim/base/units.h"
#include "sim/command/vtl/vtl.h"

struct mtx {
	struct changer *changer;
	struct changer_element *elements; /* by address */
	size_t count;
	unsigned slots, ie_slots, drives;
	bool barcodes;
	char **words; /* the arguments after the command */
	size_t words_count;
};

static int usage(FILE *to)
{
	fputs("usage: tapelab mtx [-f LIB] [nobarcode] COMMAND...\n"
	      "\n"
	      "  status                  show what each element holds\n"
	      "  inventory               read the barcodes again\n"
	      "  inquiry                 identify the changer\n"
	      "  load SLOT [DRIVE]       move a cartridge to a drive\n"
	      "  unload [SLOT] [DRIVE]   move it back, or to that slot\n"
	      "  transfer FROM TO        move it from one slot to another\n"
	      "  first|last [DRIVE]      load the first, the last cartridge\n"
	      "  next|previous [DRIVE]   load the next, the previous "
	      "cartridge\n"
	      "\n"
	      "Several commands on a line are run in their order, to the first "
	      "that fails.\n"
	      "Without -f the environment variable CHANGER names the library.  "
	      "The manual page\n"
	      "is tapelab-mtx(1).\n",
	    to);
	print_unwritten(CMD_USAGE);
	return to == stdout ? CMD_OK : CMD_USAGE;
}

/* Returns the number of a storage element in mtx; 0: not a storage element. */
static unsigned slot_number(const struct mtx *m, unsigned address)
{
	if (address >= CHANGER_SLOT_ADDRESS)
		return address - CHANGER_SLOT_ADDRESS + 1;
	if (address >= CHANGER_IE_ADDRESS && address < CHANGER_DRIVE_ADDRESS)
		return m->slots + address - CHANGER_IE_ADDRESS + 1;
	return 0;
}

static const struct changer_element *at(const struct mtx *m, unsigned address)
{
	size_t i;

	for (i = 0; i < m->count; i++)
		if (m->elements[i].address == address)
			return &m->elements[i];
	return NULL;
}

/* Returns the storage element with this number, or NULL. */
static const struct changer_element *slot(const struct mtx *m, uint64_t number)
{
	if (number >= 1 && number <= m->slots)
		return at(m, CHANGER_SLOT_ADDRESS + (unsigned)number - 1);
	if (number > m->slots && number <= m->slots + m->ie_slots)
		return at(m,
		    CHANGER_IE_ADDRESS + (unsigned)number - m->slots - 1);
	return NULL;
}

static int read_library(struct mtx *m)
{
	size_t i;
	int status = vtl_report_status(m->changer,
	    changer_list(m->changer, &m->elements, &m->count));

	for (i = 0; i < m->count; i++) {
		m->slots += m->elements[i].kind == CHANGER_KIND_SLOT;
		m->ie_slots += m->elements[i].kind == CHANGER_KIND_IE;
		m->drives += m->elements[i].kind == CHANGER_KIND_DRIVE;
	}
	return status;
}

static const char *tag(const struct mtx *m, const struct changer_element *e)
{
	return m->barcodes && !e->unreadable ? e->barcode : "";
}

static void print_drive(const struct mtx *m, const struct changer_element *e)
{
	unsigned from = slot_number(m, e->source_address);

	printf("Data Transfer Element %u:", e->number);
	if (!e->full)
		fputs("Empty", stdout);
	else if (from != 0)
		printf("Full (Storage Element %u Loaded)", from);
	else
		fputs("Full (Unknown Storage Element Loaded)", stdout);
	if (e->full && tag(m, e)[0] != '\0')
		printf(":VolumeTag = %s", tag(m, e));
	putchar('\n');
}

static void print_slot(const struct mtx *m, const struct changer_element *e)
{
	printf("      Storage Element %u%s:%s", slot_number(m, e->address),
	    e->kind == CHANGER_KIND_IE ? " IMPORT/EXPORT" : "",
	    e->full ? "Full " : "Empty");
	if (e->full && tag(m, e)[0] != '\0')
		printf(":VolumeTag=%s", tag(m, e));
	putchar('\n');
}

static int status(struct mtx *m)
{
	static const enum changer_kind order[] = { CHANGER_KIND_DRIVE,
		CHANGER_KIND_SLOT, CHANGER_KIND_IE };
	const struct changer_element *e;
	size_t k;

	printf("  Storage Changer %s:%u Drives, %u Slots ( %u Import/Export "
	       ")\n",
	    changer_folder(m->changer), m->drives, m->slots + m->ie_slots,
	    m->ie_slots);
	for (k = 0; k < 3; k++)
		for (e = m->elements; e < m->elements + m->count; e++)
			if (e->kind == order[k])
				(k == 0 ? print_drive : print_slot)(m, e);
	return CMD_OK;
}

static int inquiry(struct mtx *m)
{
	(void)m;
	puts("Product Type: Medium Changer\n"
	     "Vendor ID: 'TAPELAB '\n"
	     "Product ID: 'VTL             '\n"
	     "Revision: '0001'\n"
	     "Attached Changer API: No");
	return CMD_OK;
}

static int inventory(struct mtx *m)
{
	(void)m;
	return CMD_OK; /* a library is always up to date */
}

/*
 * Returns the number in argument `i`, which check_words() has checked; 0: there
 * is no such argument.
 */
static uint64_t number(const struct mtx *m, size_t i)
{
	uint64_t value = 0;
	char err[256];

	if (i < m->words_count)
		units_parse_count(m->words[i], 0, UINT32_MAX, &value, err,
		    sizeof err);
	return value;
}

/*
 * Finds a slot or a drive.  Prints an error and returns false if it does not
 * exist.
 */
static bool find_slot(const struct mtx *m, uint64_t n,
    const struct changer_element **found)
{
	*found = slot(m, n);
	if (*found == NULL)
		fprintf(stderr,
		    "mtx: there is no Storage Element %ju: they are 1 to %u\n",
		    (uintmax_t)n, m->slots + m->ie_slots);
	return *found != NULL;
}

static bool find_drive(const struct mtx *m, uint64_t n,
    const struct changer_element **found)
{
	*found =
	    n < m->drives ? at(m, CHANGER_DRIVE_ADDRESS + (unsigned)n) : NULL;
	if (*found == NULL)
		fprintf(stderr,
		    "mtx: there is no Data Transfer Element %ju: they are 0 to "
		    "%u\n",
		    (uintmax_t)n, m->drives - 1);
	return *found != NULL;
}

/* Moves a cartridge, with the messages of mtx. */
static int move(struct mtx *m, const char *doing, unsigned from, unsigned to)
{
	enum changer_status result;

	fputs(doing, stdout);
	fflush(stdout);
	result = changer_move(m->changer, from, to);
	puts(result == CHANGER_OK ? "done" : "");
	if (result == CHANGER_OK)
		return CMD_OK;
	fflush(stdout);
	fprintf(stderr, "mtx: %s\n", changer_message(m->changer));
	return CMD_FAILED;
}

static int load_from(struct mtx *m, const struct changer_element *from,
    const struct changer_element *drive)
{
	unsigned there = slot_number(m, drive->source_address);
	char doing[128];

	if (drive->full) {
		snprintf(doing, sizeof doing, "Storage Element %u", there);
		fprintf(stderr, "Drive %u Full (%s loaded)\n", drive->number,
		    there != 0 ? doing : "Unknown Storage Element");
		return CMD_FAILED;
	}
	snprintf(doing, sizeof doing,
	    "Loading media from Storage Element %u into drive %u...",
	    slot_number(m, from->address), drive->number);
	return move(m, doing, from->address, drive->address);
}

/*
 * Returns the first empty slot, for a cartridge without a source slot; 0: none.
 */
static unsigned empty_slot(const struct mtx *m)
{
	uint64_t n;

	for (n = 1; n <= m->slots; n++)
		if (!slot(m, n)->full)
			return slot(m, n)->address;
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
		fputs("mtx: every slot is full: name an empty import/export "
		      "slot that is empty\n",
		    stderr);
		return CMD_FAILED;
	}
	snprintf(doing, sizeof doing,
	    "Unloading drive %u into Storage Element %u...", drive->number,
	    slot_number(m, to));
	return move(m, doing, drive->address, to);
}

static int load(struct mtx *m)
{
	const struct changer_element *from, *drive;

	if (!find_slot(m, number(m, 0), &from) ||
	    !find_drive(m, number(m, 1), &drive))
		return CMD_FAILED;
	return load_from(m, from, drive);
}

static int unload(struct mtx *m)
{
	const struct changer_element *to = NULL, *drive;

	if ((m->words_count > 0 && !find_slot(m, number(m, 0), &to)) ||
	    !find_drive(m, number(m, 1), &drive))
		return CMD_FAILED;
	return unload_to(m, drive, to != NULL ? to->address : 0);
}

static int transfer(struct mtx *m)
{
	const struct changer_element *from, *to;

	if (!find_slot(m, number(m, 0), &from) ||
	    !find_slot(m, number(m, 1), &to))
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
		e = slot(m, (uint64_t)n);
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
	int64_t n = slot_number(m, from);

	return n >= 1 && n <= m->slots && (n - begin) * step >= 0 &&
	    (next == NULL || (n - slot_number(m, next->address)) * step < 0);
}

/*
 * Loads the first cartridge from slot `begin` on; 0: after the slot of the
 * cartridge in the drive.  That cartridge may be the first one itself.
 */
static int step_to(struct mtx *m, int64_t begin, int step)
{
	const struct changer_element *drive, *next;
	int result;

	if (!find_drive(m, number(m, 0), &drive))
		return CMD_FAILED;
	if (begin == 0 && drive->full)
		begin = (int64_t)slot_number(m, drive->source_address) + step;
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

static int first(struct mtx *m)
{
	return step_to(m, 1, 1);
}

static int last(struct mtx *m)
{
	return step_to(m, m->slots, -1);
}

static int next(struct mtx *m)
{
	return step_to(m, 0, 1);
}

static int previous(struct mtx *m)
{
	return step_to(m, 0, -1);
}

static const struct command {
	const char *name;
	int (*run)(struct mtx *m);
	size_t words_min, words_max;
	bool reads_only; /* does not change the library */
} commands[] = {
	{ "status", status, 0, 0, true },
	{ "inventory", inventory, 0, 0, true },
	{ "inquiry", inquiry, 0, 0, true },
	{ "load", load, 1, 2, false },
	{ "unload", unload, 0, 2, false },
	{ "transfer", transfer, 2, 2, false },
	{ "first", first, 0, 1, false },
	{ "last", last, 0, 1, false },
	{ "next", next, 0, 1, false },
	{ "previous", previous, 0, 1, false },
};

static const struct command *find_command(const char *word)
{
	size_t c;

	for (c = 0; c < sizeof commands / sizeof *commands; c++)
		if (strcmp(word, commands[c].name) == 0)
			return &commands[c];
	return NULL;
}

/* Returns how many of the words are arguments of the command. */
static size_t count_words(const struct command *command, char **words)
{
	size_t n = 0;

	while (n < command->words_max && words[n] != NULL &&
	    find_command(words[n]) == NULL)
		n++;
	return n;
}

/* Returns whether the command has enough arguments, and all are numbers. */
static bool check_words(const struct command *command, char **words,
    size_t count)
{
	uint64_t value;
	char err[256];
	size_t i;

	for (i = 0; i < count; i++)
		if (units_parse_count(words[i], 0, UINT32_MAX, &value, err,
			sizeof err) != 0) {
			fprintf(stderr, "mtx: %s: %s\n", words[i], err);
			return false;
		}
	if (count >= command->words_min)
		return true;
	fprintf(stderr, "mtx: %s takes %s\n", command->name,
	    command->words_min == 1 ? "a slot" : "two slots");
	return false;
}

/* Checks the whole command line before the first command runs. */
static bool check_line(char **words)
{
	const struct command *command;
	size_t count;

	while (*words != NULL) {
		command = find_command(*words);
		if (command == NULL) {
			fprintf(stderr, "mtx: unknown command \"%s\"\n",
			    *words);
			return false;
		}
		count = count_words(command, words + 1);
		if (!check_words(command, words + 1, count))
			return false;
		words += 1 + count;
	}
	return true;
}

static int run(const struct command *command, struct mtx *m, const char *folder)
{
	int result;

	m->changer = vtl_open(folder, command->reads_only);
	if (m->changer == NULL)
		return CMD_USAGE;
	result = read_library(m);
	if (result == CMD_OK)
		result = command->run(m);
	free(m->elements);
	changer_close(m->changer);
	return result;
}

/* Runs the commands up to the first that fails. */
static int run_line(char **words, bool barcodes, const char *folder)
{
	const struct command *command;
	int result = CMD_OK;
	bool reads_only = false;

	while (*words != NULL && result == CMD_OK) {
		struct mtx m = { .barcodes = barcodes, .words = words + 1 };

		command = find_command(*words);
		m.words_count = count_words(command, words + 1);
		words += 1 + m.words_count;
		result = run(command, &m, folder);
		reads_only |= command->reads_only;
	}
	/* A command that only prints has failed if its output is lost. */
	print_unwritten(reads_only ? CMD_FAILED : CMD_OK);
	return result;
}

int cmd_mtx(int argc, char **argv)
{
	const char *folder = getenv("CHANGER");
	bool barcodes = true;
	int i = 1;

	if (i < argc &&
	    (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0))
		return usage(stdout);
	if (i + 1 < argc && strcmp(argv[i], "-f") == 0) {
		folder = argv[i + 1];
		i += 2;
	}
	for (; i < argc; i++) {
		if (strcmp(argv[i], "nobarcode") == 0)
			barcodes = false;
		else if (strcmp(argv[i], "noattach") != 0)
			break;
	}
	if (i == argc || !check_line(argv + i))
		return usage(stderr);
	if (folder == NULL || folder[0] == '\0') {
		fputs("mtx: no library: use -f LIB, or set CHANGER\n", stderr);
		return CMD_USAGE;
	}
	return run_line(argv + i, barcodes, folder);
}
