/* model.c: finds a model by its name. */
#include <string.h>

#include "vtl/base/spelling.h"
#include "vtl/drive/impl.h"

enum { NAME_BYTES = 64 };

/* Words before or after a name, or replacements for a part of a name. */
static const struct piece {
	const char *written, *is;
} vendors[] = {
	{ "ibm", "" }, { "hpe", "" }, { "hp", "" }, { "quantum", "" },
	{ "stk", "" }, { "oracle", "" },
}, beginnings[] = {
	{ "ult3580td", "lto" }, { "ultriumtd", "lto" },
	{ "ult3580hh", "hhlto" }, { "ultriumhh", "hhlto" },
	{ "ltoultrium", "lto" },
	{ "ultrium", "lto" }, { "hhltogen", "hhlto" }, { "ltogen", "lto" },
	{ "gen", "lto" }, { "03592e07", "ts1140jc" },
	{ "03592e08", "ts1150jd" },
}, endings[] = {
	{ "scsi", "" }, { "ultrium", "" }, { "fullheight", "" }, { "fh", "" },
	{ "halfheight", "hh" },
}, others[] = {
	{ "lto7m8", "ltom8" }, { "lto7typem", "ltom8" }, { "m8", "ltom8" },
	{ "ltoa", "lto10" }, { "ts1140", "ts1140jc" },
	{ "ts1150", "ts1150jd" },
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/*
 * Replaces the beginning of a name according to the first entry that matches.
 */
static void begin_with(char name[NAME_BYTES], const struct piece *list,
    size_t count)
{
	char rest[NAME_BYTES];

	for (size_t i = 0; i < count; i++) {
		size_t n = strlen(list[i].written), is = strlen(list[i].is);

		/*
		 * The rest of the name must not be empty, and the new name must
		 * fit.
		 */
		if (strncmp(name, list[i].written, n) != 0 ||
		    (name[n] == '\0' && list[i].is[0] == '\0') ||
		    strlen(name + n) + is >= NAME_BYTES)
			continue;
		strcpy(rest, name + n);
		strcpy(name, list[i].is);
		strcpy(name + is, rest);
		return;
	}
}

static void end_with(char name[NAME_BYTES], const struct piece *list,
    size_t count)
{
	size_t all = strlen(name);

	for (size_t i = 0; i < count; i++) {
		size_t n = strlen(list[i].written);

		if (all <= n || strcmp(name + all - n, list[i].written) != 0)
			continue;
		strcpy(name + all - n, list[i].is);
		return;
	}
}

/* Moves the height to the end of the name: "hhlto8" becomes "lto8hh". */
static void put_height_last(char name[NAME_BYTES])
{
	size_t n = strlen(name);

	if (strncmp(name, "hhlto", 5) != 0)
		return;
	memmove(name, name + 2, n - 2);
	memcpy(name + n - 2, "hh", 2);
}

const struct model *model_find(const char *text)
{
	char name[NAME_BYTES];

	if (!spelling_reduce(text, name, sizeof(name)))
		return NULL;
	begin_with(name, vendors, COUNT(vendors));
	end_with(name, endings, COUNT(endings));
	begin_with(name, beginnings, COUNT(beginnings));
	put_height_last(name);
	for (size_t i = 0; i < COUNT(others); i++)
		if (strcmp(name, others[i].written) == 0)
			strcpy(name, others[i].is);
	for (const struct model *m = drive_models; m->name[0] != '\0'; m++)
		if (strcmp(m->name, name) == 0)
			return m;
	return NULL;
}

/* In the order of drive_models; a test compares the two. */
const char *const *model_names(void)
{
	static const char *const names[] = { "instant", "lto1", "lto2", "lto3",
		"lto4", "lto5", "lto6", "lto7", "ltom8", "lto8", "lto8hh",
		"lto9", "lto9hh", "lto10", "ts1140jc", "ts1150jd", "t10000b",
		"dlt8000", NULL };

	return names;
}

const struct model_medium *model_medium(const struct model *model,
    const struct media_type *type)
{
	const struct media_type *other;

	for (size_t i = 0; type != NULL && i < model->media_count; i++)
		if (strcmp(model->media[i].medium, type->code) == 0)
			return &model->media[i];
	for (size_t i = 0; type != NULL && i < model->media_count; i++) {
		other = media_find_type(model->media[i].medium, "");
		if (other != NULL && other->density == type->density)
			return &model->media[i];
	}
	return &model->media[0];
}
