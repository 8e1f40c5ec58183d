/* library_tapes.c: see library_tapes.h. */
#include "sim/setup/library_tapes.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/sentence.h"

static struct library_tapes *of(struct tape_library *chosen)
{
	return (struct library_tapes *)(void *)((char *)chosen -
	    offsetof(struct library_tapes, chosen));
}

/* Prepends the name of the volume to the message. */
static void name_volume(struct tape_result *result, const char *barcode)
{
	char why[TAPE_MESSAGE_BYTES];

	memcpy(why, result->message, sizeof why);
	sentence(result->message, sizeof result->message, "volume %s: %s",
	    barcode, why);
}

/* Remembers which volume could not be loaded; `barcode` is "" if unknown. */
static struct tape *note(struct library_tapes *c, struct tape *tape,
    const char *barcode)
{
	struct library_load_failure missed = { .in_use = false };

	memset(&c->missed, 0, sizeof c->missed);
	if (tape != NULL)
		return tape;
	if (c->library != NULL)
		library_get_load_failure(c->library, &missed);
	if (barcode[0] == '\0')
		barcode = missed.barcode;
	snprintf(c->missed.barcode, sizeof c->missed.barcode, "%s", barcode);
	c->missed.in_use = missed.in_use;
	return NULL;
}

static struct tape *load_chosen(struct tape_library *library, int64_t now_ns,
    struct tape_result *result)
{
	struct library_tapes *c = of(library);
	const char *barcode;
	struct tape *tape;

	if (c->volumes_count == 0)
		return note(c, c->inner->ops->load(c->inner, now_ns, result),
		    "");
	if (c->next < c->volumes_count) {
		barcode = c->volumes[c->next++];
		tape =
		    note(c, tape_load_named(c->inner, barcode, now_ns, result),
			barcode);
		/* A missing volume does not end the list. */
		if (tape == NULL && result->cause == TAPE_NO_VOLUME) {
			result->cause = TAPE_UNKNOWN_ERROR;
			name_volume(result, barcode);
		}
		return tape;
	}
	tape_result_init(result, now_ns);
	result->cause = TAPE_NO_VOLUME;
	snprintf(result->message, sizeof result->message,
	    "all volumes named with --volume are used; name more of them");
	return NULL;
}

static struct tape *load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *result)
{
	struct library_tapes *c = of(library);

	return note(c, tape_load_named(c->inner, barcode, now_ns, result),
	    barcode);
}

static void unload(struct tape_library *library, struct tape *tape,
    enum tape_close why, int64_t now_ns, struct tape_result *result)
{
	struct tape_library *inner = of(library)->inner;

	inner->ops->unload(inner, tape, why, now_ns, result);
}

static const struct tape_library_ops chosen_ops = {
	.load = load_chosen,
	.load_named = load_named,
	.unload = unload,
};

void library_tapes_init(struct library_tapes *t, struct library *library,
    struct tape_library *inner)
{
	t->library = library;
	t->inner = inner;
	t->chosen.ops = &chosen_ops;
}

void library_tapes_take_missed(struct tapes *tapes, struct tapes_missed *missed)
{
	struct library_tapes *c = (struct library_tapes *)tapes;

	*missed = c->missed;
	memset(&c->missed, 0, sizeof c->missed);
}

/* Returns why a cartridge must stay where it is; NULL: it may be loaded. */
static const char *why_left(const struct changer_element *e, char *text,
    size_t bytes)
{
	if (e->kind == CHANGER_KIND_IE)
		snprintf(text, bytes,
		    "it is in import/export slot %u: move it into a storage "
		    "slot",
		    e->number);
	else if (e->kind == CHANGER_KIND_DRIVE && e->by_hand &&
	    e->client.id == 0)
		snprintf(text, bytes,
		    "it was loaded into drive %u by hand: unload it, or name "
		    "that drive or that volume",
		    e->number);
	else
		return NULL;
	return text;
}

int library_tapes_each(struct tapes *tapes,
    bool (*each)(void *arg, const char *barcode, const char *why), void *arg,
    char *err, size_t err_bytes)
{
	struct library_tapes *t = (struct library_tapes *)tapes;
	char why[160];
	struct changer_element *elements;
	struct changer *changer;
	size_t count, i;

	if (t->library == NULL || t->volumes_count > 0)
		return 0;
	changer = library_changer(t->library);
	if (changer_list(changer, &elements, &count) != CHANGER_OK) {
		snprintf(err, err_bytes, "%s", changer_message(changer));
		return -1;
	}
	for (i = 0; i < count; i++)
		if (elements[i].full && !elements[i].cleaning &&
		    !each(arg, elements[i].barcode,
			why_left(&elements[i], why, sizeof why)))
			break;
	free(elements);
	return 0;
}

int library_tapes_inherit(struct tapes *tapes, const struct tapes *from)
{
	struct library *to = ((struct library_tapes *)tapes)->library;
	const struct library *other =
	    ((const struct library_tapes *)from)->library;

	return to != NULL && other != NULL
	    ? library_copy_fingerprints(to, other)
	    : 0;
}

void library_tapes_each_lost(struct tapes *tapes,
    void (*each)(void *arg, const char *barcode, bool lost, const char *why),
    void *arg)
{
	struct library_tapes *t = (struct library_tapes *)tapes;
	char why[VOLUME_MESSAGE_BYTES];
	struct library_volume volume;
	enum volume_match is;
	size_t i;

	if (t->library == NULL)
		return;
	for (i = 0; i < library_volume_count(t->library); i++) {
		is = library_verify_volume(t->library, i, why);
		library_volume_get(t->library, i, &volume);
		if (is != VOLUME_UNCHANGED)
			each(arg, volume.barcode, is == VOLUME_REPLACED, why);
	}
}
