/* soak_hard_draw.c: draws a scenario with bad drives and media from a seed. */
#include "sim/tests/soak/soak_hard.h"

#include "sim/tests/soak/soak_dice.h"

static void draw_share(struct soak_dice *d, uint64_t min, uint64_t max,
    uint64_t *low, uint64_t *spread)
{
	*low = min + draw(d, max - min + 1);
	*spread = draw(d, 2) ? draw(d, max - *low + 1) : 0;
}

/* Draws the capacity, the early warning and the layout of a drive. */
static void draw_layout(struct soak_dice *d, const struct soak_case *c,
    struct drive_options *o)
{
	o->no_early_warning = now_and_then(d, 6);
	if (now_and_then(d, 4))
		o->early_warning_delay_blocks = 1 + draw(d, 6);
	if (now_and_then(d, 5))
		o->pews_bytes = draw(d, 6 * c->block_bytes);
	if (now_and_then(d, 3))
		o->residual = 1 + (enum drive_residual)draw(d, 2);
	if (now_and_then(d, 4))
		draw_share(d, 100, now_and_then(d, 8) ? 100000 : 3000,
		    &o->layout.ratio_permille, &o->ratio_spread_permille);
	if (now_and_then(d, 5))
		draw_share(d, 500, 1000, &o->capacity_permille,
		    &o->capacity_spread_permille);
	if (now_and_then(d, 6))
		o->layout.block_overhead_bytes = draw(d, c->block_bytes);
	if (now_and_then(d, 6))
		o->layout.filemark_bytes = draw(d, 3 * c->block_bytes);
}

static void draw_behaviour(struct soak_dice *d, const struct soak_case *c,
    struct drive_options *o)
{
	o->buffering = draw(d, 2) ? DRIVE_BUFFERED : DRIVE_UNBUFFERED;
	if (o->buffering == DRIVE_BUFFERED && draw(d, 4))
		o->buffer_bytes = draw(d,
		    draw(d, 2) ? 4 * c->block_bytes : 60 * c->block_bytes);
	draw_layout(d, c, o);
	if (now_and_then(d, 8))
		o->media_initialization_ns = (int64_t)draw(d, 7200000000000);
	if (now_and_then(d, 8))
		o->clean_after_loads = 1 + draw(d, 4);
}

static void draw_media(struct soak_dice *d, struct soak_case *c)
{
	static const char *const media[] = { "L1", "L7", "L8", "L8", "LY", "L9",
		"L9", "LZ", "M8" };

	for (size_t i = 0; i < c->volumes_count; i++)
		c->volumes[i].medium = draw(d, 2)
		    ? media[draw(d, sizeof media / sizeof *media)]
		    : NULL;
}

static void draw_library(struct soak_dice *d, struct soak_case *c)
{
	struct soak_hard *h = &c->hard;

	if (draw(d, 3))
		draw_behaviour(d, c, &h->behaviour);
	for (size_t i = 0; i < c->drives_count; i++)
		if (now_and_then(d, 4))
			draw_behaviour(d, c, &h->behaviours[i]);
	if (now_and_then(d, 6)) {
		h->limit_bytes = (2 + draw(d, 20)) * c->block_bytes +
		    draw(d, 2) * draw(d, c->block_bytes);
		h->limit_warning_bytes =
		    draw(d, 2) * draw(d, 4 * c->block_bytes);
	}
	if (now_and_then(d, 4))
		h->move_ns = (int64_t)draw(d, 60000000000);
	h->load_ahead = now_and_then(d, 3);
	if (now_and_then(d, 6))
		draw_media(d, c);
	h->zlib = now_and_then(d, 6);
	if (now_and_then(d, 4))
		h->compressible_permille = 1000 + draw(d, 9001);
}

/* At most two of the three faults that the reference knows, to leave room. */
static void thin_out(struct soak_dice *d, struct soak_case *c)
{
	size_t i, kept = 0;

	for (i = 0; i < c->faults_count; i++)
		if (now_and_then(d, 3))
			c->faults[kept++] = c->faults[i];
	c->faults_count = kept;
}

/* Shortens all pauses: in real time the test would wait for them. */
static void shorten_pauses(struct soak_case *c)
{
	c->rate_min_bytes_per_s = 0;
	for (size_t i = 0; i < c->faults_count; i++)
		c->faults[i].duration_ns %= 1000000;
}

void soak_hard_draw(struct soak_case *c, uint64_t seed)
{
	struct soak_dice d = { seed, 0, RNG_HARD_CASES };
	size_t i, faults;

	soak_draw(c, draw(&d, UINT64_MAX));
	c->seed = seed;
	c->hard.is = true;
	thin_out(&d, c);
	draw_library(&d, c);
	faults = draw(&d, SOAK_HARD_FAULTS + 1);
	for (i = 0; i < faults; i++)
		soak_hard_draw_fault(&d, c, &c->faults[c->faults_count++]);
	c->hard.other_payload = now_and_then(&d, 3);
	c->hard.both_clocks = !c->real && now_and_then(&d, 3);
	if (c->hard.both_clocks)
		shorten_pauses(c);
	soak_tidy(c);
}
