/*
 * zsh.c: the script for zsh: a call of _arguments for each subcommand.
 */
#include <stdio.h>
#include <string.h>

#include "sim/command/completion/impl.h"
#include "vtl/model/profile.h"

static const char *const actions[] = {
	[COMPLETION_TEXT] = " ",
	[COMPLETION_FILE] = "_files",
	[COMPLETION_FOLDER] = "_files -/",
	[COMPLETION_SCENARIO] = "_tapelab_scenario",
	[COMPLETION_MODEL] = "_tapelab_model",
	[COMPLETION_MODELS] = "_tapelab_model_list",
};

/*
 * Prints a text of a specification, in single quotes: a backslash before each
 * character with a meaning.  Ends before the first of `stop`.
 */
static void print_text(const char *text, const char *stop)
{
	size_t bytes = strcspn(text, stop), i;

	while (bytes > 0 && text[bytes - 1] == ' ')
		bytes--;
	for (i = 0; i < bytes; i++) {
		if (text[i] == '\'') {
			fputs("'\\''", stdout);
			continue;
		}
		if (strchr("[]:\\", text[i]) != NULL)
			putchar('\\');
		putchar(text[i]);
	}
}

/* Prints the action of a value that is one of several. */
static void print_alternatives(const struct completion_value *value)
{
	size_t i, words = 0;

	printf("{_alternative");
	for (i = 0; i < value->count; i++) {
		const struct completion_choice *c = &value->choices[i];

		if (c->kind == COMPLETION_WORD)
			words++;
		else if (c->kind != COMPLETION_TEXT)
			printf(" \"values%zu\\:%s\\:%s\"", i, c->name,
			    actions[c->kind]);
	}
	if (words > 0) {
		printf(" \"words\\:word\\:(");
		for (i = 0; i < value->count; i++)
			if (value->choices[i].kind == COMPLETION_WORD)
				printf("%s ", value->choices[i].name);
		printf(")\"");
	}
	putchar('}');
}

/* Prints ":NAME:ACTION" of a value. */
static void print_value(const struct completion_value *value)
{
	size_t i;

	putchar(':');
	for (i = 0; i < value->count; i++) {
		if (i > 0)
			fputs(" or ", stdout);
		print_text(value->choices[i].name, "");
	}
	putchar(':');
	if (value->count > 1)
		print_alternatives(value);
	else if (value->choices[0].kind == COMPLETION_WORD)
		printf("(%s)", value->choices[0].name);
	else
		fputs(actions[value->choices[0].kind], stdout);
}

/* Prints the specification of one name of an option. */
static void print_name(const struct verb_option *o, const char *name,
    bool is_short)
{
	struct completion_value value;

	printf("\t\t\t'");
	if (o->repeats)
		putchar('*');
	else if (verb_option_is_short(o->key))
		printf("(-%c --%s)", o->key, o->name);
	fputs(name, stdout);
	if (o->argument != NULL)
		fputs(o->argument_optional ? (is_short ? "-" : "=-")
			: is_short         ? "+"
					   : "=",
		    stdout);
	putchar('[');
	print_text(o->what, ";");
	putchar(']');
	if (o->argument != NULL) {
		if (o->argument_optional)
			putchar(':');
		completion_value_read(o->argument, &value);
		print_value(&value);
	}
	puts("' \\");
}

static void print_options(const struct verb_options *options)
{
	char name[64];
	size_t i;

	for (i = 0; i < options->count; i++) {
		const struct verb_option *o = &options->list[i];

		if (o->hidden)
			continue;
		snprintf(name, sizeof name, "--%s", o->name);
		print_name(o, name, false);
		if (!verb_option_is_short(o->key))
			continue;
		snprintf(name, sizeof name, "-%c", o->key);
		print_name(o, name, true);
	}
}

static void print_arguments(const struct verb_options *options)
{
	struct completion_value values[COMPLETION_VALUES_MAX];
	size_t count = completion_arguments_read(options->arguments, values);
	size_t i;

	for (i = 0; i < count; i++) {
		if (values[i].repeats)
			printf("\t\t\t'*");
		else
			printf("\t\t\t'%zu", i + 1);
		print_value(&values[i]);
		puts("' \\");
	}
}

static int print_verb(void *arg, const struct subcommand *verb,
    const char *name, const struct verb_options *options)
{
	const char *const *word;

	(void)arg;
	printf("\t'%s')\n\t\t_arguments -s -S \\\n", name);
	print_options(options);
	if (verb->words == NULL) {
		print_arguments(options);
	} else {
		printf("\t\t\t'*:command:(");
		for (word = verb->words(); *word != NULL; word++)
			printf("%s ", *word);
		puts(")' \\");
	}
	puts("\t\t\t&& return ;;");
	return 0;
}

static void print_list(const struct subcommands *commands, const char *name)
{
	size_t i;

	printf("_tapelab_commands%s%s()\n{\n\tlocal -a commands=(\n",
	    name[0] != '\0' ? "_" : "", name);
	for (i = 0; i < commands->count; i++) {
		printf("\t\t'%s:", commands->list[i].name);
		print_text(commands->list[i].what, "");
		puts("'");
	}
	puts("\t)\n\t_describe command commands\n}\n");
	for (i = 0; i < commands->count; i++)
		if (commands->list[i].below != NULL)
			print_list(commands->list[i].below,
			    commands->list[i].name);
}

/* Prints the cases of subcommands that have subcommands. */
static void print_below(const struct subcommands *commands)
{
	size_t i;

	for (i = 0; i < commands->count; i++)
		if (commands->list[i].below != NULL)
			printf("\t'%s')\n"
			       "\t\t_arguments -C "
			       "'--help[list the subcommands]' \\\n"
			       "\t\t\t'1:command:_tapelab_commands_%s' "
			       "'*:: :->below' && return\n"
			       "\t\t_tapelab_verb \"%s $words[1]\" ;;\n",
			    commands->list[i].name, commands->list[i].name,
			    commands->list[i].name);
}

int completion_zsh(const struct subcommands *commands)
{
	const char *const *model;

	puts("#compdef tapelab\n"
	     "# Completion of tapelab for zsh, made by \"tapelab completion "
	     "zsh\".\n");
	printf("_tapelab_models=(");
	for (model = model_names(); *model != NULL; model++)
		printf("%s ", *model);
	puts(")\n\n"
	     "_tapelab_scenario()\n{\n"
	     "\t_files -g '*.(yaml|yml)'\n}\n\n"
	     "_tapelab_model()\n{\n\tcompadd -a _tapelab_models\n}\n\n"
	     "_tapelab_model_list()\n{\n"
	     "\t_values -s , model $_tapelab_models\n}\n");
	print_list(commands, "");
	puts("_tapelab_verb()\n{\n\tcase $1 in");
	print_below(commands);
	if (completion_visit(commands, print_verb, NULL) != 0)
		return -1;
	puts(
	    "\tesac\n\treturn 1\n}\n\n"
	    "_tapelab()\n"
	    "{\n"
	    "\tlocal curcontext=$curcontext state line\n"
	    "\tlocal -A opt_args\n"
	    "\t_arguments -C \\\n"
	    "\t\t'--config=[read this configuration file, or none]:FILE or "
	    "none:{_alternative \"files\\:file\\:_files\" "
	    "\"words\\:word\\:(none)\"}' \\\n"
	    "\t\t'(- *)--help[list the subcommands]' \\\n"
	    "\t\t'(- *)--version[print name and version]' \\\n"
	    "\t\t'1:command:_tapelab_commands' '*:: :->below' && return\n"
	    "\t[[ $state == below ]] && _tapelab_verb $words[1]\n"
	    "}\n\n"
	    "# The file is either loaded for the first completion, or sourced.\n"
	    "if [[ $funcstack[1] == _tapelab ]]; then\n"
	    "\t_tapelab \"$@\"\n"
	    "else\n"
	    "\tcompdef _tapelab tapelab\n"
	    "fi");
	return 0;
}
