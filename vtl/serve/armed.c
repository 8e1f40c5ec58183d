/*
 * armed.c: which faults the library had while it was served, and which of them
 * never struck.
 *
 * A restore and "tapelab vtl fault --remove" take faults out of library.db, so
 * that their strikes cannot be read there at the end.  Therefore each fault that
 * is seen in the library is kept here.
 *
 * Invariants:
 *
 *  1. The library is looked at after each change that is reported to the server,
 *     and before a restore.  A fault that is no longer there is kept if it never
 *     struck.
 *  2. After a restore numbers are used again.  A fault of the snapshot that was
 *     in the library before the restore, too, is the same one.
 *  3. A strike is that of the fault in the library.  If no look has seen this one
 *     yet, the next look does, with its strikes.
 */
#include "vtl/serve/impl.h"

#include <stdlib.h>
#include <string.h>

#include "splitter/base/grow.h"

static bool is_same(const struct serve_fault *a, const struct serve_fault *b)
{
	if (a->kind != b->kind || a->id != b->id)
		return false;
	switch (a->kind) {
	case SERVE_FAULT_OF_ROBOT:
		/* `nth` counts from now. */
		return a->robot.mode == b->robot.mode &&
		    a->robot.once == b->robot.once;
	case SERVE_FAULT_OF_DRIVE:
		return a->drive.drive == b->drive.drive &&
		    memcmp(&a->drive.fault, &b->drive.fault,
			sizeof a->drive.fault) == 0;
	case SERVE_FAULT_OF_VOLUME:
		break;
	}
	return strcmp(a->volume.barcode, b->volume.barcode) == 0 &&
	    strcmp(a->volume.entry, b->volume.entry) == 0;
}

static void free_fault(struct serve_armed_fault *f)
{
	if (f->fault.kind == SERVE_FAULT_OF_VOLUME)
		free(f->fault.volume.entry);
}

/* Returns the kept fault that this one of the library is, or NULL. */
static struct serve_armed_fault *find(struct serve_armed *a,
    const struct serve_fault *fault)
{
	size_t i;

	for (i = 0; i < a->count; i++)
		if (a->list[i].in_library && is_same(&a->list[i].fault, fault))
			return &a->list[i];
	return NULL;
}

/* Keeps a new fault.  Returns NULL without memory. */
static struct serve_armed_fault *append(struct serve_armed *a,
    const struct serve_fault *fault)
{
	struct serve_armed_fault f = { .fault = *fault, .in_library = true };
	struct serve_armed_fault *list =
	    grow_by_one(a->list, a->count, sizeof *list);

	if (list == NULL)
		return NULL;
	a->list = list;
	if (fault->kind == SERVE_FAULT_OF_VOLUME) {
		f.fault.volume.entry = strdup(fault->volume.entry);
		if (f.fault.volume.entry == NULL)
			return NULL;
	}
	list[a->count] = f;
	return &list[a->count++];
}

/* The library has this fault. */
static void see(struct serve_armed *a, const struct serve_fault *fault,
    uint64_t strikes)
{
	struct serve_armed_fault *f = find(a, fault);

	if (f == NULL)
		f = append(a, fault);
	if (f == NULL) {
		a->incomplete = true;
		return;
	}
	f->seen = true;
	f->struck = f->struck || strikes > 0;
}

static bool see_robot(struct serve *serve)
{
	struct changer_fault *list;
	size_t count, i;

	if (changer_list_faults(serve->changer, &list, &count) != CHANGER_OK)
		return false;
	for (i = 0; i < count; i++)
		see(&serve->armed,
		    &(struct serve_fault){ .kind = SERVE_FAULT_OF_ROBOT,
			.id = list[i].id,
			.robot = list[i] },
		    list[i].strikes);
	free(list);
	return true;
}

static bool see_drives(struct serve *serve)
{
	struct changer_drive_fault *list;
	size_t count, i;

	if (changer_list_drive_faults(serve->changer, &list, &count) !=
	    CHANGER_OK)
		return false;
	for (i = 0; i < count; i++)
		see(&serve->armed,
		    &(struct serve_fault){ .kind = SERVE_FAULT_OF_DRIVE,
			.id = list[i].fault.id,
			.drive = list[i] },
		    list[i].strikes);
	free(list);
	return true;
}

static bool see_volumes(struct serve *serve)
{
	struct changer_volume_fault *list;
	size_t count, i;

	if (changer_list_volume_faults(serve->changer, &list, &count) !=
	    CHANGER_OK)
		return false;
	for (i = 0; i < count; i++)
		see(&serve->armed,
		    &(struct serve_fault){ .kind = SERVE_FAULT_OF_VOLUME,
			.id = list[i].id,
			.volume = list[i] },
		    list[i].strikes);
	changer_free_volume_faults(list, count);
	return true;
}

/* The faults that were not seen are no longer in the library. */
static void end_unseen(struct serve_armed *a)
{
	struct serve_armed_fault *f;
	size_t i, kept = 0;

	for (i = 0; i < a->count; i++) {
		f = &a->list[i];
		f->in_library = f->in_library && f->seen;
		f->seen = false;
		if (f->in_library || !f->struck)
			a->list[kept++] = *f;
		else
			free_fault(f);
	}
	a->count = kept;
}

void serve_look_at_faults(struct serve *serve)
{
	struct serve_armed *a = &serve->armed;

	if (!serve->options.strict)
		return;
	pthread_mutex_lock(&a->lock);
	if (see_robot(serve) && see_drives(serve) && see_volumes(serve))
		end_unseen(a);
	else
		a->incomplete = true;
	pthread_mutex_unlock(&a->lock);
}

void serve_armed_struck(struct serve *serve, int64_t id)
{
	struct serve_armed *a = &serve->armed;
	size_t i;

	pthread_mutex_lock(&a->lock);
	/* Others with this number were removed before; the last is there. */
	for (i = a->count; i > 0; i--)
		if (a->list[i - 1].in_library &&
		    a->list[i - 1].fault.id == id) {
			a->list[i - 1].struck = true;
			break;
		}
	pthread_mutex_unlock(&a->lock);
}

bool serve_list_unstruck(struct serve *serve, struct serve_fault **list,
    size_t *count)
{
	struct serve_armed *a = &serve->armed;
	size_t i;

	*count = 0;
	pthread_mutex_lock(&serve->lock);
	serve_look_at_faults(serve);
	pthread_mutex_lock(&a->lock);
	*list = calloc(a->count + 1, sizeof **list);
	for (i = 0; i < a->count && *list != NULL; i++)
		if (!a->list[i].struck)
			(*list)[(*count)++] = a->list[i].fault;
	pthread_mutex_unlock(&a->lock);
	pthread_mutex_unlock(&serve->lock);
	if (*list != NULL && !a->incomplete)
		return true;
	free(*list);
	return false;
}

void serve_armed_free(struct serve_armed *a)
{
	size_t i;

	for (i = 0; i < a->count; i++)
		free_fault(&a->list[i]);
	free(a->list);
	pthread_mutex_destroy(&a->lock);
}
