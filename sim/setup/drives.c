/* drives.c: sets the behaviour and the faults of the drives. */
#include "sim/setup/drives.h"

#include <string.h>

#include "sim/base/rng.h"
#include "vtl/drive/drive.h"

/* Adds the scenario's faults for drive `i`, from 0.  Returns 0 or -1. */
static int add_faults(const struct scenario *s, size_t i, struct drive *drive)
{
	struct drive_fault fault;
	size_t n;

	for (n = 0; n < s->faults_count; n++) {
		const struct scenario_fault *f = &s->faults[n];

		if (f->fail != FAIL_DRIVE ||
		    (f->drive != 0 && f->drive != i + 1))
			continue;
		fault = f->of_drive;
		fault.tag = n + 1;
		if (f->volume != 0)
			strcpy(fault.barcode,
			    s->volumes[f->volume - 1].barcode);
		if (drive_add_fault(drive, &fault) != 0)
			return -1;
	}
	return 0;
}

int drives_configure(const struct scenario *scenario, uint64_t seed,
    struct library *library)
{
	struct drive_options options;
	size_t i;

	for (i = 0; i < scenario->drives_count; i++) {
		struct drive *drive = library_drive(library, i);

		options = scenario->behaviours[i];
		/*
		 * All drives have one seed: the ratio depends only on the
		 * volume.
		 */
		options.seed = rng_at(seed, RNG_DRIVES, 0);
		drive_set_options(drive, &options);
		if (add_faults(scenario, i, drive) != 0)
			return -1;
	}
	return 0;
}

void drives_configure_readers(const struct scenario *scenario, uint64_t seed,
    struct library *library)
{
	size_t i;

	for (i = 0; i < scenario->drives_count; i++) {
		const struct drive_options *o = &scenario->behaviours[i];
		const struct drive_options options = { .layout = o->layout,
			.zlib = o->zlib,
			.ratio_spread_permille = o->ratio_spread_permille,
			.seed = rng_at(seed, RNG_DRIVES, 0) };

		drive_set_options(library_drive(library, i), &options);
	}
}
