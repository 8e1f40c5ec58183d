/* struct.c: see struct.h. */
#include "splitter/api/struct.h"

#include <stdio.h>
#include <string.h>

#include "splitter/api/splitter.h"

/* How every config begins. */
struct head {
	size_t config_bytes;
	unsigned api;
};

/* Without what may be the next member of a config. */
enum { HEAD_BYTES = offsetof(struct head, api) + sizeof(unsigned) };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

void struct_init(void *config, size_t config_bytes, unsigned api,
    const void *defaults, size_t defaults_bytes)
{
	const struct head head = { .config_bytes = config_bytes, .api = api };

	struct_write(defaults, defaults_bytes, config, config_bytes);
	memcpy(config, &head, least(config_bytes, HEAD_BYTES));
}

int struct_read(const void *config, void *to, size_t to_bytes, char *err,
    size_t err_bytes)
{
	struct head head;

	memcpy(&head, config, HEAD_BYTES);
	if (head.config_bytes < HEAD_BYTES || head.api < 1) {
		snprintf(err, err_bytes,
		    "config_bytes %zu, api %u: the config was not filled in: "
		    "call its _init function first",
		    head.config_bytes, head.api);
		return -1;
	}
	if (head.api > SPLITTER_API) {
		snprintf(err, err_bytes,
		    "this is libsplitter %s, which knows interfaces 1 to %d; "
		    "the program wants %u: install a newer library",
		    SPLITTER_VERSION, SPLITTER_API, head.api);
		return -1;
	}
	memcpy(to, config, least(head.config_bytes, to_bytes));
	return 0;
}

void struct_write(const void *from, size_t from_bytes, void *to,
    size_t to_bytes)
{
	memset(to, 0, to_bytes);
	memcpy(to, from, least(from_bytes, to_bytes));
}
