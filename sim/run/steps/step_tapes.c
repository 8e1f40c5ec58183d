/* step_tapes.c: see step_tapes.h. */
#include "sim/run/steps/step_tapes.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/run/steps/place.h"
#include "sim/setup/library_tapes.h"

struct open_tapes {
	struct library_tapes base; /* first: cast to this */
	struct tape_library *inner, *place;
	struct step_tapes *of;
	const char *only; /* a list of one volume, or NULL */
	bool reading;
};

bool step_tapes_killed(const struct step_tapes *t)
{
	return (t->reached || (t->place != NULL && place_reached(t->place))) &&
	    t->interrupt.by != INTERRUPT_PULL;
}

void step_tapes_clear(struct step_tapes *t)
{
	library_free(t->kept);
	t->kept = NULL;
}

static void close_tapes(struct tapes *tapes)
{
	struct open_tapes *t = (struct open_tapes *)tapes;
	struct step_tapes *of = t->of;
	const struct story_device *device = stock_device(of->stock);

	of->reached |= place_reached(t->place);
	if (!of->real)
		of->spent_ns += place_last_ns(t->place);
	if (device == NULL && place_reached(t->place) && step_tapes_killed(of))
		library_abandon(t->base.library,
		    of->interrupt.by == INTERRUPT_POWER,
		    place_last_ns(t->place));
	place_library_free(t->place);
	if (of->place == t->place) {
		of->library = NULL;
		of->place = NULL;
	}
	if (device != NULL) {
		device->close(device->arg, t->inner);
	} else if (t->reading) {
		library_free(t->base.library);
	} else {
		step_tapes_clear(of);
		of->kept = t->base.library;
	}
	free(t);
}

static const struct tapes_ops tapes_ops = {
	.take_missed = library_tapes_take_missed,
	.each = library_tapes_each,
	.inherit = library_tapes_inherit,
	.each_lost = library_tapes_each_lost,
	.close = close_tapes,
};

/* Opens the virtual library, or the device.  Returns 0, or -1 with a message. */
static int open_inner(struct open_tapes *t, const struct tapes_use *use,
    char *err, size_t err_bytes)
{
	const struct story_device *device = stock_device(t->of->stock);

	if (device != NULL) {
		t->inner = device->open(device->arg, use, err, err_bytes);
		return t->inner != NULL ? 0 : -1;
	}
	t->base.library = stock_open(t->of->stock, t->of->program, use->reading,
	    use->inspecting, err, err_bytes);
	if (t->base.library == NULL)
		return -1;
	t->inner = library_tapes(t->base.library);
	return 0;
}

static void close_inner(struct open_tapes *t)
{
	const struct story_device *device = stock_device(t->of->stock);

	if (device != NULL)
		device->close(device->arg, t->inner);
	else
		library_free(t->base.library);
}

static struct tapes *open_tapes(void *arg, const struct tapes_use *use,
    char *err, size_t err_bytes)
{
	static const struct scenario_interrupt nothing;
	struct step_tapes *of = arg;
	struct open_tapes *t = calloc(1, sizeof *t);

	if (t == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	t->base.tapes.ops = &tapes_ops;
	t->of = of;
	t->only = use->only;
	if (use->only != NULL) {
		t->base.volumes = &t->only;
		t->base.volumes_count = 1;
	} else if (!use->inspecting) {
		t->base.volumes = of->volumes;
		t->base.volumes_count = of->volumes_count;
	}
	if (open_inner(t, use, err, err_bytes) != 0) {
		free(t);
		return NULL;
	}
	t->reading = use->reading;
	/* The place is next to the drives, to pull a volume out of one. */
	t->place = place_library_new(t->inner,
	    use->reading || of->reached ? &nothing : &of->interrupt,
	    stock_device(of->stock) != NULL);
	if (t->place == NULL) {
		snprintf(err, err_bytes, "out of memory");
		close_inner(t);
		free(t);
		return NULL;
	}
	if (of->opened != NULL && t->base.library != NULL)
		of->opened(of->opened_arg, t->base.library);
	of->library = t->base.library;
	of->place = t->place;
	library_tapes_init(&t->base, t->base.library, t->place);
	t->base.tapes.library = &t->base.chosen;
	return &t->base.tapes;
}

struct tapes_source step_tapes_source(struct step_tapes *tapes)
{
	return (struct tapes_source){
		.open = open_tapes,
		.arg = tapes,
		.library = stock_device(tapes->stock) != NULL
		    ? NULL
		    : stock_folder(tapes->stock),
		.volumes = tapes->volumes,
		.volumes_count = tapes->volumes_count,
	};
}
