/* policy.c: the default policy. */
#include "splitter/core/policy.h"

enum core_answer policy_default(void *arg, const struct core_report *report)
{
	(void)arg;
	if (report->committed)
		return CORE_CONTINUE;
	return report->can_retry ? CORE_RETRY : CORE_GIVE_UP;
}
