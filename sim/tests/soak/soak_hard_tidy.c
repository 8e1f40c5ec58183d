/* soak_hard_tidy.c: removes what a hard scenario may not have. */
#include "sim/tests/soak/soak_hard.h"

static uint64_t largest_bytes(const struct soak_case *c)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < c->volumes_count; i++)
		if (c->volumes[i].capacity_bytes > bytes)
			bytes = c->volumes[i].capacity_bytes;
	return bytes;
}

static void tidy_limit(struct soak_case *c)
{
	struct soak_hard *h = &c->hard;

	if (h->limit_bytes < 2 * c->block_bytes ||
	    h->limit_bytes >= largest_bytes(c))
		h->limit_bytes = 0;
	if (h->limit_warning_bytes >= h->limit_bytes)
		h->limit_warning_bytes = 0;
}

/* Removes buffer sizes where buffered mode is off: such a key is refused. */
static void tidy_buffers(struct soak_case *c)
{
	struct soak_hard *h = &c->hard;

	if (h->behaviour.buffering == DRIVE_UNBUFFERED)
		h->behaviour.buffer_bytes = 0;
	for (size_t i = 0; i < SOAK_DRIVES; i++) {
		enum drive_buffering b = h->behaviours[i].buffering;

		if (b == DRIVE_UNBUFFERED ||
		    (b == DRIVE_BUFFERED_AS_MODEL &&
			h->behaviour.buffering == DRIVE_UNBUFFERED))
			h->behaviours[i].buffer_bytes = 0;
	}
}

static bool fault_fits(const struct soak_case *c,
    const struct scenario_fault *f)
{
	uint64_t end;

	if (f->fail != FAIL_DRIVE && f->fail != FAIL_BARCODE &&
	    !scenario_is_defect(f->fail))
		return true;
	if (f->volume > c->volumes_count || f->drive > c->drives_count)
		return false;
	if (!scenario_is_defect(f->fail) || f->of_volume.unit != VOLUME_BYTES)
		return true;
	end = c->volumes[f->volume - 1].capacity_bytes;
	if (c->hard.limit_bytes > 0 && c->hard.limit_bytes < end)
		end = c->hard.limit_bytes;
	return f->at_bytes < end;
}

void soak_hard_tidy(struct soak_case *c)
{
	size_t i, kept = 0;

	if (!c->hard.is)
		return;
	tidy_limit(c);
	tidy_buffers(c);
	if (c->zeros)
		c->hard.compressible_permille = 0;
	c->hard.other_payload = c->hard.other_payload && !c->real;
	c->hard.both_clocks =
	    c->hard.both_clocks && !c->real && soak_hard_is_untimed(c);
	for (i = 0; i < c->faults_count; i++)
		if (fault_fits(c, &c->faults[i]))
			c->faults[kept++] = c->faults[i];
	c->faults_count = kept;
}
