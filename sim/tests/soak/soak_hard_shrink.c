/* soak_hard_shrink.c: simplifications of bad drives and media. */
#include "sim/tests/soak/soak_shrink.h"

#include <string.h>

#define SMALLER_BEHAVIOUR(s, member)                                     \
	do {                                                             \
		static const struct drive_options none_;                 \
                                                                         \
		if (memcmp(&(s)->of->member, &none_, sizeof none_) != 0) \
			smaller_try(s)->member = none_;                  \
		PLAIN(s, member.no_early_warning, false);                \
		PLAIN(s, member.early_warning_delay_blocks, 0);          \
		PLAIN(s, member.pews_bytes, 0);                          \
		PLAIN(s, member.residual, DRIVE_RESIDUAL_EXACT);         \
		PLAIN(s, member.buffering, DRIVE_BUFFERED_AS_MODEL);     \
		PLAIN(s, member.ratio_spread_permille, 0);               \
		PLAIN(s, member.layout.ratio_permille, 0);               \
		PLAIN(s, member.layout.block_overhead_bytes, 0);         \
		PLAIN(s, member.layout.filemark_bytes, 0);               \
		PLAIN(s, member.capacity_spread_permille, 0);            \
		PLAIN(s, member.capacity_permille, 0);                   \
		PLAIN(s, member.media_initialization_ns, 0);             \
		PLAIN(s, member.clean_after_loads, 0);                   \
		PLAIN(s, member.buffer_bytes, 0);                        \
	} while (0)

static void smaller_numbers(struct smaller *s, size_t i)
{
	const struct soak_case *of = s->of;
	const uint64_t block = of->block_bytes;

	PLAIN(s, faults[i].of_volume.length, 0);
	PLAIN(s, faults[i].of_volume.one_in, 0);
	PLAIN(s, faults[i].of_volume.recover_after, 0);
	SMALLER_SIZES(s, faults[i].of_volume.at, 1);
	SMALLER_SIZES(s, faults[i].of_volume.file, 1);
	if (of->faults[i].of_drive.nth > 1)
		SMALLER_SIZES(s, faults[i].of_drive.nth, 1);
	if (of->faults[i].of_drive.every > 1)
		SMALLER_SIZES(s, faults[i].of_drive.every, 1);
	if (of->faults[i].of_drive.after_bytes > block)
		SMALLER_SIZES(s, faults[i].of_drive.after_bytes, block);
	if (of->faults[i].of_drive.slowdown > 2)
		smaller_try(s)->faults[i].of_drive.slowdown = 2;
	if (of->faults[i].of_volume.slowdown > 2)
		smaller_try(s)->faults[i].of_volume.slowdown = 2;
}

/* Makes a fault by time, chance or place apply to the first operation. */
static void plainer_fault(struct smaller *s, size_t i)
{
	const struct scenario_fault *f = &s->of->faults[i];
	struct drive_fault *d;

	PLAIN(s, faults[i].once, true);
	if (f->fail != FAIL_DRIVE)
		return;
	PLAIN(s, faults[i].drive, 0);
	PLAIN(s, faults[i].volume, 0);
	PLAIN(s, faults[i].of_drive.duration_ns, 0);
	PLAIN(s, faults[i].of_drive.to_object, 0);
	PLAIN(s, faults[i].of_drive.deferred, false);
	if (!f->of_drive.once && f->of_drive.mode != DRIVE_FAULT_SLOW)
		smaller_try(s)->faults[i].of_drive.once = true;
	if (f->of_drive.mode == DRIVE_FAULT_HANG ||
	    f->of_drive.mode == DRIVE_FAULT_RESET) {
		d = &smaller_try(s)->faults[i].of_drive;
		d->mode = DRIVE_FAULT_FAIL;
		d->duration_ns = 0;
		d->sense = sense_find("medium_error")->sense;
	}
	if (f->of_drive.nth > 0)
		return;
	d = &smaller_try(s)->faults[i].of_drive;
	d->every = d->after_bytes = d->one_in = d->begin_byte = 0;
	d->after_ns = 0;
	d->end_byte = 0;
	d->nth = 1;
}

void smaller_hard(struct smaller *s)
{
	const struct soak_case *of = s->of;
	size_t i;

	if (!of->hard.is)
		return;
	PLAIN(s, hard.other_payload, false);
	PLAIN(s, hard.both_clocks, false);
	PLAIN(s, hard.load_ahead, false);
	PLAIN(s, hard.zlib, false);
	PLAIN(s, hard.move_ns, 0);
	PLAIN(s, hard.compressible_permille, 0);
	PLAIN(s, hard.limit_bytes, 0);
	PLAIN(s, hard.limit_warning_bytes, 0);
	SMALLER_BEHAVIOUR(s, hard.behaviour);
	for (i = 0; i < of->drives_count; i++)
		SMALLER_BEHAVIOUR(s, hard.behaviours[i]);
	for (i = 0; i < of->volumes_count; i++)
		PLAIN(s, volumes[i].medium, NULL);
	for (i = 0; i < of->faults_count; i++) {
		plainer_fault(s, i);
		smaller_numbers(s, i);
	}
}
