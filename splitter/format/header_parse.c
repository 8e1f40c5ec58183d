/* header_parse.c: reads headers; the format is in header.h. */
#include "splitter/format/header_impl.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/format/sum.h"

/* The kinds of values of a header. */
enum kind {
	K_NAME, /* a name that header_name_valid() allows and that fits */
	K_WORD, /* the same; may be missing */
	K_NUMBER,
	K_COUNT, /* a number from 1 */
	K_BLOCK, /* a valid size of a block, which readers allocate */
	K_ID,    /* 16 hexadecimal digits */
	K_SUM,   /* 32 hexadecimal digits, or nothing */
	K_MODE,  /* variable or fixed */
	K_OUTCOME,
	K_DATE
};
enum {
	SCRATCH = 1 << HEADER_SCRATCH,
	LABEL = 1 << HEADER_LABEL,
	PART = 1 << HEADER_PART,
	END = 1 << HEADER_END,
	LABELS = SCRATCH | LABEL,
	DUMP = LABEL | PART | END,
	ALL = SCRATCH | DUMP
};

static const struct field {
	const char *key;
	enum kind kind;
	size_t offset, room;
	unsigned types;
	bool optional;
} fields[] = {
#define FIELD(key, kind, member, types)                          \
	{                                                        \
		key, kind, offsetof(struct header, member),      \
		    sizeof(((struct header *)0)->member), types, \
		    kind == K_DATE || kind == K_WORD             \
	}
	FIELD("volume", K_NAME, volume, ALL),
	FIELD("block", K_BLOCK, block_bytes, ALL),
	FIELD("serial", K_WORD, serial, LABELS),
	FIELD("purpose", K_WORD, purpose, LABELS),
	FIELD("dump", K_NAME, dump, DUMP),
	FIELD("dump_id", K_ID, dump_id, DUMP),
	FIELD("begun", K_DATE, begun, DUMP),
	FIELD("sequence", K_COUNT, sequence, DUMP),
	FIELD("mode", K_MODE, fixed, DUMP),
	FIELD("part", K_COUNT, part, PART),
	FIELD("attempt", K_COUNT, attempt, PART),
	FIELD("offset", K_NUMBER, offset_bytes, PART),
	FIELD("file", K_COUNT, file, PART | END),
	FIELD("before_attempt", K_NUMBER, before_attempt, PART),
	FIELD("before_bytes", K_NUMBER, before_bytes, PART),
	FIELD("before_xxh128", K_SUM, before_xxh128, PART),
	FIELD("outcome", K_OUTCOME, outcome, END),
	FIELD("bytes", K_NUMBER, bytes, END),
	FIELD("xxh128", K_SUM, xxh128, END),
	FIELD("parts", K_NUMBER, parts, END),
	FIELD("record", K_COUNT, record, END),
	FIELD("records", K_COUNT, records, END),
#undef FIELD
};
enum { FIELDS = sizeof fields / sizeof *fields };

static bool is(const char *text, size_t n, const char *word)
{
	return n == strlen(word) && memcmp(text, word, n) == 0;
}

static bool all_digits(const char *text, size_t n, bool hex)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!isdigit((unsigned char)text[i]) &&
		    !(hex && text[i] >= 'a' && text[i] <= 'f'))
			return false;
	return true;
}

static bool store_number(uint64_t *to, enum kind kind, const char *value,
    size_t n)
{
	bool hex = kind == K_ID;
	char text[24];

	if (n == 0 || n >= sizeof text || (hex && n != 16) ||
	    !all_digits(value, n, hex))
		return false;
	memcpy(text, value, n);
	text[n] = '\0';
	errno = 0;
	*to = strtoull(text, NULL, hex ? 16 : 10);
	if (kind == K_BLOCK &&
	    (*to < TAPE_BLOCK_MIN_BYTES || *to > TAPE_BLOCK_MAX_BYTES))
		return false;
	return errno == 0 && (kind != K_COUNT || *to > 0);
}

static bool is_date(const char *value, size_t n)
{
	static const char form[] = "0000-00-00T00:00:00Z";
	size_t i;

	if (n != sizeof form - 1)
		return false;
	for (i = 0; i < n; i++)
		if (form[i] == '0' ? !isdigit((unsigned char)value[i])
				   : value[i] != form[i])
			return false;
	return true;
}

static bool is_outcome(const char *value, size_t n)
{
	return is(value, n, "DONE") || is(value, n, "PARTIAL") ||
	    is(value, n, "FAILED");
}

static bool store_text(char *to, const struct field *f, const char *value,
    size_t n)
{
	if (n >= f->room)
		return false;
	memcpy(to, value, n);
	to[n] = '\0';
	switch (f->kind) {
	case K_NAME:
	case K_WORD:
		return header_name_valid(to);
	case K_SUM:
		return n == 0 ||
		    (n == f->room - 1 && all_digits(value, n, true));
	case K_DATE:
		return is_date(value, n);
	default:
		return is_outcome(value, n);
	}
}

/* Stores a value.  Returns false if the value is malformed. */
static bool store(struct header *h, const struct field *f, const char *value,
    size_t n)
{
	char *to = (char *)h + f->offset;

	switch (f->kind) {
	case K_NUMBER:
	case K_COUNT:
	case K_BLOCK:
	case K_ID:
		return store_number((uint64_t *)(void *)to, f->kind, value, n);
	case K_MODE:
		*(bool *)to = is(value, n, "fixed");
		return *(bool *)to || is(value, n, "variable");
	default:
		return store_text(to, f, value, n);
	}
}

static const struct field *find(const char *key, size_t n)
{
	size_t i;

	for (i = 0; i < FIELDS; i++)
		if (is(key, n, fields[i].key))
			return &fields[i];
	return NULL;
}

struct line {
	const char *key, *value;
	size_t key_bytes, value_bytes;
};

/*
 * Reads the next "key: value" line.  Returns false at the end, or if the line
 * is malformed.
 */
static bool next_line(const char **at, const char *end, struct line *line)
{
	const char *nl = memchr(*at, '\n', (size_t)(end - *at));
	const char *colon;

	if (nl == NULL)
		return false;
	colon = memchr(*at, ':', (size_t)(nl - *at));
	if (colon == NULL || colon + 1 >= nl || colon[1] != ' ')
		return false;
	line->key = *at;
	line->key_bytes = (size_t)(colon - *at);
	line->value = colon + 2;
	line->value_bytes = (size_t)(nl - line->value);
	*at = nl + 1;
	return true;
}

static const char *text_end(const char *block, size_t block_bytes)
{
	const char *end = memchr(block, '\0', block_bytes);

	return end != NULL ? end : block + block_bytes;
}

/* Parses the first two lines: the version and the type. */
static int parse_head(const char **at, const char *end, struct header *h,
    char *err, size_t err_bytes)
{
	struct line line;
	unsigned type;

	if (!next_line(at, end, &line) ||
	    !is(line.key, line.key_bytes, "tapelab")) {
		snprintf(err, err_bytes, "it is not a header of tapelab");
		return -1;
	}
	if (!is(line.value, line.value_bytes, "1")) {
		snprintf(err, err_bytes,
		    "its format version is %.*s; this program reads version %d",
		    line.value_bytes > 20 ? 20 : (int)line.value_bytes,
		    line.value, HEADER_VERSION);
		return -1;
	}
	if (next_line(at, end, &line) && is(line.key, line.key_bytes, "type"))
		for (type = 0; header_types[type] != NULL; type++)
			if (is(line.value, line.value_bytes,
				header_types[type])) {
				h->type = (enum header_type)type;
				return 0;
			}
	snprintf(err, err_bytes, "the header has no known type");
	return -1;
}

/*
 * Verifies the last line, the checksum of all lines before it, and removes the
 * line.
 */
static int check_sum(const char *block, const char **end, char *err,
    size_t err_bytes)
{
	enum { LINE = sizeof HEADER_CHECK - 1 + HEADER_SUM_BYTES };
	const char *line = *end - LINE;
	char sum[SUM_TEXT_BYTES];

	if (*end - block > LINE && line[-1] == '\n' && line[LINE - 1] == '\n' &&
	    memcmp(line, HEADER_CHECK, sizeof HEADER_CHECK - 1) == 0) {
		sum_text_of(block, (uint64_t)(line - block), sum);
		*end = line;
		if (memcmp(line + sizeof HEADER_CHECK - 1, sum,
			sizeof sum - 1) == 0)
			return 0;
	}
	snprintf(err, err_bytes,
	    "the header is damaged: its checksum is wrong");
	return -1;
}

static int parse_fields(const char *at, const char *end, struct header *h,
    char *err, size_t err_bytes)
{
	bool seen[FIELDS] = { false };
	const struct field *f;
	struct line line;
	size_t i;

	while (next_line(&at, end, &line)) {
		f = find(line.key, line.key_bytes);
		if (f == NULL || !(f->types & 1U << h->type))
			continue;
		if (seen[f - fields] ||
		    !store(h, f, line.value, line.value_bytes)) {
			snprintf(err, err_bytes,
			    "the header is damaged: its key %s is malformed, or occurs "
			    "twice",
			    f->key);
			return -1;
		}
		seen[f - fields] = true;
	}
	for (i = 0; i < FIELDS; i++)
		if (!seen[i] && !fields[i].optional &&
		    fields[i].types & 1U << h->type) {
			snprintf(err, err_bytes,
			    "the header is damaged: the key %s is missing",
			    fields[i].key);
			return -1;
		}
	if (at == end)
		return 0;
	snprintf(err, err_bytes,
	    "the header is damaged: a line is not \"key: value\"");
	return -1;
}

int header_parse(const char *block, size_t block_bytes, struct header *h,
    char *err, size_t err_bytes)
{
	const char *at = block;
	const char *end = text_end(block, block_bytes);

	memset(h, 0, sizeof *h);
	if (parse_head(&at, end, h, err, err_bytes) != 0 ||
	    check_sum(block, &end, err, err_bytes) != 0)
		return -1;
	return parse_fields(at, end, h, err, err_bytes);
}

const char *header_row(const char *block, size_t block_bytes, const char **at,
    size_t *bytes)
{
	const char *end = text_end(block, block_bytes);
	struct line line;

	if (*at == NULL)
		*at = block;
	while (next_line(at, end, &line))
		if (is(line.key, line.key_bytes, "row")) {
			*bytes = line.value_bytes;
			return line.value;
		}
	return NULL;
}
