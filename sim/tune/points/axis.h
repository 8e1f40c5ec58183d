/*
 * axis.h: the settings that a sweep can vary, and their values.
 *
 * One table describes each setting: its name in --vary, --now and --limit, the
 * values that it can have, and the keys of a scenario that set it.
 *
 * A value is a number: bytes, a percentage, a count, or the place of a word.
 */
#ifndef SIM_TUNE_AXIS_H
#define SIM_TUNE_AXIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/scenario/scenario.h"

enum tune_axis {
	TUNE_BLOCK,
	TUNE_BUFFER,
	TUNE_PART,
	TUNE_CACHE,
	TUNE_START_FILL,
	TUNE_DRIVES,
	TUNE_COMPRESSION,
	TUNE_AXES
};

/* Indexes of the words of `compression`. */
enum { TUNE_COMPRESSION_OFF, TUNE_COMPRESSION_ON };

/* A value for each setting. */
struct tune_settings {
	uint64_t value[TUNE_AXES];
};

/*
 * The values of one setting, rising and each once.  A part without a limit (0)
 * is the last.
 */
struct tune_values {
	uint64_t *list;
	size_t count;
};

enum {
	TUNE_AXIS_VALUES_MAX = 1000,
	TUNE_TEXT_BYTES = 64,
	TUNE_OVERRIDES_MAX = 16
};

/* Returns the names of all settings, ended by NULL. */
const char *const *tune_axis_names(void);
const char *tune_axis_name(enum tune_axis axis);

/* Returns what the setting is, for a sentence: "buffer of the host". */
const char *tune_axis_title(enum tune_axis axis);

/*
 * Finds the setting that begins the argument "NAME=VALUES" or "NAME", and the
 * text after "=" (NULL: none).  Returns 0, or -1 with a message.
 */
int tune_axis_find(const char *argument, enum tune_axis *axis,
    const char **values, char *err, size_t err_bytes);

/*
 * Parses values: one, a list with commas, or a range A..B, of which each value
 * is twice the one before (sizes), the next whole number, or a quarter of the
 * range higher (percentages); B is always among them.  NULL: the usual range.
 * Returns 0, or -1 with a message.  The caller frees values->list.
 */
int tune_axis_parse(enum tune_axis axis, const char *text,
    struct tune_values *values, char *err, size_t err_bytes);

/* Writes a value as people write it: "256 KiB", "memory", "50 %". */
char *tune_axis_text(enum tune_axis axis, uint64_t value,
    char buf[TUNE_TEXT_BYTES]);

/*
 * Reads the settings of a scenario.  `compression` is on if the first drive
 * compresses.
 */
void tune_settings_of(const struct scenario *scenario,
    struct tune_settings *settings);

/* Whether two settings are the same. */
bool tune_settings_same(const struct tune_settings *a,
    const struct tune_settings *b);

/* Arguments of --set that give a scenario some settings. */
struct tune_overrides {
	char *list[TUNE_OVERRIDES_MAX];
	size_t count;
};

/*
 * Makes the arguments that change the settings of the scenario from those at
 * `from` to those at `to`; a setting that does not change has none.  Returns 0,
 * or -1 without memory; the caller frees the arguments in both cases.
 */
int tune_overrides_make(const struct scenario *scenario,
    const struct tune_settings *from, const struct tune_settings *to,
    struct tune_overrides *overrides);

void tune_overrides_clear(struct tune_overrides *overrides);

#endif
