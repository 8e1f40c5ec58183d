/* case.c: judges a case for all files for CI. */
#include "reports/ci/case.h"

static enum case_result result_of(const struct results_scenario *s,
    const struct reasons *reasons)
{
	if (s->status == RESULTS_SKIPPED)
		return CASE_SKIPPED;
	if (s->status == RESULTS_FAILED)
		return CASE_FAILED;
	return reasons_first(reasons, true) != NULL ? CASE_KNOWN : CASE_PASSED;
}

int case_make(const struct results_scenario *s, struct ci_case *c)
{
	*c = (struct ci_case){ .scenario = s, .path = reasons_path(s) };
	if (reasons_of(s, &c->reasons) != 0 ||
	    reasons_context(s, CASE_CONTEXT_MAX, &c->context) != 0) {
		case_clear(c);
		return -1;
	}
	c->result = result_of(s, &c->reasons);
	if (c->result == CASE_FAILED || c->result == CASE_KNOWN)
		c->first = reasons_first(&c->reasons, c->result == CASE_KNOWN);
	c->line_path = c->path;
	for (size_t i = 0; i < c->reasons.count && c->line == 0; i++) {
		const struct reason *reason = &c->reasons.list[i];

		if (reason->known != (c->result == CASE_KNOWN) ||
		    reason->line == 0)
			continue;
		c->line = reason->line;
		c->line_path = reason->path;
	}
	return 0;
}

void case_clear(struct ci_case *c)
{
	reasons_free(&c->reasons);
	reasons_lines_free(&c->context);
}
