/* policy.c: the default policy. */
#include "splitter/core/policy.h"

enum splitter_decision policy_default(void *arg,
    const struct core_report *report)
{
	(void)arg;
	if (report->committed)
		return SPLITTER_CONTINUE;
	return report->can_retry ? SPLITTER_RETRY : SPLITTER_GIVE_UP;
}
