/* by_command.c: a changer that is a command with the convention of mtx(1). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/base/shell.h"
#include "splitter/changer/autochanger.h"
#include "splitter/changer/mtx_status.h"

/* "status" of a changer with 65,535 slots. */
enum { OUTPUT_BYTES = 8 << 20 };

struct by_command {
	struct autochanger changer; /* first: cast to this */
	char *script;               /* the command, and its arguments */
	char *output;
};

/* Runs the command.  0, or -1 with a message. */
static int run(struct by_command *c, const char *const *arguments, char *err,
    size_t err_bytes)
{
	char why[128];
	size_t bytes = 0;

	if (shell_run(c->script, arguments, c->output, OUTPUT_BYTES, &bytes,
		why, sizeof why) == 0) {
		if (strlen(c->output) == bytes)
			return 0;
		snprintf(why, sizeof why, "it printed a zero byte");
	}
	sentence(err, err_bytes, "the command %s with \"%s\" failed: %s",
	    c->changer.name, arguments[0], why);
	return -1;
}

static int read_all(struct autochanger *changer, struct inventory *inventory,
    char *err, size_t err_bytes)
{
	static const char *const arguments[] = { "status", NULL };
	struct by_command *c = (struct by_command *)changer;
	char why[512];

	if (run(c, arguments, err, err_bytes) != 0)
		return -1;
	if (mtx_status_parse(c->output, inventory, why, sizeof why) == 0)
		return 0;
	sentence(err, err_bytes, "the command %s: %s", changer->name, why);
	return -1;
}

static enum autochanger_move move(struct autochanger *changer,
    const struct element *from, const struct element *to, char *err,
    size_t err_bytes)
{
	struct by_command *c = (struct by_command *)changer;
	bool loads = to->kind == ELEMENT_DRIVE;
	char slot[16], drive[16];
	const char *const arguments[] = { loads ? "load" : "unload", slot,
		drive, NULL };

	snprintf(slot, sizeof slot, "%u", (loads ? from : to)->address);
	snprintf(drive, sizeof drive, "%u", (loads ? to : from)->address);
	return run(c, arguments, err, err_bytes) == 0 ? AUTOCHANGER_MOVED
						      : AUTOCHANGER_FAILED;
}

static void close_command(struct autochanger *changer)
{
	struct by_command *c = (struct by_command *)changer;

	free(c->output);
	free(c->script);
	free(c);
}

static const struct autochanger_ops ops = { read_all, move, close_command };

struct autochanger *autochanger_by_command(const char *command)
{
	struct by_command *c = calloc(1, sizeof *c);

	if (c == NULL)
		return NULL;
	c->changer.ops = &ops;
	sentence(c->changer.name, sizeof c->changer.name, "\"%s\"", command);
	c->output = malloc(OUTPUT_BYTES);
	if (asprintf(&c->script, "%s \"$@\"", command) < 0)
		c->script = NULL;
	if (c->output != NULL && c->script != NULL)
		return &c->changer;
	close_command(&c->changer);
	return NULL;
}
