/* state.c: the known volumes, and the time of the robot. */
#include "vtl/library/impl.h"

#include <stdio.h>
#include <stdlib.h>

#include "splitter/base/later.h"
#include "splitter/base/grow.h"

struct tape *library_fail_load(struct tape_result *result,
    enum tape_cause cause, const char *message)
{
	result->cause = cause;
	snprintf(result->message, sizeof result->message, "%.*s",
	    (int)sizeof result->message - 1, message);
	return NULL;
}

struct known_volume *library_find_known(const struct library *library,
    int64_t id)
{
	size_t i = library->known_count;

	/* In a library in memory, ids are indices + 1. */
	if (id > 0 && id <= (int64_t)i && library->known[id - 1].id == id)
		return &library->known[id - 1];
	while (i-- > 0)
		if (library->known[i].id == id)
			return &library->known[i];
	return NULL;
}

int64_t library_robot_moves(struct library *library, unsigned moves,
    int64_t now_ns)
{
	if (moves == 0 || library->move_ns == 0)
		return now_ns;
	if (library->robot_ns < now_ns)
		library->robot_ns = now_ns;
	library->robot_ns =
	    later_add(library->robot_ns, later_times(library->move_ns, moves));
	return library->robot_ns;
}

struct known_volume *library_add_known(struct library *library, int64_t id,
    const char *barcode, const char *file)
{
	const char *folder = changer_folder(library->changer);
	struct known_volume *known =
	    grow_by_one(library->known, library->known_count, sizeof *known);
	char *path = NULL;

	if (known == NULL)
		return NULL;
	library->known = known;
	known += library->known_count;
	if (asprintf(&path, "%s%s%s", folder, folder[0] != '\0' ? "/" : "",
		file) < 0)
		return NULL;
	*known = (struct known_volume){ .id = id, .path = path };
	snprintf(known->barcode, sizeof known->barcode, "%s", barcode);
	library->known_count++;
	return known;
}
