/* name.c: the name of a model in any spelling. */
#include <string.h>

#include "vtl/base/spelling.h"
#include "vtl/model/impl.h"

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
static void begin_with(char name[MODEL_SPELLING_BYTES],
    const struct piece *list, size_t count)
{
	char rest[MODEL_SPELLING_BYTES];

	for (size_t i = 0; i < count; i++) {
		size_t n = strlen(list[i].written), is = strlen(list[i].is);

		/*
		 * The rest of the name must not be empty, and the new name must
		 * fit.
		 */
		if (strncmp(name, list[i].written, n) != 0 ||
		    (name[n] == '\0' && list[i].is[0] == '\0') ||
		    strlen(name + n) + is >= MODEL_SPELLING_BYTES)
			continue;
		strcpy(rest, name + n);
		strcpy(name, list[i].is);
		strcpy(name + is, rest);
		return;
	}
}

static void end_with(char name[MODEL_SPELLING_BYTES], const struct piece *list,
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
static void put_height_last(char name[MODEL_SPELLING_BYTES])
{
	size_t n = strlen(name);

	if (strncmp(name, "hhlto", 5) != 0)
		return;
	memmove(name, name + 2, n - 2);
	memcpy(name + n - 2, "hh", 2);
}

/* Removes the maker from the beginning or the end.  Returns "hp", "ibm" or "".
 */
static const char *take_maker(char name[MODEL_SPELLING_BYTES])
{
	static const char *const makers[] = { "ibm", "hp" };
	size_t all = strlen(name);

	for (size_t i = 0; i < COUNT(makers); i++) {
		size_t n = strlen(makers[i]);

		if (all > n && strcmp(name + all - n, makers[i]) == 0) {
			name[all - n] = '\0';
			return makers[i];
		}
	}
	for (size_t i = 0; i < COUNT(makers); i++) {
		if (strncmp(name, makers[i], strlen(makers[i])) != 0)
			continue;
		begin_with(name, vendors, COUNT(vendors));
		return makers[i];
	}
	begin_with(name, vendors, COUNT(vendors));
	return "";
}

/* HP's drives call themselves "Ultrium 5-SCSI", IBM's "ULTRIUM-TD5". */
static bool is_of_hp(const char *name)
{
	size_t n = strlen(name);

	return n > 4 && strcmp(name + n - 4, "scsi") == 0;
}

bool model_reduce_name(const char *text, char name[MODEL_SPELLING_BYTES],
    const char **maker)
{
	if (!spelling_reduce(text, name, MODEL_SPELLING_BYTES))
		return false;
	*maker = take_maker(name);
	if (**maker == '\0' && is_of_hp(name))
		*maker = "hp";
	end_with(name, endings, COUNT(endings));
	begin_with(name, beginnings, COUNT(beginnings));
	put_height_last(name);
	for (size_t i = 0; i < COUNT(others); i++)
		if (strcmp(name, others[i].written) == 0)
			strcpy(name, others[i].is);
	return true;
}
