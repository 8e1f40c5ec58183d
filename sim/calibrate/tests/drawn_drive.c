/* drawn_drive.c: see drawn_drive.h. */
#include "sim/calibrate/tests/drawn_drive.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/drive/drive.h"
#include "vtl/library/vtape.h"
#include "vtl/tests/vtl_scratch.h"

static double between(uint64_t *seed, double low, double high)
{
	return low +
	    (double)(scratch_random(seed) % 1000001) / 1e6 * (high - low);
}

static int64_t seconds(uint64_t *seed, double low, double high)
{
	return llround(between(seed, low, high) * 1e9);
}

static void draw_medium(struct model_medium *m, uint64_t *seed)
{
	double wrap = between(seed, 4e9, 60e9), speed;

	m->wraps = 16 + 4 * (uint32_t)(scratch_random(seed) % 8);
	m->bands = 1u << scratch_random(seed) % 3;
	m->capacity_bytes = (uint64_t)(wrap * m->wraps);
	m->early_warning_bytes = (uint64_t)between(seed, 20e6, 300e6);
	m->speeds = 1 + scratch_random(seed) % 14;
	speed = between(seed, 20e6, 150e6);
	for (size_t i = 0; i < m->speeds; i++) {
		m->speeds_bytes_per_s[i] = (uint64_t)speed;
		speed *= between(seed, 1.05, 1.2);
	}
	m->rewind_ns = seconds(seed, 50, 120);
	m->locate_length_ns = seconds(seed, 40, 110);
	m->locate_start_ns = seconds(seed, 2, 6);
	m->locate_wrap_ns = seconds(seed, 2, 8);
	m->locate_band_ns = seconds(seed, 1, 5);
	m->locate_turn_ns = seconds(seed, 1, 6);
}

static void draw(struct model *m, uint64_t *seed)
{
	struct model_medium *d = &m->media[0];
	double top;

	*m = *model_find("lto8");
	m->media_count = 1;
	draw_medium(d, seed);
	top = (double)d->speeds_bytes_per_s[d->speeds - 1];
	m->command_ns = seconds(seed, 20e-6, 100e-6);
	m->bus_bytes_per_s = (uint64_t)(top * between(seed, 2, 3.5));
	m->buffer_bytes = (uint64_t)between(seed, 48e6, 1e9);
	m->restart_permille = (uint32_t)between(seed, 300, 1000);
	m->write_delay_ns = seconds(seed, 6, 40);
	m->rule = scratch_random(seed) % 4;
	m->hitch_ns = seconds(seed, 1.5, 4);
	m->hitch_permille = (uint32_t)between(seed, 100, 600);
	m->sync_without_hitch = scratch_random(seed) % 6 == 0;
	m->turn_ns = seconds(seed, 1, 5);
	m->load_ns = seconds(seed, 5, 30);
	m->unload_ns = seconds(seed, 5, 40);
	memset(m->unload_rewind_ns, 0, sizeof m->unload_rewind_ns);
	if (scratch_random(seed) % 4 == 0)
		for (int i = 0; i < 3; i++)
			m->unload_rewind_ns[i] = seconds(seed, 30, 160);
}

/* Nothing that was expected is right, but the number of bands. */
static void draw_base(struct model *base, const struct model *m, uint64_t *seed)
{
	const struct model *other = model_find("lto7");

	*base = *m;
	base->command_ns = other->command_ns;
	base->bus_bytes_per_s =
	    (uint64_t)((double)m->bus_bytes_per_s * between(seed, 0.8, 1.3));
	base->buffer_bytes =
	    (uint64_t)((double)m->buffer_bytes * between(seed, 0.5, 2));
	base->restart_permille = other->restart_permille;
	base->write_delay_ns = other->write_delay_ns;
	base->rule = MODEL_BEST;
	base->hitch_ns = other->hitch_ns;
	base->hitch_permille = other->hitch_permille;
	base->turn_ns = other->turn_ns;
	base->load_ns = base->unload_ns = 10;
	base->media[0] = other->media[0];
	base->media[0].capacity_bytes =
	    (uint64_t)((double)m->media[0].capacity_bytes *
		between(seed, 0.85, 1.2));
	base->media[0].wraps = m->media[0].wraps;
	base->media[0].bands = m->media[0].bands;
}

static void label(struct drawn_drive *d)
{
	static const char text[32768] = "label";
	struct tape_result result;

	d->tape->ops->label(d->tape, text, sizeof text, d->now_ns, &result);
	ck_assert_msg(result.cause == TAPE_OK, "%s", result.message);
	d->now_ns = result.done_ns;
}

void drawn_drive_make(struct drawn_drive *d, uint64_t seed,
    void (*change)(struct model *model))
{
	struct volume_spec volume = scratch_spec(VOLUME_PAYLOAD_NONE);
	struct library_spec spec = { .paths = (const char *const *)&d->path,
		.volume_count = 1,
		.drives = d->models,
		.drive_count = 1 };
	char message[VOLUME_MESSAGE_BYTES], name[32];
	struct tape_library *tapes;
	struct tape_result result;
	uint64_t state = seed * 7919 + 17;

	memset(d, 0, sizeof *d);
	scratch_random(&state);
	draw(&d->model, &state);
	if (change != NULL)
		change(&d->model);
	draw_base(&d->base, &d->model, &state);
	d->models[0] = &d->model;
	strcpy(volume.barcode, "CAL001L8");
	volume.capacity_bytes = d->model.media[0].capacity_bytes;
	volume.early_warning_bytes = d->model.media[0].early_warning_bytes;
	volume.has_early_warning = true;
	snprintf(name, sizeof name, "CAL%03uL8", (unsigned)(seed % 1000));
	strcpy(volume.barcode, name);
	d->path = library_volume_path(scratch_folder(), name);
	remove(d->path);
	ck_assert_msg(volume_create(d->path, &volume, "", false, message) == 0,
	    "%s", message);
	d->library = library_new(&spec);
	ck_assert_ptr_nonnull(d->library);
	tapes = library_tapes(d->library);
	d->tape = tapes->ops->load(tapes, 0, &result);
	ck_assert_msg(d->tape != NULL, "%s", result.message);
	d->now_ns = result.done_ns;
	label(d);
}

void drawn_drive_free(struct drawn_drive *d)
{
	library_free(d->library);
	remove(d->path);
	free(d->path);
}

static void take(struct drawn_drive *d, const char *what,
    const struct drive_result *answer, struct tape_result *result)
{
	vtape_translate(d->tape, what, answer, result);
	result->done_ns = answer->done_ns;
}

static struct volume *unloaded;

static void unload(void *arg, int64_t now_ns, struct tape_result *result)
{
	struct drawn_drive *d = arg;
	struct drive_result answer;

	unloaded = drive_unload(vtape_drive(d->tape), now_ns, &answer);
	tape_result_init(result, answer.done_ns);
	ck_assert_ptr_nonnull(unloaded);
}

static void load(void *arg, int64_t now_ns, struct tape_result *result)
{
	struct drawn_drive *d = arg;
	struct drive_result answer;

	drive_load(vtape_drive(d->tape), unloaded, now_ns, &answer);
	take(d, "load", &answer, result);
}

struct calibrate_config drawn_drive_config(struct drawn_drive *d)
{
	return (struct calibrate_config){
		.tape = d->tape,
		.now_ns = d->now_ns,
		.base = &d->base,
		.medium = &d->base.media[0],
		.arg = d,
		.unload = unload,
		.load = load,
	};
}

double drawn_drive_true(const struct model *m, enum calibrate_constant which)
{
	const struct model_medium *d = &m->media[0];

	switch (which) {
	case CALIBRATE_COMMAND:
		return (double)m->command_ns / 1e9;
	case CALIBRATE_BUS:
		return (double)m->bus_bytes_per_s;
	case CALIBRATE_BUFFER_SIZE:
		return (double)m->buffer_bytes;
	case CALIBRATE_RESTART:
		return (double)m->restart_permille / 1e3;
	case CALIBRATE_WRITE_DELAY:
		return (double)m->write_delay_ns / 1e9;
	case CALIBRATE_RULE:
		return m->rule;
	case CALIBRATE_HITCH:
		return (double)m->hitch_ns / 1e9;
	case CALIBRATE_HITCH_STANDSTILL:
		return (double)m->hitch_permille / 1e3;
	case CALIBRATE_TURN:
		return (double)m->turn_ns / 1e9;
	case CALIBRATE_SYNC_HITCH:
		return m->sync_without_hitch;
	case CALIBRATE_LOAD:
		return (double)m->load_ns / 1e9;
	case CALIBRATE_UNLOAD:
		return (double)m->unload_ns / 1e9;
	case CALIBRATE_UNLOAD_REWIND_FEW:
	case CALIBRATE_UNLOAD_REWIND_SOME:
	case CALIBRATE_UNLOAD_REWIND_MANY:
		return (double)m->unload_rewind_ns[which -
			   CALIBRATE_UNLOAD_REWIND_FEW] /
		    1e9;
	case CALIBRATE_LOCATE_START:
		return (double)d->locate_start_ns / 1e9;
	case CALIBRATE_LOCATE_WRAP:
		return (double)d->locate_wrap_ns / 1e9;
	case CALIBRATE_LOCATE_BAND:
		return (double)d->locate_band_ns / 1e9;
	case CALIBRATE_LOCATE_TURN:
		return (double)d->locate_turn_ns / 1e9;
	case CALIBRATE_LOCATE_LENGTH:
		return (double)d->locate_length_ns / 1e9;
	case CALIBRATE_REWIND:
		return (double)d->rewind_ns / 1e9;
	case CALIBRATE_WRAP_BYTES:
		return (double)(d->capacity_bytes / d->wraps);
	case CALIBRATE_CAPACITY:
		return (double)d->capacity_bytes;
	case CALIBRATE_EARLY_WARNING:
		return (double)d->early_warning_bytes;
	case CALIBRATE_TOP_SPEED:
		return (double)d->speeds_bytes_per_s[d->speeds - 1];
	default:
		return 0;
	}
}

/* In a period a buffer is filled and drained, and a backhitch follows. */
static double received(const struct model *m, double v, double feed)
{
	const struct model_medium *d = &m->media[0];
	double share = (double)m->hitch_permille / 1e3;
	double top = (double)d->speeds_bytes_per_s[d->speeds - 1];
	double hitch_s =
	    (double)m->hitch_ns / 1e9 * (share + (1 - share) * v / top);
	double buffer = (double)m->buffer_bytes, drain_s;

	if (v <= feed)
		return v;
	drain_s = buffer / (v - feed);
	return fmin(feed, drain_s * v / (drain_s + hitch_s));
}

double drawn_drive_speed(const struct model *m, enum model_rule rule,
    double feed)
{
	const struct model_medium *d = &m->media[0];
	double lowest = (double)d->speeds_bytes_per_s[0], chosen = lowest;

	for (size_t i = 1; i < d->speeds; i++) {
		double v = (double)d->speeds_bytes_per_s[i];

		if (rule == MODEL_TOP || (rule == MODEL_BELOW && v <= feed) ||
		    (rule == MODEL_ABOVE && chosen < feed) ||
		    (rule == MODEL_BEST &&
			received(m, v, feed) >
			    received(m, chosen, feed) * (1 + 1e-9)))
			chosen = v;
	}
	return chosen;
}

size_t drawn_drive_rule_shown(const struct drawn_drive *d,
    const struct calibrate_result *r, enum model_rule rule, double share)
{
	const struct calibrate_series *s = &r->curves[CALIBRATE_CURVE_SPEEDS];
	const struct model *m = &d->model;
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++) {
		double is = drawn_drive_speed(m, m->rule, s->points[i].x);
		bool same = false;

		for (int k = -1; k <= 1; k++)
			same |= drawn_drive_speed(m, rule,
				    s->points[i].x * (1 + k * share)) == is;
		n += !same;
	}
	return n;
}
