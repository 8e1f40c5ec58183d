/*
 * mtx.c: operates a library with the commands, numbers and output of mtx, for
 * programs that call mtx.
 *
 * Storage elements are numbered from 1, import/export slots after the storage
 * slots; data transfer elements from 0.  A command line can have several
 * commands; the words up to the next command are the arguments of the command
 * before.
 */
#include "sim/command/mtx/impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/units.h"
#include "sim/command/cmd.h"
#include "sim/command/print.h"
#include "sim/command/vtl/vtl.h"

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

static const struct command {
	const char *name;
	int (*run)(struct mtx *m);
	size_t words_min, words_max;
	bool reads_only; /* does not change the library */
} commands[] = {
	{ "status", mtx_status, 0, 0, true },
	{ "inventory", mtx_inventory, 0, 0, true },
	{ "inquiry", mtx_inquiry, 0, 0, true },
	{ "load", mtx_load, 1, 2, false },
	{ "unload", mtx_unload, 0, 2, false },
	{ "transfer", mtx_transfer, 2, 2, false },
	{ "first", mtx_first, 0, 1, false },
	{ "last", mtx_last, 0, 1, false },
	{ "next", mtx_next, 0, 1, false },
	{ "previous", mtx_previous, 0, 1, false },
};

const char *const *cmd_mtx_words(void)
{
	enum { COUNT = sizeof commands / sizeof *commands };
	static const char *words[COUNT + 1];
	size_t i;

	for (i = 0; i < COUNT; i++)
		words[i] = commands[i].name;
	return words;
}

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
	result = mtx_read_library(m);
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
