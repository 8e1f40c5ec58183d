/* axis.c: see axis.h. */
#include "sim/tune/points/axis.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/units.h"
#include "splitter/base/text.h"
#include "splitter/base/units.h"
#include "splitter/base/grow.h"

enum kind { SIZE, WORD, COUNT, PERCENT };

struct axis {
	const char *name, *title;
	enum kind kind;
	const char *const *words; /* WORD */
	const char *usual;        /* the range if none is given */
	uint64_t min, max;        /* SIZE, COUNT, PERCENT */
};

static const char *const cache_words[] = {
	[SPLITTER_CACHE_NONE] = "none",
	[SPLITTER_CACHE_MEMORY] = "memory",
	[SPLITTER_CACHE_SPOOL] = "spool",
	NULL,
};

static const char *const compression_words[] = {
	[TUNE_COMPRESSION_OFF] = "off",
	[TUNE_COMPRESSION_ON] = "on",
	NULL,
};

static const struct axis axes[] = {
	[TUNE_BLOCK] = { .name = "block",
	    .title = "block size",
	    .kind = SIZE,
	    .usual = "64 KiB..1 MiB",
	    .min = 4096,
	    .max = UINT64_C(1) << 30 },
	[TUNE_BUFFER] = { .name = "buffer",
	    .title = "buffer of the host",
	    .kind = SIZE,
	    .usual = "32 MiB..4 GiB",
	    .min = 1,
	    .max = UINT64_C(1) << 50 },
	[TUNE_PART] = { .name = "part",
	    .title = "part size",
	    .kind = SIZE,
	    .usual = "1 GiB..200 GiB",
	    .min = 0,
	    .max = UINT64_C(1) << 60 },
	[TUNE_CACHE] = { .name = "cache",
	    .title = "part cache",
	    .kind = WORD,
	    .words = cache_words,
	    .usual = "none,memory,spool" },
	[TUNE_START_FILL] = { .name = "start_fill",
	    .title = "fill at which the drive starts",
	    .kind = PERCENT,
	    .usual = "0..100 %",
	    .max = 100 },
	[TUNE_DRIVES] = { .name = "drives",
	    .title = "number of drives",
	    .kind = COUNT,
	    .usual = "1..8",
	    .min = 1,
	    .max = CHANGER_DRIVES_MAX },
	[TUNE_COMPRESSION] = { .name = "compression",
	    .title = "compression of the drive",
	    .kind = WORD,
	    .words = compression_words,
	    .usual = "on,off" },
};

const char *const *tune_axis_names(void)
{
	static const char *names[TUNE_AXES + 1];

	for (size_t i = 0; i < TUNE_AXES; i++)
		names[i] = axes[i].name;
	return names;
}

const char *tune_axis_name(enum tune_axis axis)
{
	return axes[axis].name;
}

const char *tune_axis_title(enum tune_axis axis)
{
	return axes[axis].title;
}

int tune_axis_find(const char *argument, enum tune_axis *axis,
    const char **values, char *err, size_t err_bytes)
{
	const char *equals = strchr(argument, '=');
	size_t length =
	    equals != NULL ? (size_t)(equals - argument) : strlen(argument);
	struct text_quote quote;
	char name[TUNE_TEXT_BYTES];

	snprintf(name, sizeof name, "%.*s", (int)length, argument);
	*values = equals != NULL ? equals + 1 : NULL;
	for (size_t i = 0; i < TUNE_AXES; i++) {
		if (strcmp(axes[i].name, name) != 0)
			continue;
		*axis = (enum tune_axis)i;
		return 0;
	}
	if (strcmp(name, "filemark") == 0) {
		snprintf(err, err_bytes,
		    "filemark cannot be varied: a part is safe only after a "
		    "synchronised filemark, so the splitter writes no other; "
		    "vary part, which says how often it writes one");
		return -1;
	}
	snprintf(err, err_bytes, "no such setting as %s",
	    text_quote(&quote, name));
	text_suggest(err, err_bytes, name, tune_axis_names());
	return -1;
}

/* Parses one value. */
static int parse_one(const struct axis *a, const char *text, uint64_t *value,
    char *err, size_t err_bytes)
{
	struct text_quote quote;

	if (a->kind == COUNT)
		return units_parse_count(text, a->min, a->max, value, err,
		    err_bytes);
	if (a->kind == WORD) {
		for (size_t i = 0; a->words[i] != NULL; i++) {
			if (strcmp(a->words[i], text) != 0)
				continue;
			*value = i;
			return 0;
		}
		snprintf(err, err_bytes, "no such value as %s",
		    text_quote(&quote, text));
		text_suggest(err, err_bytes, text, a->words);
		return -1;
	}
	if (units_parse(a->kind == SIZE ? UNITS_SIZE : UNITS_PERCENT, text,
		value, err, err_bytes) != 0)
		return -1;
	if (a->kind == PERCENT) {
		if (*value % UNITS_PERCENT_ONE != 0) {
			snprintf(err, err_bytes,
			    "a whole percentage is expected, not %s",
			    text_quote(&quote, text));
			return -1;
		}
		*value /= UNITS_PERCENT_ONE;
	}
	return 0;
}

static int check(const struct axis *a, uint64_t value, char *err,
    size_t err_bytes)
{
	char low[UNITS_BYTES], high[UNITS_BYTES];

	if (a->kind == WORD || (value >= a->min && value <= a->max))
		return 0;
	if (a->kind == SIZE)
		snprintf(err, err_bytes, "a size from %s to %s is expected",
		    units_size_exact(low, a->min),
		    units_size_exact(high, a->max));
	else
		snprintf(err, err_bytes,
		    "a value from %" PRIu64 " to %" PRIu64 "%s is expected",
		    a->min, a->max, a->kind == PERCENT ? " %" : "");
	return -1;
}

static int add(const struct axis *a, struct tune_values *values, uint64_t value,
    char *err, size_t err_bytes)
{
	uint64_t *list;

	if (check(a, value, err, err_bytes) != 0)
		return -1;
	for (size_t i = 0; i < values->count; i++)
		if (values->list[i] == value)
			return 0;
	if (values->count == TUNE_AXIS_VALUES_MAX) {
		snprintf(err, err_bytes, "more than %d values",
		    TUNE_AXIS_VALUES_MAX);
		return -1;
	}
	list = grow_by_one(values->list, values->count, sizeof *list);
	if (list == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	values->list = list;
	values->list[values->count++] = value;
	return 0;
}

/* Returns the value of a range after `value`. */
static uint64_t next_of(const struct axis *a, uint64_t value, uint64_t first,
    uint64_t last)
{
	uint64_t step = (last - first + 3) / 4;

	if (a->kind == SIZE)
		return value > last / 2 ? last : 2 * value;
	if (a->kind == PERCENT)
		return last - value < step ? last : value + step;
	return value + 1;
}

static int parse_range(const struct axis *a, const char *text,
    struct tune_values *values, char *err, size_t err_bytes)
{
	const char *dots = strstr(text, "..");
	char number[TUNE_TEXT_BYTES];
	uint64_t first, last;

	if (a->kind == WORD) {
		snprintf(err, err_bytes,
		    "the values are words, which have no range; list them "
		    "with commas");
		return -1;
	}
	if (a->kind == COUNT) {
		snprintf(number, sizeof number, "%.*s", (int)(dots - text),
		    text);
		if (parse_one(a, number, &first, err, err_bytes) != 0 ||
		    parse_one(a, dots + 2, &last, err, err_bytes) != 0)
			return -1;
		if (first > last) {
			snprintf(err, err_bytes,
			    "the range begins above its end");
			return -1;
		}
	} else if (units_parse_range(a->kind == SIZE ? UNITS_SIZE
						     : UNITS_PERCENT,
		       text, &first, &last, err, err_bytes) != 0) {
		return -1;
	}
	if (a->kind == PERCENT) {
		first /= UNITS_PERCENT_ONE;
		last /= UNITS_PERCENT_ONE;
	}
	if (a->kind == SIZE && first == 0) {
		snprintf(err, err_bytes,
		    "a range of sizes cannot begin at 0, whose double is 0; "
		    "list the 0: 0,1GiB..8GiB");
		return -1;
	}
	for (uint64_t v = first;; v = next_of(a, v, first, last)) {
		if (add(a, values, v, err, err_bytes) != 0)
			return -1;
		if (v >= last)
			return 0;
	}
}

static int by_value(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* No part has 0 bytes: 0 is no limit, which is more than any size. */
static int by_part(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a - 1,
		       y = *(const uint64_t *)b - 1;

	return (x > y) - (x < y);
}

/* Copies the item that ends at the next comma, without blanks around it. */
static const char *next_item(const char *text, char *item, size_t item_bytes)
{
	size_t length = strcspn(text, ","), begin = strspn(text, " "), end;
	const char *rest = text[length] == ',' ? text + length + 1 : NULL;

	if (begin > length)
		begin = length;
	for (end = length; end > begin && text[end - 1] == ' '; end--)
		;
	snprintf(item, item_bytes, "%.*s", (int)(end - begin), text + begin);
	return rest;
}

int tune_axis_parse(enum tune_axis axis, const char *text,
    struct tune_values *values, char *err, size_t err_bytes)
{
	const struct axis *a = &axes[axis];
	const char *at = text != NULL ? text : a->usual;
	char item[TUNE_TEXT_BYTES], why[256];
	uint64_t value;
	int rc = 0;

	*values = (struct tune_values){ 0 };
	while (at != NULL && rc == 0) {
		at = next_item(at, item, sizeof item);
		if (strstr(item, "..") != NULL)
			rc = parse_range(a, item, values, why, sizeof why);
		else if ((rc = parse_one(a, item, &value, why, sizeof why)) ==
		    0)
			rc = add(a, values, value, why, sizeof why);
	}
	if (rc != 0) {
		snprintf(err, err_bytes, "%s: %s", a->name, why);
		free(values->list);
		*values = (struct tune_values){ 0 };
		return -1;
	}
	qsort(values->list, values->count, sizeof *values->list,
	    axis == TUNE_PART ? by_part : by_value);
	return 0;
}

char *tune_axis_text(enum tune_axis axis, uint64_t value,
    char buf[TUNE_TEXT_BYTES])
{
	const struct axis *a = &axes[axis];
	char size[UNITS_BYTES];

	switch (a->kind) {
	case SIZE:
		snprintf(buf, TUNE_TEXT_BYTES, "%s",
		    value == 0 ? "no limit" : units_size_exact(size, value));
		break;
	case WORD:
		snprintf(buf, TUNE_TEXT_BYTES, "%s", a->words[value]);
		break;
	case COUNT:
		snprintf(buf, TUNE_TEXT_BYTES, "%" PRIu64, value);
		break;
	case PERCENT:
		snprintf(buf, TUNE_TEXT_BYTES, "%" PRIu64 " %%", value);
		break;
	}
	return buf;
}

bool tune_settings_same(const struct tune_settings *a,
    const struct tune_settings *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}
