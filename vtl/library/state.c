/* state.c: what the library knows of its cartridges and of its robot. */
#include "vtl/library/impl.h"

#include <stdio.h>
#include <stdlib.h>

#include "splitter/base/later.h"

/* Says why no tape is handed out; returns NULL. */
struct tape *library_refuse(struct tape_result *result, enum tape_cause cause,
    const char *message)
{
	result->cause = cause;
	snprintf(result->message, sizeof result->message, "%.*s",
	    (int)sizeof result->message - 1, message);
	return NULL;
}

struct held *library_find_held(const struct library *library, int64_t id)
{
	size_t i = library->held_count;

	/* In memory they are numbered in their order. */
	if (id > 0 && id <= (int64_t)i && library->held[id - 1].id == id)
		return &library->held[id - 1];
	while (i-- > 0)
		if (library->held[i].id == id)
			return &library->held[i];
	return NULL;
}

/* When `moves` of the robot are done that are asked for now. */
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

struct held *library_add_held(struct library *library, int64_t id,
    const char *barcode, const char *file)
{
	const char *folder = changer_folder(library->changer);
	struct held *held =
	    realloc(library->held, (library->held_count + 1) * sizeof *held);
	char *path = NULL;

	if (held == NULL)
		return NULL;
	library->held = held;
	held += library->held_count;
	if (asprintf(&path, "%s%s%s", folder, folder[0] != '\0' ? "/" : "",
		file) < 0)
		return NULL;
	*held = (struct held){ .id = id, .path = path };
	snprintf(held->barcode, sizeof held->barcode, "%s", barcode);
	library->held_count++;
	return held;
}
