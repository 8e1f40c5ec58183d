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

bool library_is_on_disk(const struct library *library)
{
	return changer_folder(library->changer)[0] != '\0';
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

static void move(struct library *library, unsigned moves, int64_t now_ns)
{
	library->robot_busy_ns = later_add(library->robot_busy_ns,
	    later_times(library->move_ns, moves));
	if (library->robot_ns < now_ns)
		library->robot_ns = now_ns;
	library->robot_ns =
	    later_add(library->robot_ns, later_times(library->move_ns, moves));
}

/* Makes the moves back to slots that are due by `now_ns`. */
static void return_due(struct library *library, int64_t now_ns)
{
	struct bay *next;

	do {
		next = NULL;
		for (size_t i = 0; i < library->bay_count; i++) {
			struct bay *bay = &library->bays[i];

			if (bay->return_moves > 0 && bay->return_ns <= now_ns &&
			    (next == NULL || bay->return_ns < next->return_ns))
				next = bay;
		}
		if (next != NULL) {
			move(library, next->return_moves, next->return_ns);
			next->return_moves = 0;
		}
	} while (next != NULL);
}

int64_t library_robot_moves(struct library *library, unsigned moves,
    int64_t now_ns)
{
	if (moves == 0 || library->move_ns == 0)
		return now_ns;
	return_due(library, now_ns);
	move(library, moves, now_ns);
	return library->robot_ns;
}

void library_return_at(struct library *library, struct bay *bay, unsigned moves,
    int64_t due_ns)
{
	library_return_now(library, bay);
	bay->return_moves = library->move_ns > 0 ? moves : 0;
	bay->return_ns = due_ns;
}

void library_return_now(struct library *library, struct bay *bay)
{
	if (bay->return_moves > 0)
		return_due(library, bay->return_ns);
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
