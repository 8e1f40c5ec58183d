/* policy_row.h: a volume, and what the policy must answer about it. */
#ifndef SPLITTER_POLICY_ROW_H
#define SPLITTER_POLICY_ROW_H

#include "splitter/format/volume_policy.h"

struct policy_row {
	const char *name;
	struct volume_policy_rules rules;
	struct volume_policy_volume volume;
	enum volume_policy_verdict answer;
	const char *why; /* a word of the reason */
};

/* VOL001L8 and VOL002L8, as a list of the rules. */
extern const char *const policy_named[2];
#define NAMED                   \
	{                       \
		policy_named, 2 \
	}

/* Labels of VOL001L8. */
extern const struct header policy_scratch, policy_dumps;

void policy_row_check(const struct policy_row *row);

#endif
