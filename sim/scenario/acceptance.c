/* acceptance.c: the key `acceptance`: a scenario that tests a drive. */
#include <string.h>

#include "sim/scenario/reader.h"

static const char *const *kind_words(void)
{
	static const char *const words[] = { "quick", "default", "fill", NULL };

	return words;
}

static void read_needs(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	key_read_line(keys, key, node, "name the test that must have passed",
	    &scenario_reader_of(keys)->scenario->acceptance.needs);
}

#define SCALE(key, member, run)                                              \
	{                                                                    \
		.name = (key), .type = KEY_COUNT, .min = 1, .max = 1 << 20,  \
		KEY_MEMBER(struct scenario_acceptance, member),              \
		.initial = "1", .example = "64",                             \
		.meaning =                                                   \
		    "All sizes of dumps, parts, volumes and measurements "   \
		    "are multiplied by this number in a " run " run; on a "  \
		    "drive that exists, in proportion to its rate, if that " \
		    "of the library's drive is another one."                 \
	}

static const struct key acceptance_keys[] = {
	{ .name = "kind",
	    .type = KEY_CHOICE,
	    .words = kind_words,
	    KEY_MEMBER(struct scenario_acceptance, kind),
	    .initial = "quick",
	    .example = "fill",
	    .meaning = "The shortest run that has the test.",
	    .choices = "quick: A quarter of an hour.\n"
		       "default: An hour.\n"
		       "fill: Hours; the whole tape is written.\n" },
	{ .name = "time",
	    .type = KEY_TIME,
	    KEY_MEMBER(struct scenario_acceptance, time_ns),
	    .initial = "0 s",
	    .example = "2 min",
	    .meaning = "How long the test takes besides the transfer of its "
		       "bytes." },
	{ .name = "needs",
	    .type = KEY_TEXT,
	    .read = read_needs,
	    .otherwise = "no other test",
	    .range = "the name of a test",
	    .example = "20_write",
	    .meaning = "The test is run only if that one was passed." },
	SCALE("quick_scale", scale[SCENARIO_QUICK], "quick"),
	SCALE("default_scale", scale[SCENARIO_DEFAULT], "default"),
	SCALE("fill_scale", scale[SCENARIO_FILL], "fill"), { .name = NULL }
};

const struct key_map scenario_acceptance_map = { "acceptance",
	acceptance_keys };

void scenario_read_acceptance(struct key_reader *keys, const struct key *key,
    const struct yaml_tree *node)
{
	struct scenario_acceptance *a =
	    &scenario_reader_of(keys)->scenario->acceptance;

	(void)key;
	a->given = true;
	for (int i = 0; i < SCENARIO_RUNS; i++)
		a->scale[i] = 1;
	key_read_map(keys, &scenario_acceptance_map, node, a);
}

/* Multiplies a size, which then is at most INT64_MAX. */
static void multiply(uint64_t *bytes, uint64_t by)
{
	*bytes = *bytes > INT64_MAX / by ? INT64_MAX : *bytes * by;
}

void scenario_scale(struct scenario *s, uint64_t by)
{
	for (size_t i = 0; i < s->dumps_count; i++) {
		multiply(&s->dumps[i].size_bytes, by);
		multiply(&s->dumps[i].splitter.part_bytes, by);
	}
	multiply(&s->splitter.part_bytes, by);
	if (s->has_limit) {
		multiply(&s->limit.capacity_bytes, by);
		multiply(&s->limit.early_warning_bytes, by);
	}
	for (size_t i = 0; i < s->volumes_count; i++)
		multiply(&s->volumes[i].capacity_bytes, by);
	for (size_t i = 0; i < s->steps_count; i++) {
		multiply(&s->steps[i].size_bytes, by);
		multiply(&s->steps[i].interrupt.at_bytes, by);
	}
}

/* Returns whether the size was halved. */
static bool halve(uint64_t *bytes, uint64_t most)
{
	bool longer = *bytes > most;

	while (*bytes > most)
		*bytes /= 2;
	return longer;
}

bool scenario_limit_blocks(struct scenario *s, uint64_t most)
{
	bool longer = halve(&s->splitter.block_bytes, most);

	for (size_t i = 0; i < s->dumps_count; i++)
		longer |= halve(&s->dumps[i].splitter.block_bytes, most);
	for (size_t i = 0; i < s->steps_count; i++)
		longer |= halve(&s->steps[i].block_bytes, most);
	return longer;
}
