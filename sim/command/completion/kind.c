/* kind.c: finds out what a value is from its name in --help. */
#include <ctype.h>
#include <string.h>

#include "sim/command/completion/impl.h"

static const struct {
	const char *name;
	enum completion_kind kind;
} kinds[] = {
	{ "FILE", COMPLETION_FILE },
	{ "DEV", COMPLETION_FILE },
	{ "DIR", COMPLETION_FOLDER },
	{ "LIB", COMPLETION_FOLDER },
	{ "SCENARIO", COMPLETION_SCENARIO },
	{ "MODEL", COMPLETION_MODEL },
	{ "MODEL,...", COMPLETION_MODELS },
};

static enum completion_kind kind_of(const char *name)
{
	size_t i;

	if (islower((unsigned char)name[0]))
		return COMPLETION_WORD;
	for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(name, kinds[i].name) == 0)
			return kinds[i].kind;
	return COMPLETION_TEXT;
}

static void add(struct completion_value *value, const char *name, size_t bytes)
{
	struct completion_choice *choice = &value->choices[value->count];

	if (bytes == 0 || value->count == COMPLETION_CHOICES_MAX)
		return;
	if (bytes >= sizeof choice->name)
		bytes = sizeof choice->name - 1;
	memcpy(choice->name, name, bytes);
	choice->name[bytes] = '\0';
	choice->kind = kind_of(choice->name);
	value->count++;
}

/* Removes folders that are offered with files anyway. */
static void remove_folders(struct completion_value *value)
{
	size_t i, kept = 0;
	bool files = false;

	for (i = 0; i < value->count; i++)
		files |= value->choices[i].kind == COMPLETION_FILE ||
		    value->choices[i].kind == COMPLETION_SCENARIO;
	for (i = 0; i < value->count; i++)
		if (!files || value->choices[i].kind != COMPLETION_FOLDER)
			value->choices[kept++] = value->choices[i];
	value->count = kept;
}

/* Reads the name, which has this many bytes. */
static void read_value(const char *name, size_t bytes,
    struct completion_value *value)
{
	const char *end = name + bytes, *bar;

	*value = (struct completion_value){ .count = 0 };
	for (;;) {
		bar = memchr(name, '|', (size_t)(end - name));
		if (bar == NULL)
			break;
		add(value, name, (size_t)(bar - name));
		name = bar + 1;
	}
	add(value, name, (size_t)(end - name));
	remove_folders(value);
}

void completion_value_read(const char *name, struct completion_value *value)
{
	read_value(name, strlen(name), value);
}

/* Returns the last line that is not empty and has arguments before "--". */
static const char *last_line(const char *text)
{
	const char *line = text, *found = text;

	while (line != NULL) {
		if (*line != '\0' && *line != '\n' &&
		    strncmp(line, "--", 2) != 0)
			found = line;
		line = strchr(line, '\n');
		line = line != NULL ? line + 1 : NULL;
	}
	return found;
}

size_t completion_arguments_read(const char *text,
    struct completion_value values[COMPLETION_VALUES_MAX])
{
	const char *word = text != NULL ? last_line(text) : "";
	size_t count = 0, bytes;
	bool repeats;

	while (*word != '\0' && *word != '\n' &&
	    count < COMPLETION_VALUES_MAX) {
		word += strspn(word, " [");
		bytes = strcspn(word, " ]\n");
		repeats = bytes > 3 && memcmp(word + bytes - 3, "...", 3) == 0;
		if (bytes > 0) {
			read_value(word, bytes - (repeats ? 3 : 0),
			    &values[count]);
			values[count++].repeats = repeats;
		}
		word += bytes;
		word += strspn(word, "] ");
	}
	return count;
}
