/*
 * bash.c: the script for bash.
 *
 * Two functions are made from the tables: _tapelab_of sets what a subcommand
 * takes, _tapelab_value the kinds of a value of one of its options.  A kind is
 * a word: text, file, folder, scenario, model, models, or "=WORD".
 */
#include <stdio.h>

#include "sim/command/completion/impl.h"
#include "vtl/model/profile.h"

static const char *const kind_names[] = {
	[COMPLETION_TEXT] = "text",
	[COMPLETION_FILE] = "file",
	[COMPLETION_FOLDER] = "folder",
	[COMPLETION_SCENARIO] = "scenario",
	[COMPLETION_MODEL] = "model",
	[COMPLETION_MODELS] = "models",
};

static const char head[] =
    "# Completion of tapelab for bash, made by \"tapelab completion bash\".\n"
    "\n";

static const char rest[] =
    "# Adds what fits $cur, of the kinds that are given.\n"
    "_tapelab_offer()\n"
    "{\n"
    "\tlocal kind path before\n"
    "\tfor kind; do\n"
    "\t\tcase $kind in\n"
    "\t\tfile|folder|scenario)\n"
    "\t\t\tcompopt -o filenames 2>/dev/null\n"
    "\t\t\twhile IFS= read -r path; do\n"
    "\t\t\t\tcase $kind in\n"
    "\t\t\t\tscenario) [[ -d $path || $path == *.yaml ||\n"
    "\t\t\t\t\t$path == *.yml ]] || continue ;;\n"
    "\t\t\t\tfolder) [[ -d ${path/#\\~/$HOME} ]] || continue ;;\n"
    "\t\t\t\tesac\n"
    "\t\t\t\tCOMPREPLY+=(\"$path\")\n"
    "\t\t\tdone < <(compgen -f -- \"$cur\") ;;\n"
    "\t\tmodel)\n"
    "\t\t\tCOMPREPLY+=($(compgen -W \"$_tapelab_models\" -- \"$cur\")) ;;\n"
    "\t\tmodels)\n"
    "\t\t\tbefore=${cur%\"${cur##*,}\"}\n"
    "\t\t\tCOMPREPLY+=($(compgen -P \"$before\" -W \"$_tapelab_models\" \\\n"
    "\t\t\t\t-- \"${cur##*,}\")) ;;\n"
    "\t\t=*)\n"
    "\t\t\tCOMPREPLY+=($(compgen -W \"${kind#=}\" -- \"$cur\")) ;;\n"
    "\t\tesac\n"
    "\tdone\n"
    "}\n"
    "\n"
    "_tapelab()\n"
    "{\n"
    "\tlocal verb= pending= files= kinds= optional= word cur\n"
    "\tlocal -a line=() subcommands options arguments\n"
    "\tlocal -i i last count=0 more\n"
    "\tCOMPREPLY=()\n"
    "\t# bash has split words at = and at colons.\n"
    "\tfor ((i = 1; i <= COMP_CWORD; i++)); do\n"
    "\t\tword=${COMP_WORDS[i]} last=${#line[@]}-1\n"
    "\t\tif ((last >= 0)) && [[ $word == [=:] || ${line[last]} == *[=:] ]]; "
    "then\n"
    "\t\t\tline[last]+=$word\n"
    "\t\telse\n"
    "\t\t\tline+=(\"$word\")\n"
    "\t\tfi\n"
    "\tdone\n"
    "\tlast=${#line[@]}-1\n"
    "\tcur=${line[last]}\n"
    "\t_tapelab_of ''\n"
    "\tfor ((i = 0; i < last; i++)); do\n"
    "\t\tword=${line[i]}\n"
    "\t\tif [[ $pending ]]; then\n"
    "\t\t\tpending=\n"
    "\t\telif [[ $word == -- ]]; then\n"
    "\t\t\tfiles=1\n"
    "\t\t\tbreak\n"
    "\t\telif [[ $word == -* ]]; then\n"
    "\t\t\tif _tapelab_value \"$verb\" \"$word\" && [[ ! $optional ]]; then\n"
    "\t\t\t\tpending=$word\n"
    "\t\t\tfi\n"
    "\t\telif ((${#subcommands[@]} > 0)); then\n"
    "\t\t\tverb=${verb:+$verb }$word\n"
    "\t\t\t_tapelab_of \"$verb\"\n"
    "\t\telse\n"
    "\t\t\tcount+=1\n"
    "\t\tfi\n"
    "\tdone\n"
    "\tif [[ $pending ]]; then\n"
    "\t\t_tapelab_value \"$verb\" \"$pending\"\n"
    "\t\t_tapelab_offer $kinds\n"
    "\telif [[ $files ]]; then\n"
    "\t\t_tapelab_offer file\n"
    "\telif [[ $cur == --*=* ]]; then\n"
    "\t\tword=${cur%%=*} cur=${cur#*=}\n"
    "\t\t_tapelab_value \"$verb\" \"$word\" && _tapelab_offer $kinds\n"
    "\t\tif [[ $COMP_WORDBREAKS != *=* ]]; then\n"
    "\t\t\tCOMPREPLY=(\"${COMPREPLY[@]/#/$word=}\")\n"
    "\t\tfi\n"
    "\telif [[ $cur == -* ]]; then\n"
    "\t\tCOMPREPLY=($(compgen -W \"${options[*]}\" -- \"$cur\"))\n"
    "\telif ((${#subcommands[@]} > 0)); then\n"
    "\t\tCOMPREPLY=($(compgen -W \"${subcommands[*]}\" -- \"$cur\"))\n"
    "\telse\n"
    "\t\tif ((more && count >= ${#arguments[@]})); then\n"
    "\t\t\tcount=${#arguments[@]}-1\n"
    "\t\tfi\n"
    "\t\t_tapelab_offer ${arguments[count]}\n"
    "\tfi\n"
    "}\n"
    "\n"
    "complete -F _tapelab tapelab\n";

static void print_value(const struct completion_value *value)
{
	size_t i;

	for (i = 0; i < value->count; i++) {
		const struct completion_choice *c = &value->choices[i];

		if (i > 0)
			putchar(' ');
		if (c->kind == COMPLETION_WORD)
			printf("=%s", c->name);
		else
			fputs(kind_names[c->kind], stdout);
	}
}

static void print_subcommands(const struct subcommands *commands,
    const char *name)
{
	size_t i;

	printf("\t'%s')\n\t\tsubcommands=(", name);
	for (i = 0; i < commands->count; i++)
		printf("%s%s", i > 0 ? " " : "", commands->list[i].name);
	printf(")\n\t\toptions=(%s--help%s) ;;\n",
	    name[0] == '\0' ? "--config " : "",
	    name[0] == '\0' ? " --version" : "");
	for (i = 0; i < commands->count; i++)
		if (commands->list[i].below != NULL)
			print_subcommands(commands->list[i].below,
			    commands->list[i].name);
}

static void print_arguments(const struct verb_options *options)
{
	struct completion_value values[COMPLETION_VALUES_MAX];
	size_t count = completion_arguments_read(options->arguments, values);
	size_t i;

	printf("\t\targuments=(");
	for (i = 0; i < count; i++) {
		printf("%s'", i > 0 ? " " : "");
		print_value(&values[i]);
		putchar('\'');
	}
	printf(") more=%d ;;\n", count > 0 && values[count - 1].repeats);
}

static int print_verb(void *arg, const struct subcommand *verb,
    const char *name, const struct verb_options *options)
{
	const char *const *word;
	size_t i;

	(void)arg;
	printf("\t'%s')\n\t\toptions=(", name);
	for (i = 0; i < options->count; i++)
		if (!options->list[i].hidden)
			printf("%s--%s", i > 0 ? " " : "",
			    options->list[i].name);
	puts(")");
	if (verb->words == NULL) {
		print_arguments(options);
		return 0;
	}
	printf("\t\targuments=('");
	for (word = verb->words(); *word != NULL; word++)
		printf("=%s ", *word);
	puts("') more=1 ;;");
	return 0;
}

static int print_verb_values(void *arg, const struct subcommand *verb,
    const char *name, const struct verb_options *options)
{
	struct completion_value value;
	size_t i;

	(void)arg;
	(void)verb;
	for (i = 0; i < options->count; i++) {
		const struct verb_option *o = &options->list[i];

		if (o->argument == NULL || o->hidden)
			continue;
		completion_value_read(o->argument, &value);
		printf("\t'%s --%s'", name, o->name);
		if (verb_option_is_short(o->key))
			printf("|'%s -%c'", name, o->key);
		printf(") optional=%s kinds='",
		    o->argument_optional ? "1" : "");
		print_value(&value);
		puts("' ;;");
	}
	return 0;
}

int completion_bash(const struct subcommands *commands)
{
	const char *const *model;

	fputs(head, stdout);
	printf("_tapelab_models='");
	for (model = model_names(); *model != NULL; model++)
		printf("%s ", *model);
	puts("'\n\n"
	     "# Sets what a subcommand takes.\n"
	     "_tapelab_of()\n"
	     "{\n"
	     "\tsubcommands=() options=() arguments=() more=0\n"
	     "\tcase $1 in");
	print_subcommands(commands, "");
	if (completion_visit(commands, print_verb, NULL) != 0)
		return -1;
	puts("\tesac\n}\n\n"
	     "# Sets the kinds of the value of an option; fails if it takes "
	     "none.\n"
	     "_tapelab_value()\n"
	     "{\n"
	     "\toptional=\n"
	     "\tcase \"$1 $2\" in\n"
	     "\t' --config') kinds='file =none' ;;");
	if (completion_visit(commands, print_verb_values, NULL) != 0)
		return -1;
	puts("\t*) return 1 ;;\n\tesac\n}\n");
	fputs(rest, stdout);
	return 0;
}
