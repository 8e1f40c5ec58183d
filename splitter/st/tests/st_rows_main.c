/*
 * st_rows_main.c: plays the rows of st_rows.h on a real tape driver.
 *
 *     st_rows_main list
 *     st_rows_main play DEVICE ROW FILL COMMAND
 *     st_rows_main script DEVICE SCRIPT COMMAND
 *
 * The first prints the table, a row a line, columns separated by tabs.  The
 * second plays one row, from 0, and prints its results.  Before the row begins
 * the volume is filled as FILL says: "BLOCKS,FILEMARKS,BLOCKS", in partition 1,
 * or "-" for nothing.  COMMAND is a program that lets the next call
 * fail; its argument is the word of st_rows.h.  The third plays a script.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/st/tests/st_rows.h"

enum { BLOCK = 4096, NOBODY = 65534 };

static const char *text(const char *value)
{
	return value == NULL ? "-" : value;
}

static void list(void)
{
	const struct st_row_real *real;
	const struct st_row *row;
	unsigned i;

	puts("row\tname\tblocks\twarning\tprotected\tkernel\tbehaviour\t"
	     "altered\toptions\tblock_bytes\tblock_max\tpaced\tslow\tinject\t"
	     "not_debug\tscript\tanswers\ttapelab\tdebug\twhy");
	for (i = 0; i < st_rows_count; i++) {
		row = &st_rows[i];
		real = st_row_real(row);
		printf("%u\t%s\t%u\t%u\t%d\t%s\t%s\t%s\t%s\t%u\t%u\t%d\t%d\t%s"
		       "\t%s\t%s\t%s\t%s\t%s\t%s\n",
		    i, row->name, row->blocks, row->warning,
		    row->kind == MEMTAPE_PROTECTED,
		    row->fake.old_kernel                    ? "old"
			: strstr(row->script, "!R") != NULL ? "new"
							    : "any",
		    text(real->behaviour), text(real->altered),
		    text(real->options), real->block_bytes, real->block_max,
		    real->paced, real->slow, text(real->inject),
		    text(real->not_debug), row->script, row->answers,
		    text(real->tapelab), text(real->debug), text(real->why));
	}
}

static void act(void *arg, char way)
{
	const char *command = arg;
	char word[2] = { way, '\0' };
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		execl(command, command, word, (char *)NULL);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0) {
		fprintf(stderr, "%s %s failed\n", command, word);
		exit(2);
	}
}

static int play(char **arg)
{
	unsigned long i = strtoul(arg[1], NULL, 10);
	const struct st_row *row = &st_rows[i];
	const struct st_row_real *real;
	struct st_player player = { .sys = &device_calls_system,
		.device = arg[0],
		.block_bytes = BLOCK,
		.act = act,
		.act_arg = arg[3] };
	char said[ST_ROWS_TEXT_BYTES] = "";

	if (i >= st_rows_count) {
		fprintf(stderr, "there is no row %lu\n", i);
		return 2;
	}
	real = st_row_real(row);
	if (sscanf(arg[2], "%u,%u,%u", &player.fill[0], &player.fill[1],
		&player.fill[2]) == 3)
		player.partition = 1;
	if (real->block_bytes != 0)
		player.block_bytes = real->block_bytes;
	player.misaligned_by = real->misaligned_by;
	if (real->mode != 0 && chmod(arg[0], real->mode) != 0) {
		perror(arg[0]);
		return 2;
	}
	if (real->as_user && setuid(NOBODY) != 0) {
		perror("setuid");
		return 2;
	}
	st_rows_play(&player, row->script, said);
	puts(said);
	return 0;
}

static int play_script(char **arg)
{
	const struct st_player player = { .sys = &device_calls_system,
		.device = arg[0],
		.block_bytes = BLOCK,
		.act = act,
		.act_arg = arg[2] };
	char said[ST_ROWS_TEXT_BYTES] = "";

	st_rows_play(&player, arg[1], said);
	puts(said);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "list") == 0) {
		list();
		return 0;
	}
	if (argc == 6 && strcmp(argv[1], "play") == 0)
		return play(argv + 2);
	if (argc == 5 && strcmp(argv[1], "script") == 0)
		return play_script(argv + 2);
	fprintf(stderr,
	    "usage: st_rows_main list | play DEVICE ROW FILL COMMAND |"
	    " script DEVICE SCRIPT COMMAND\n");
	return 2;
}
