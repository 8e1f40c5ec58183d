/* policy_row.c: see policy_row.h. */
#include "splitter/format/tests/policy_row.h"

#include <check.h>
#include <string.h>

const char *const policy_named[2] = { "VOL001L8", "VOL002L8" };

const struct header policy_scratch = { .type = HEADER_SCRATCH,
	.volume = "VOL001L8" };
const struct header policy_dumps = {
	.type = HEADER_LABEL, .volume = "VOL001L8", .dump = "friday"
};

void policy_row_check(const struct policy_row *row)
{
	char why[256] = "";

	ck_assert_msg(volume_policy_judge(&row->rules, &row->volume, why,
			  sizeof why) == row->answer,
	    "%s", row->name);
	if (row->why != NULL)
		ck_assert_msg(strstr(why, row->why) != NULL, "%s: %s",
		    row->name, why);
}
