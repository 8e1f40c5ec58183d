/* verb_options.c: see verb_options.h. */
#include "sim/command/verb_options.h"

#include <stdlib.h>
#include <string.h>

#include "sim/command/subcommand.h"
#include "splitter/base/grow.h"

/* The table of the subcommand that verb_options_get() calls. */
static struct {
	bool wanted;
	const struct argp *argp;
} taken;

static int add(struct verb_options *to, const struct argp_option *row,
    const char *name, int key)
{
	struct verb_option *list =
	    grow_by_one(to->list, to->count, sizeof *list);

	if (list == NULL)
		return -1;
	to->list = list;
	list[to->count++] = (struct verb_option){
		.name = name,
		.key = key,
		.argument = row->arg,
		.what = row->doc,
		.argument_optional = (row->flags & OPTION_ARG_OPTIONAL) != 0,
		.hidden = (row->flags & OPTION_HIDDEN) != 0,
		.line_only = (row->flags & VERB_OPTION_LINE_ONLY) != 0,
		.repeats = (row->flags & VERB_OPTION_REPEATS) != 0,
	};
	return 0;
}

/* Adds the options of `argp`, then those of its children. */
static int read_tables(const struct argp *argp, struct verb_options *to)
{
	const struct argp_option *row = argp->options, *real = row;
	const struct argp_child *child = argp->children;

	for (; row != NULL &&
	     (row->name != NULL || row->doc != NULL || row->key != 0);
	     row++) {
		if (row->name == NULL || (row->flags & OPTION_DOC) != 0)
			continue;
		/* An alias is its name alone. */
		if ((row->flags & OPTION_ALIAS) == 0)
			real = row;
		if (add(to, real, row->name,
			row->key != 0 ? row->key : real->key) != 0)
			return -1;
	}
	for (; child != NULL && child->argp != NULL; child++)
		if (read_tables(child->argp, to) != 0)
			return -1;
	return 0;
}

int verb_options_of(const struct argp *argp, struct verb_options *to)
{
	*to = (struct verb_options){ .arguments = argp->args_doc };
	return read_tables(argp, to);
}

const struct argp *verb_options_table(const struct subcommand *verb)
{
	char *argv[] = { verb->full_name, NULL };

	taken.wanted = true;
	taken.argp = NULL;
	verb->run(1, argv);
	taken.wanted = false;
	return taken.argp;
}

int verb_options_get(const struct subcommand *verb, struct verb_options *to)
{
	const struct argp *argp = verb_options_table(verb);

	*to = (struct verb_options){ .list = NULL };
	return argp != NULL ? verb_options_of(argp, to) : -1;
}

bool verb_options_take(const struct argp *argp)
{
	if (!taken.wanted)
		return false;
	taken.argp = argp;
	return true;
}

void verb_options_clear(struct verb_options *options)
{
	free(options->list);
	*options = (struct verb_options){ .list = NULL };
}

const struct verb_option *verb_options_find(const struct verb_options *options,
    const char *name)
{
	size_t i;

	for (i = 0; i < options->count; i++)
		if (strcmp(options->list[i].name, name) == 0)
			return &options->list[i];
	return NULL;
}

bool verb_option_is_short(int key)
{
	return key > ' ' && key <= '~';
}
