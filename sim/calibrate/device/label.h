/*
 * label.h: the label of a volume that is about to be calibrated with: it keeps
 * backups off the volume.
 *
 * Invariants:
 *  1. A volume without a name, by which a continued run would know it again, is
 *     not labelled.
 *  2. A continued run labels nothing.  It takes only the label for tests of the
 *     volume in the drive.
 */
#ifndef SIM_CALIBRATE_DEVICE_LABEL_H
#define SIM_CALIBRATE_DEVICE_LABEL_H

#include "splitter/api/label.h"

struct calibrate_label {
	struct tape *tape;
	const char *where; /* the drive, for messages */
	/* As in struct splitter_label_config. */
	const char *const *overwrite;
	size_t overwrite_count;
	bool format;
	bool (*agrees)(void *arg, const char *what); /* may_overwrite */
	void *arg;
	bool label_blank; /* a blank volume may be labelled */
	bool continued;   /* an earlier run has labelled it */
};

/*
 * Labels the volume in the drive, whose content is of this kind, or checks the
 * label of the run that is continued.  `*now_ns` becomes the time at which that
 * was done.  Returns 0, or -1 with a message, and the volume is unchanged.
 */
int calibrate_label(const struct calibrate_label *label,
    enum splitter_volume_kind kind, int64_t *now_ns, char *err,
    size_t err_bytes);

#endif
