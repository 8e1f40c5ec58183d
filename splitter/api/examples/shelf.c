/* shelf.c: a library whose volumes are folders. */
#include "shelf.h"

#include <stdio.h>
#include <string.h>

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static struct tape *load_path(const struct shelf *shelf, const char *path,
    int64_t now_ns, struct tape_result *result)
{
	struct filetape *t;

	tape_result_init(result, now_ns);
	if (path == NULL) {
		result->cause = TAPE_NO_VOLUME;
		snprintf(result->message, sizeof result->message,
		    "there are no more volumes: name more of them");
		return NULL;
	}
	t = filetape_new(path, shelf->block, shelf->size, shelf->warning);
	if (t != NULL)
		return filetape_tape(t);
	result->cause = TAPE_UNKNOWN_ERROR;
	snprintf(result->message, sizeof result->message, "out of memory");
	return NULL;
}

static struct tape *load(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct shelf *shelf = (struct shelf *)library;
	const char *path = shelf->volumes[shelf->next];

	if (path != NULL)
		shelf->next++;
	return load_path(shelf, path, now_ns, result);
}

static struct tape *load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *result)
{
	const struct shelf *shelf = (struct shelf *)library;
	size_t i = 0;

	while (shelf->volumes[i] != NULL &&
	    strcmp(name_of(shelf->volumes[i]), barcode) != 0)
		i++;
	return load_path(shelf, shelf->volumes[i], now_ns, result);
}

static void unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	(void)library, (void)why;
	tape_result_init(result, now_ns);
	filetape_free(tape);
}

static const struct tape_library_ops ops = {
	.load = load,
	.load_named = load_named,
	.unload = unload,
};

void shelf_init(struct shelf *shelf, char **volumes, uint64_t block)
{
	*shelf = (struct shelf){ .library.ops = &ops,
		.block = block,
		.size = UINT64_MAX,
		.warning = FILETAPE_NO_WARNING,
		.volumes = volumes };
}
