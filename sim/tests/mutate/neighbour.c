/* neighbour.c: see neighbour.h. */
#include "sim/tests/mutate/neighbour.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/units.h"

/* Writes the next word of a list after `word`, `steps` words on. */
static bool next_word(const char *const *words, const char *word, size_t steps,
    char *to, size_t bytes)
{
	size_t count = 0, at = 0;

	for (; words[count] != NULL; count++)
		if (strcmp(words[count], word) == 0)
			at = count;
	if (steps >= count)
		return false;
	snprintf(to, bytes, "%s", words[(at + steps) % count]);
	return true;
}

bool neighbour(const struct key *key, const char *value, uint64_t block_bytes,
    size_t attempt, char *to, size_t bytes)
{
	char err[256];
	uint64_t n = 0;
	const bool up = attempt % 2 == 0;

	if (key->type == KEY_CHOICE || key->type == KEY_BOOLEAN)
		return next_word(key->words(), value, attempt + 1, to, bytes);
	if (attempt > 1)
		return false;
	if (units_parse_count(value, 0, UINT64_MAX / 4, &n, err, sizeof err) ==
	    0) {
		snprintf(to, bytes, "%" PRIu64, up ? n + 1 : n - (n > 0));
		return true;
	}
	if (units_parse(UNITS_SIZE, value, &n, err, sizeof err) == 0) {
		n = up                ? n + block_bytes
		    : n > block_bytes ? n - block_bytes
				      : n + 1;
		snprintf(to, bytes, "%" PRIu64 " B", n);
		return true;
	}
	if (units_parse(UNITS_TIME, value, &n, err, sizeof err) == 0) {
		snprintf(to, bytes, "%" PRIu64 " ns", up ? n * 2 : n / 2);
		return true;
	}
	return false;
}
