/*
 * read.c: checks a configuration file against the tables of the subcommands,
 * and turns the options of one of them into arguments.
 *
 * A value is passed on as text; the subcommand parses it.  Here it is checked
 * only whether the option takes a value at all, and several of them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/config/impl.h"
#include "splitter/base/grow.h"
#include "splitter/base/text.h"

struct reader {
	const struct subcommand *verb;
	struct config_options *options;
	struct yaml_errors errors;
};

enum { MESSAGE_BYTES = 400 };

/* Adds the error "unknown option", with the most similar of `names`. */
static void suggest(struct reader *r, const struct yaml_tree *key,
    const char *what, const char *const *names)
{
	char message[MESSAGE_BYTES];
	struct text_quote quote;

	snprintf(message, sizeof message, "unknown %s %s", what,
	    text_quote(&quote, key->text));
	text_suggest(message, sizeof message, key->text, names);
	yaml_tree_error(&r->errors, key, 0, "%s", message);
}

static void unknown_option(struct reader *r, const struct yaml_tree *key,
    const struct verb_options *known)
{
	const char **names = calloc(known->count + 1, sizeof *names);
	size_t count = 0, i;

	for (i = 0; names != NULL && i < known->count; i++)
		if (!known->list[i].hidden)
			names[count++] = known->list[i].name;
	if (count > 0)
		suggest(r, key, "option", names);
	else
		yaml_tree_error(&r->errors, key, 0, "unknown option");
	free(names);
}

static void unknown_verb(struct reader *r, const struct yaml_tree *key,
    const struct subcommands *commands)
{
	const char **names = calloc(commands->count + 1, sizeof *names);
	size_t count = 0, i;

	for (i = 0; names != NULL && i < commands->count; i++)
		if (!commands->list[i].no_config &&
		    commands->list[i].words == NULL)
			names[count++] = commands->list[i].name;
	if (names != NULL)
		suggest(r, key, "subcommand", names);
	free(names);
}

/* Returns whether a value is the word, not in quotes. */
static bool is_word(const struct yaml_tree *value, const char *word)
{
	return value->kind == YAML_TREE_TEXT && value->plain &&
	    strcmp(value->text, word) == 0;
}

/* Returns whether the argument of an option is a path, by its name. */
static bool is_path(const struct verb_option *option)
{
	static const char *const names[] = { "FILE", "DIR", "LIB" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(option->argument, names[i]) == 0)
			return true;
	return false;
}

/* Returns the option with its value (NULL: without) as on a line. */
static char *make_argument(const struct verb_option *option, const char *value)
{
	const char *home = getenv("HOME");
	char *text = NULL;
	int rc;

	if (value == NULL)
		rc = asprintf(&text, "--%s", option->name);
	else if (is_path(option) && strncmp(value, "~/", 2) == 0 &&
	    home != NULL)
		rc =
		    asprintf(&text, "--%s=%s%s", option->name, home, value + 1);
	else
		rc = asprintf(&text, "--%s=%s", option->name, value);
	return rc < 0 ? NULL : text;
}

static void add(struct reader *r, const struct verb_option *option,
    const char *value, int line)
{
	struct config_options *to = r->options;
	struct config_option *list =
	    grow_by_one(to->list, to->count, sizeof *list);
	char *argument = make_argument(option, value);

	if (list != NULL)
		to->list = list;
	if (list == NULL || argument == NULL) {
		free(argument);
		yaml_errors_add(&r->errors, 0, 0, "out of memory");
		return;
	}
	list[to->count++] = (struct config_option){
		.name = option->name, .argument = argument, .line = line
	};
}

/* Reads an option that takes no value. */
static void read_flag(struct reader *r, const struct verb_option *option,
    const struct yaml_tree *value, bool wanted)
{
	bool on = is_word(value, "true");

	if (!on && !is_word(value, "false"))
		yaml_tree_error(&r->errors, value, 0,
		    "--%s takes no value: write true or false", option->name);
	else if (on && wanted)
		add(r, option, NULL, value->line);
}

/* Reads one value of an option. */
static void read_value(struct reader *r, const struct verb_option *option,
    const struct yaml_tree *value, bool wanted)
{
	bool on = is_word(value, "true"), off = is_word(value, "false");

	if (value->kind == YAML_TREE_BROKEN)
		return;
	if (value->kind != YAML_TREE_TEXT)
		yaml_tree_error(&r->errors, value, 0, "--%s takes a value, %s",
		    option->name, option->argument);
	else if (yaml_tree_is_empty(value))
		yaml_tree_error(&r->errors, value, 0,
		    "--%s: the value is missing", option->name);
	else if (!option->argument_optional && (on || off))
		yaml_tree_error(&r->errors, value, 0,
		    "--%s takes a value, %s; put the word %s in quotes if it "
		    "is the value",
		    option->name, option->argument, value->text);
	else if (wanted && !off)
		add(r, option, on ? NULL : value->text, value->line);
}

static void read_option(struct reader *r, const struct verb_option *option,
    const struct yaml_tree *key, const struct yaml_tree *value, bool wanted)
{
	size_t i;

	if (option->line_only)
		yaml_tree_error(&r->errors, key, 0,
		    "--%s is for the command line only: it must be given each "
		    "time",
		    option->name);
	else if (option->argument == NULL)
		read_flag(r, option, value, wanted);
	else if (value->kind != YAML_TREE_LIST)
		read_value(r, option, value, wanted);
	else if (!option->repeats)
		yaml_tree_error(&r->errors, value, 0,
		    "--%s takes one value, not a list", option->name);
	else
		for (i = 0; i < value->count; i++)
			read_value(r, option, value->items[i], wanted);
}

/*
 * Returns whether the key of this index is text, and not given before.  Other
 * errors of keys were added when the file was parsed.
 */
static bool check_key(struct reader *r, const struct yaml_tree *map, size_t at)
{
	const struct yaml_tree *key = map->items[at];
	size_t i;

	if (key->kind != YAML_TREE_TEXT)
		return false;
	for (i = 0; i < at; i += 2) {
		if (map->items[i]->kind != YAML_TREE_TEXT ||
		    strcmp(map->items[i]->text, key->text) != 0)
			continue;
		yaml_tree_error(&r->errors, key, 0,
		    "\"%s\" is given twice, first in line %d", key->text,
		    map->items[i]->line);
		return false;
	}
	return true;
}

/* Returns whether a value is a mapping with entries. */
static bool check_map(struct reader *r, const struct yaml_tree *value,
    const char *what)
{
	if (value->kind == YAML_TREE_MAP)
		return true;
	if (value->kind != YAML_TREE_BROKEN && !yaml_tree_is_empty(value))
		yaml_tree_error(&r->errors, value, 0,
		    "a mapping is expected: %s", what);
	return false;
}

static void read_verb(struct reader *r, const struct subcommand *verb,
    const struct yaml_tree *value)
{
	struct verb_options known;
	const struct verb_option *option;
	size_t i;

	if (!check_map(r, value, "options and their values"))
		return;
	if (verb_options_get(verb, &known) != 0)
		yaml_errors_add(&r->errors, 0, 0, "out of memory");
	else
		for (i = 0; i + 1 < value->count; i += 2) {
			if (!check_key(r, value, i))
				continue;
			option =
			    verb_options_find(&known, value->items[i]->text);
			if (option == NULL)
				unknown_option(r, value->items[i], &known);
			else
				read_option(r, option, value->items[i],
				    value->items[i + 1], verb == r->verb);
		}
	verb_options_clear(&known);
}

static void read_verbs(struct reader *r, const struct subcommands *commands,
    const struct yaml_tree *map, const char *what)
{
	const struct subcommand *verb;
	size_t i;

	if (!check_map(r, map, what))
		return;
	for (i = 0; i + 1 < map->count; i += 2) {
		const struct yaml_tree *key = map->items[i];

		if (!check_key(r, map, i))
			continue;
		verb = subcommand_find(commands, key->text);
		if (verb == NULL)
			unknown_verb(r, key, commands);
		else if (verb->no_config)
			yaml_tree_error(&r->errors, key, 0,
			    "%s reads no configuration file: its result "
			    "depends on its arguments alone",
			    verb->full_name);
		else if (verb->words != NULL)
			yaml_tree_error(&r->errors, key, 0, "%s has no options",
			    verb->full_name);
		else if (verb->below != NULL)
			read_verbs(r, verb->below, map->items[i + 1],
			    "subcommands and their options");
		else
			read_verb(r, verb, map->items[i + 1]);
	}
}

/* Returns whether the text has only blank lines and comments. */
static bool is_blank(const char *text, size_t bytes)
{
	bool comment = false;
	size_t i;

	for (i = 0; i < bytes; i++) {
		if (text[i] == '\n')
			comment = false;
		else if (text[i] == '#')
			comment = true;
		else if (!comment && strchr(" \t\r", text[i]) == NULL)
			return false;
	}
	return true;
}

static void report(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "tapelab: %s\n", message);
}

int config_read(const struct subcommands *commands,
    const struct subcommand *verb, const char *path, const char *text,
    size_t bytes, struct config_options *options)
{
	struct reader r = { .verb = verb, .options = options };
	struct yaml_tree *root;
	int rc;

	*options = (struct config_options){ .path = strdup(path) };
	if (options->path == NULL)
		yaml_errors_add(&r.errors, 0, 0, "out of memory");
	if (!is_blank(text, bytes)) {
		root = yaml_tree_parse(text, bytes, &r.errors);
		if (root != NULL)
			read_verbs(&r, commands, root,
			    "subcommands and their options, such as write: "
			    "{cache: spool}");
		yaml_tree_free(root);
	}
	yaml_errors_report(&r.errors, path, report, NULL);
	rc = r.errors.count == 0 ? 0 : -1;
	yaml_errors_clear(&r.errors);
	return rc;
}

void config_options_clear(struct config_options *options)
{
	size_t i;

	for (i = 0; i < options->count; i++)
		free(options->list[i].argument);
	free(options->list);
	free(options->path);
	*options = (struct config_options){ .path = NULL };
}
