/*
 * tape_script_main.c: single operations of a back end, on a real drive.
 *
 *     tape_script_main st|sg DEVICE SCRIPT COMMAND
 *
 * Loads the volume in the drive, carries out the words of SCRIPT one after
 * another, and prints what came of each:
 *
 *     l    the label and a filemark     h    a header
 *     wN   a run of N blocks            m    a synchronised filemark
 *     r    the next block               fN   locate file N
 *     e    locate the end of data       R    rewind
 *     p    the position, "@FILE:OBJECT"
 *     !X   run COMMAND with the argument X
 *
 * An answer is the cause, with the number of blocks, "+leom" after the early
 * warning, and the sense data, if there are any: "medium_error:2+leom/3.0C.00".
 * A volume that cannot be loaded is a line on stderr, and status 1.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "splitter/api/st.h"

enum { BLOCK = 4096, BLOCKS_MAX = 256 };

struct script {
	struct tape_library *library;
	struct tape *tape;
	const char *command;
	unsigned char data[BLOCKS_MAX * BLOCK];
};

static void act(const char *command, const char *word)
{
	int status = -1;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		execl(command, command, word, (char *)NULL);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0) {
		fprintf(stderr, "%s %s failed\n", command, word);
		exit(2);
	}
}

static void print(const struct tape_result *r, bool counts)
{
	printf(" %s", tape_cause_name(r->cause));
	if (counts)
		printf(":%llu", (unsigned long long)(r->bytes / BLOCK));
	if (r->leom)
		printf("+leom");
	if (r->sense.valid)
		printf("/%X.%02X.%02X", r->sense.key, r->sense.asc,
		    r->sense.ascq);
}

static void print_position(struct tape *tape)
{
	struct tape_position at = { .file = TAPE_POSITION_UNKNOWN,
		.object = TAPE_POSITION_UNKNOWN,
		.byte = TAPE_POSITION_UNKNOWN };

	tape->ops->position(tape, &at);
	/* An unknown number is printed as -1. */
	printf(" @%lld:%lld", (long long)at.file, (long long)at.object);
}

static void write_run(struct script *s, unsigned long blocks,
    struct tape_result *r)
{
	const struct tape_run run = {
		.data = s->data, .bytes = blocks * BLOCK, .block_bytes = BLOCK
	};

	if (blocks == 0 || blocks > BLOCKS_MAX) {
		fprintf(stderr, "a run has 1 to %d blocks\n", BLOCKS_MAX);
		exit(2);
	}
	s->tape->ops->write(s->tape, &run, 0, r);
}

static void play(struct script *s, const char *word)
{
	const struct tape_ops *ops = s->tape->ops;
	unsigned long n = strtoul(word + 1, NULL, 10);
	struct tape_block block = { 0 };
	struct tape_result r;

	tape_result_init(&r, 0);
	switch (word[0]) {
	case 'l':
		ops->label(s->tape, s->data, BLOCK, 0, &r);
		break;
	case 'h':
		ops->start_file(s->tape, s->data, BLOCK, 0, &r);
		break;
	case 'w':
		write_run(s, n, &r);
		break;
	case 'm':
		ops->filemark(s->tape, true, 0, &r);
		break;
	case 'r':
		ops->read(s->tape, s->data, sizeof s->data, &block, 0, &r);
		break;
	case 'f':
		ops->locate(s->tape, n, 0, &r);
		break;
	case 'e':
		ops->locate_eod(s->tape, 0, &r);
		break;
	case 'R':
		ops->rewind(s->tape, 0, &r);
		break;
	case 'p':
		print_position(s->tape);
		return;
	case '!':
		act(s->command, word + 1);
		return;
	default:
		fprintf(stderr, "\"%s\" is no word of a script\n", word);
		exit(2);
	}
	print(&r, word[0] == 'w');
}

static struct tape_library *open_library(const char *back_end,
    const char *device, char *err, size_t err_bytes)
{
	struct splitter_st_config config;

	splitter_st_config_init(&config, sizeof config, SPLITTER_API);
	config.device = device;
	config.backend = strcmp(back_end, "st") == 0 ? SPLITTER_BACKEND_ST
						     : SPLITTER_BACKEND_SG;
	return splitter_st_new(&config, err, err_bytes);
}

int main(int argc, char **argv)
{
	static struct script s;
	char err[TAPE_MESSAGE_BYTES];
	struct tape_result r;
	char *word;

	if (argc != 5) {
		fprintf(stderr,
		    "usage: tape_script_main st|sg DEVICE SCRIPT COMMAND\n");
		return 2;
	}
	s.command = argv[4];
	s.library = open_library(argv[1], argv[2], err, sizeof err);
	if (s.library == NULL) {
		fprintf(stderr, "%s\n", err);
		return 1;
	}
	tape_result_init(&r, 0);
	s.tape = s.library->ops->load(s.library, 0, &r);
	if (s.tape == NULL) {
		fprintf(stderr, "%s\n", tape_result_text(&r));
		return 1;
	}
	printf("%s", s.tape->ops->name);
	for (word = strtok(argv[3], " "); word != NULL;
	     word = strtok(NULL, " "))
		play(&s, word);
	putchar('\n');
	s.library->ops->unload(s.library, s.tape, TAPE_CLOSE_SUSPECT, 0, &r);
	splitter_st_free(s.library);
	return 0;
}
