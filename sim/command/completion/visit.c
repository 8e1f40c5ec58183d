/* visit.c: visits the subcommands with their options. */
#include <string.h>

#include "sim/command/completion/impl.h"
#include "sim/command/config/config.h"

/* argp itself adds this option. */
static const struct argp_option option_help[] = {
	{ "help", '?', NULL, 0, "list the options", 0 },
	{ 0 },
};

static const struct argp help_table = { .options = option_help };

struct visitor {
	int (*visit)(void *arg, const struct subcommand *verb, const char *name,
	    const struct verb_options *options);
	void *arg;
};

/* Visits a subcommand with options. */
static int visit_one(const struct visitor *v, const struct subcommand *verb,
    const char *name)
{
	struct verb_options all;
	/* A table that has the others as children. */
	struct argp_child children[4] = { { .argp = &help_table } };
	struct argp argp = { .children = children };
	const struct argp *table = NULL;
	int rc = 0;

	if (verb->words == NULL) {
		table = verb_options_table(verb);
		if (table == NULL)
			return -1;
		children[1].argp = table;
		argp.args_doc = table->args_doc;
	}
	if (verb->words == NULL && !verb->no_config)
		children[2].argp = &config_argp;
	if (verb_options_of(&argp, &all) != 0)
		rc = -1;
	if (rc == 0)
		rc = v->visit(v->arg, verb, name, &all);
	verb_options_clear(&all);
	return rc;
}

int completion_visit(const struct subcommands *commands,
    int (*visit)(void *arg, const struct subcommand *verb, const char *name,
	const struct verb_options *options),
    void *arg)
{
	const struct visitor v = { visit, arg };
	const size_t program = strlen("tapelab ");
	size_t i;
	int rc = 0;

	for (i = 0; i < commands->count && rc == 0; i++) {
		const struct subcommand *verb = &commands->list[i];

		if (verb->below != NULL)
			rc = completion_visit(verb->below, visit, arg);
		else
			rc = visit_one(&v, verb, verb->full_name + program);
	}
	return rc;
}
