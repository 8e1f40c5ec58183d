/* mdoc.c: sentences and entries of keys, as a manual page has them. */
#include <ctype.h>
#include <string.h>

#include "sim/scenario/doc/doc.h"

enum { COLUMNS = 78 };

/* The output line that is being filled with words. */
struct line {
	char text[COLUMNS + 1];
	size_t used;
};

static void line_end(FILE *to, struct line *line)
{
	if (line->used > 0)
		fprintf(to, "%s\n", line->text);
	line->used = 0;
}

static void line_add(FILE *to, struct line *line, const char *word,
    size_t length)
{
	if (line->used > 0 && line->used + 1 + length > COLUMNS)
		line_end(to, line);
	if (line->used > 0)
		line->text[line->used++] = ' ';
	memcpy(line->text + line->used, word, length);
	line->used += length;
	line->text[line->used] = '\0';
}

static bool is_closing(char c)
{
	return c != '\0' && strchr(".,;:)?", c) != NULL;
}

/*
 * Returns whether the text has the form of a key, a kind or a choice.  Other
 * texts are quoted.
 */
static bool is_word(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)text[i]) && text[i] != '_')
			return false;
	return true;
}

/*
 * Prints the "`code`" at `at`, with the punctuation after it.  Returns the end.
 */
static const char *put_code(FILE *to, const char *at)
{
	size_t length = strcspn(at + 1, "`");

	fprintf(to, ".%s %.*s", is_word(at + 1, length) ? "Cm" : "Ql",
	    (int)length, at + 1);
	at += length + 2;
	for (; is_closing(*at); at++)
		fprintf(to, " %c", *at);
	fputc('\n', to);
	return at;
}

/*
 * Prints a reference such as "tapelab-run(1)", with or without parentheses
 * around it.  Returns its end, or NULL if there is no reference at `at`.
 */
static const char *put_reference(FILE *to, const char *at)
{
	bool inside = *at == '(';
	const char *name = at + inside;
	size_t length = strcspn(name, "( ");

	if (strncmp(name, "tapelab", 7) != 0 || name[length] != '(' ||
	    !isdigit((unsigned char)name[length + 1]))
		return NULL;
	fprintf(to, ".%s %.*s %c", inside ? "Pq Xr" : "Xr", (int)length, name,
	    name[length + 1]);
	at = name + length + 3 + inside;
	for (; is_closing(*at); at++)
		fprintf(to, " %c", *at);
	fputc('\n', to);
	return at;
}

void doc_mdoc(FILE *to, const char *text)
{
	struct line line = { .used = 0 };
	const char *at = text, *end;

	while (*at != '\0') {
		if (*at == ' ') {
			at++;
			continue;
		}
		if (*at == '`') {
			line_end(to, &line);
			at = put_code(to, at);
			continue;
		}
		if (strncmp(at + (*at == '('), "tapelab", 7) == 0) {
			line_end(to, &line);
			end = put_reference(to, at);
			if (end != NULL) {
				at = end;
				continue;
			}
		}
		end = at + strcspn(at, " `");
		line_add(to, &line, at, (size_t)(end - at));
		/* Each sentence begins on a new line. */
		if (end[-1] == '.' && *end == ' ')
			line_end(to, &line);
		at = end;
	}
	line_end(to, &line);
}

static const char *type_of(const struct key *key)
{
	switch (key->type) {
	case KEY_TEXT:
		return "text";
	case KEY_SIZE:
		return "size";
	case KEY_TIME:
		return "time";
	case KEY_COUNT:
		return "count";
	case KEY_BOOLEAN:
		return "true or false";
	case KEY_CHOICE:
		return "choice";
	case KEY_RATE:
		return "rate or range of rates";
	case KEY_PERCENTAGE:
		return "percentage";
	case KEY_RATIO:
		return "ratio";
	case KEY_SPEED:
		return "rate";
	case KEY_SHARE:
		return "percentage";
	case KEY_LENGTH:
		return "length";
	case KEY_MAP:
		return "mapping";
	case KEY_LIST:
		break;
	}
	return "list";
}

/* Prints the words of a choice, or the name of the table that lists them. */
static void put_words(FILE *to, const struct key *key)
{
	const char *const *words = key->words();

	if (words == model_names()) {
		fputs("One of the models of\n.Sx DRIVES .\n", to);
		return;
	}
	if (key->words == metrics_quantities) {
		fputs("A metric of\n.Sx Metrics\nthat is a number.\n", to);
		return;
	}
	if (key->words == scenario_sense_words) {
		fputs("One of the names of\n.Sx Sense data .\n", to);
		return;
	}
	fputs("One of\n.Cm ", to);
	for (size_t i = 0; words[i] != NULL; i++)
		fprintf(to, "%s%s", i == 0 ? "" : " , ", words[i]);
	fputs(" .\n", to);
}

/* Prints a list of choices, each with its description. */
static void put_choices(FILE *to, const char *choices)
{
	char text[512];

	fputs(".Bl -tag -width Ds\n", to);
	while (*choices != '\0') {
		const char *end = strchr(choices, '\n');
		const char *colon = choices + (*choices == '{' ? 6 : 0);

		colon = strchr(colon, ':');
		fprintf(to, ".It Cm %.*s\n", (int)(colon - choices), choices);
		snprintf(text, sizeof text, "%.*s", (int)(end - colon - 2),
		    colon + 2);
		doc_mdoc(to, text);
		choices = end + 1;
	}
	fputs(".El\n", to);
}

/* Prints the range of a number, if the key has no range in words. */
static void put_range(FILE *to, const struct key *key)
{
	char text[512] = "";

	if (key->range != NULL)
		snprintf(text, sizeof text, "Range: %s.", key->range);
	else if (key->type == KEY_COUNT && key->max >= INT64_MAX / 2)
		snprintf(text, sizeof text, "Range: from %d.", (int)key->min);
	else if (key->type == KEY_COUNT)
		snprintf(text, sizeof text, "Range: %d to %llu.", (int)key->min,
		    (unsigned long long)key->max);
	else if (key->type == KEY_TIME)
		snprintf(text, sizeof text, "Range: at most 10000 h.");
	else if (key->power > 0 && key->power < 60)
		snprintf(text, sizeof text, "Range: less than %u %s.",
		    1u << key->power % 10, key->power < 40 ? "GiB" : "TiB");
	doc_mdoc(to, text);
}

void doc_mdoc_key(FILE *to, const struct key *key)
{
	char text[512];

	fprintf(to, ".It Cm %s Pq %s", key->name, type_of(key));
	if (key->word != NULL)
		fprintf(to, " or %s", key->word);
	if (key->required)
		fputs(" , required", to);
	else if (key->initial != NULL)
		fprintf(to, " , default: %s", key->initial);
	fputc('\n', to);
	doc_mdoc(to, key->meaning);
	if (key->choices != NULL) {
		put_choices(to, key->choices);
		fputs(".Pp\n", to);
	} else if (key->type == KEY_CHOICE) {
		put_words(to, key);
	}
	if (key->detail != NULL)
		doc_mdoc(to, key->detail);
	put_range(to, key);
	if (key->otherwise != NULL) {
		snprintf(text, sizeof text, "Default: %s.", key->otherwise);
		doc_mdoc(to, text);
	}
	if (key->only != NULL) {
		snprintf(text, sizeof text, "Only with `%s`.", key->only);
		doc_mdoc(to, text);
	}
	fprintf(to, "Example:\n.Ql %s: %s\n", key->name, key->example);
}
