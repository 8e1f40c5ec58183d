/* usage.c: see usage.h. */
#include "vtl/volume/usage.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "vtl/volume/impl.h"
#include "vtl/volume/history.h"

enum { PARTITIONS = VOLUME_PARTITIONS_MAX };

static uint64_t add(uint64_t a, uint64_t b)
{
	return b < UINT64_MAX - a ? a + b : UINT64_MAX;
}

/*
 * Reads a number after a word, and moves `*text` after it.  Returns 0 if the
 * word is not there, or no number is.
 */
static uint64_t number_after(const char **text, const char *word)
{
	size_t n = strlen(word);
	uint64_t number = 0;

	if (strncmp(*text, word, n) != 0)
		return 0;
	for (*text += n; **text >= '0' && **text <= '9'; ++*text)
		number = number * 10 + (uint64_t)(**text - '0');
	return number;
}

/* Counts one event; what is not valid counts nothing. */
static void count(void *arg, const char *text)
{
	struct volume_usage *usage = arg;
	uint64_t partition = 0;
	size_t i;

	if (text == NULL)
		return;
	for (i = 0; i < PARTITIONS; i++)
		memset(usage->of[i].last, 0, sizeof usage->of[i].last);
	do {
		struct volume_amounts *a = &usage->of[partition];

		a->last[0] = number_after(&text, "written ");
		a->last[1] = number_after(&text, ", read ");
		for (i = 0; i < 2; i++)
			a->life[i] = add(a->life[i], a->last[i]);
		partition = number_after(&text, "; partition ");
		if (strncmp(text, ": ", 2) == 0)
			text += 2;
	} while (partition > 0 && partition < PARTITIONS);
}

void volume_usage_begin(struct volume_usage *usage, struct volume *volume)
{
	memset(usage, 0, sizeof *usage);
	volume_each_event(volume, "used", count, usage);
}

void volume_usage_get(const struct volume_usage *usage, int partition,
    struct volume_amounts *amounts)
{
	int from = partition == VOLUME_ALL_PARTITIONS ? 0 : partition;
	int to =
	    partition == VOLUME_ALL_PARTITIONS ? PARTITIONS : partition + 1;

	memset(amounts, 0, sizeof *amounts);
	for (; from < to; from++) {
		const struct volume_amounts *a = &usage->of[from];

		for (int i = 0; i < 2; i++) {
			amounts->load[i] = add(amounts->load[i], a->load[i]);
			amounts->last[i] = add(amounts->last[i], a->last[i]);
			amounts->life[i] =
			    add(amounts->life[i], add(a->life[i], a->load[i]));
		}
	}
}

/* Describes this load.  Returns false if nothing was used. */
static bool describe(const struct volume_usage *usage, char *text, size_t bytes)
{
	uint64_t sum = 0;
	size_t used = 0;

	for (unsigned i = 0; i < PARTITIONS; i++) {
		const uint64_t *n = usage->of[i].load;

		sum = add(sum, add(n[0], n[1]));
		if (i > 0 && n[0] + n[1] == 0)
			continue;
		if (i > 0)
			used += (size_t)snprintf(text + used, bytes - used,
			    "; partition %u: ", i);
		used += (size_t)snprintf(text + used, bytes - used,
		    "written %" PRIu64 ", read %" PRIu64, n[0], n[1]);
	}
	return sum > 0;
}

void volume_usage_end(const struct volume_usage *usage, struct volume *volume)
{
	char text[80 * PARTITIONS];

	if (describe(usage, text, sizeof text))
		volume_log_use(volume, "used", text);
}
