/* header.c: writes and reads headers; the format is in header.h. */
#include "splitter/header.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool header_name_ok(const char *name)
{
	size_t n = strlen(name), i;

	if (n == 0 || n >= HEADER_NAME_BYTES || name[0] == ' ' ||
	    name[n - 1] == ' ')
		return false;
	for (i = 0; i < n; i++)
		if (name[i] < ' ' || name[i] > '~')
			return false;
	return true;
}

static const char *type_name(enum header_type type)
{
	return type == HEADER_LABEL ? "label" : "part";
}

void header_format(const struct header *h, char *block, size_t block_bytes)
{
	int n, m = 0;

	assert(block_bytes >= TAPE_BLOCK_MIN_BYTES);
	assert(header_name_ok(h->dump));
	memset(block, 0, block_bytes);
	n = snprintf(block, block_bytes,
	    "tapelab: %d\ntype: %s\ndump: %s\ndump_id: %016" PRIx64 "\n"
	    "volume: %s\nsequence: %" PRIu64 "\nblock: %" PRIu64 "\n",
	    HEADER_VERSION, type_name(h->type), h->dump, h->dump_id,
	    h->volume, h->sequence, h->block_bytes);
	if (h->type == HEADER_PART)
		m = snprintf(block + n, block_bytes - (size_t)n,
		    "part: %" PRIu64 "\nattempt: %" PRIu64 "\n"
		    "offset: %" PRIu64 "\nfile: %" PRIu64 "\n"
		    "before_bytes: %" PRIu64 "\nbefore_xxh128: %s\n"
		    "restore: mt -f TAPE asf %" PRIu64 "; dd if=TAPE bs=%"
		    PRIu64 " skip=1 of=PART%06" PRIu64 "\n",
		    h->part, h->attempt, h->offset_bytes, h->file,
		    h->before_bytes, h->before_xxh128, h->file,
		    h->block_bytes, h->part);
	assert(n > 0 && m >= 0 && (size_t)(n + m) < TAPE_BLOCK_MIN_BYTES);
}

/* A value of a header, and which types must have it. */
enum kind {
	K_NAME,		/* header_name_ok, and no longer than there is room */
	K_NUMBER,
	K_COUNT,	/* a number from 1 */
	K_ID,		/* 16 hexadecimal digits */
	K_SUM		/* 32 hexadecimal digits, or nothing */
};
struct field {
	const char *key;
	enum kind kind;
	size_t offset, room;
	bool part_only;
};

#define FIELD(key, kind, member, part) { key, kind, \
	offsetof(struct header, member), \
	sizeof(((struct header *)0)->member), part }

static const struct field fields[] = {
	FIELD("dump", K_NAME, dump, false),
	FIELD("dump_id", K_ID, dump_id, false),
	FIELD("volume", K_NAME, volume, false),
	FIELD("sequence", K_COUNT, sequence, false),
	FIELD("block", K_COUNT, block_bytes, false),
	FIELD("part", K_COUNT, part, true),
	FIELD("attempt", K_COUNT, attempt, true),
	FIELD("offset", K_NUMBER, offset_bytes, true),
	FIELD("file", K_NUMBER, file, true),
	FIELD("before_bytes", K_NUMBER, before_bytes, true),
	FIELD("before_xxh128", K_SUM, before_xxh128, true),
};
enum { FIELDS = sizeof fields / sizeof *fields };

static bool all_digits(const char *text, size_t n, bool hex)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (hex ? !isxdigit((unsigned char)text[i]) :
		    !isdigit((unsigned char)text[i]))
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
	return errno == 0 && (kind != K_COUNT || *to > 0);
}

/* Stores a value; false if it is malformed. */
static bool store(struct header *h, const struct field *f, const char *value,
    size_t n)
{
	char *to = (char *)h + f->offset;

	if (f->kind != K_NAME && f->kind != K_SUM)
		return store_number((uint64_t *)(void *)to, f->kind, value, n);
	if (n >= f->room)
		return false;
	memcpy(to, value, n);
	to[n] = '\0';
	if (f->kind == K_NAME)
		return header_name_ok(to);
	return n == 0 || (n == f->room - 1 && all_digits(value, n, true));
}

static const struct field *find(const char *key, size_t n)
{
	size_t i;

	for (i = 0; i < FIELDS; i++)
		if (strlen(fields[i].key) == n &&
		    memcmp(fields[i].key, key, n) == 0)
			return &fields[i];
	return NULL;
}

struct line {
	const char *key, *value;
	size_t key_bytes, value_bytes;
};

/* Takes the next "key: value" line; false at the end, or if it is none. */
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

static bool is(const char *text, size_t n, const char *word)
{
	return n == strlen(word) && memcmp(text, word, n) == 0;
}

/* The first two lines: the version and the type. */
static int parse_head(const char **at, const char *end, struct header *h,
    char *err, size_t err_bytes)
{
	struct line line;

	if (!next_line(at, end, &line) ||
	    !is(line.key, line.key_bytes, "tapelab")) {
		snprintf(err, err_bytes, "it is not a header of tapelab");
		return -1;
	}
	if (!is(line.value, line.value_bytes, "1")) {
		snprintf(err, err_bytes, "its format version is %.*s, and "
		    "this program reads version %d",
		    line.value_bytes > 20 ? 20 : (int)line.value_bytes,
		    line.value, HEADER_VERSION);
		return -1;
	}
	if (!next_line(at, end, &line) ||
	    !is(line.key, line.key_bytes, "type") ||
	    (!is(line.value, line.value_bytes, "label") &&
	    !is(line.value, line.value_bytes, "part"))) {
		snprintf(err, err_bytes, "the header has no known type");
		return -1;
	}
	h->type = is(line.value, line.value_bytes, "label") ?
	    HEADER_LABEL : HEADER_PART;
	return 0;
}

int header_parse(const char *block, size_t block_bytes,
    struct header *h, char *err, size_t err_bytes)
{
	const char *at = block;
	const char *end = memchr(block, '\0', block_bytes);
	const struct field *f;
	struct line line;
	bool seen[FIELDS] = { false };
	size_t i;

	if (end == NULL)
		end = block + block_bytes;
	memset(h, 0, sizeof *h);
	if (parse_head(&at, end, h, err, err_bytes) != 0)
		return -1;
	while (next_line(&at, end, &line)) {
		f = find(line.key, line.key_bytes);
		if (f == NULL)
			continue;
		if (seen[f - fields] ||
		    !store(h, f, line.value, line.value_bytes)) {
			snprintf(err, err_bytes, "the header is damaged: "
			    "its key %s is malformed or there twice", f->key);
			return -1;
		}
		seen[f - fields] = true;
	}
	for (i = 0; i < FIELDS; i++)
		if (!seen[i] && (h->type == HEADER_PART ||
		    !fields[i].part_only)) {
			snprintf(err, err_bytes, "the header is damaged: "
			    "it has no key %s", fields[i].key);
			return -1;
		}
	if (at != end) {
		snprintf(err, err_bytes,
		    "the header is damaged: it does not end with a line");
		return -1;
	}
	return 0;
}
