/*
 * drawn_drive.h: a virtual drive with constants drawn from a seed, with a
 * labelled volume in it.
 */
#ifndef SIM_CALIBRATE_TESTS_DRAWN_DRIVE_H
#define SIM_CALIBRATE_TESTS_DRAWN_DRIVE_H

#include "sim/calibrate/calibrate.h"
#include "vtl/library/library.h"

struct drawn_drive {
	struct model model; /* the constants */
	struct model base;  /* what is expected: all of them are wrong */
	struct library *library;
	struct tape *tape;
	int64_t now_ns;
	char *path;
	const struct model *models[1];
};

/*
 * Makes the drive.  In a folder of vtl_scratch.h, whose fixture the test has.
 * `change`, if not NULL, sets constants before the drive is made.
 */
void drawn_drive_make(struct drawn_drive *d, uint64_t seed,
    void (*change)(struct model *model));

void drawn_drive_free(struct drawn_drive *d);

/* Returns the configuration of a calibration in virtual time. */
struct calibrate_config drawn_drive_config(struct drawn_drive *d);

/*
 * Returns the constant of a model in the unit of calibrate.h.
 */
double drawn_drive_true(const struct model *model,
    enum calibrate_constant which);

/*
 * Returns the speed that a drive of this model with this rule chooses for a feed,
 * both in bytes per second: what motion.h says, computed in another way.
 */
double drawn_drive_speed(const struct model *model, enum model_rule rule,
    double feed);

/*
 * Returns how many of the feeds that were tried tell this rule from that of the
 * drive, by the constants of the drive, even if each feed is wrong by `share`.
 */
size_t drawn_drive_rule_shown(const struct drawn_drive *d,
    const struct calibrate_result *result, enum model_rule rule, double share);

#endif
