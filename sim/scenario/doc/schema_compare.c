/* schema_compare.c: the JSON Schema of comparisons; see schema.h. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sim/metrics/compare.h"
#include "sim/metrics/fact.h"
#include "sim/scenario/doc/schema.h"

#define DUMP "[A-Za-z0-9][A-Za-z0-9._-]*"

/*
 * Returns the schema of an expectation, whose value has the type of the metric.
 */
static json_t *expectation(const char *subject,
    const struct metrics_def *metric, bool bare)
{
	static const char *const values[] = {
		[METRIC_ATTEMPTS_LINE] =
		    "(none|[0-9]+:[0-9]+F?( +[0-9]+:[0-9]+F?"
		    "| *\\| *[0-9]+:[0-9]+F?)*)",
		[METRIC_NUMBER] = "[0-9]+",
		[METRIC_DECIMAL] = NUMBER,
		[METRIC_SIZE] = "(0|" NUMBER " *" SIZE_UNITS ")",
		[METRIC_RATE] = "(0|" NUMBER " *" SIZE_UNITS "/s)",
		[METRIC_TIME] = "(0|" NUMBER " *" TIME_UNITS ")",
		[METRIC_SHARE] = "(0|" NUMBER " *%)",
	};
	bool order = compare_is_quantity(metric);
	bool text = metric->type == METRIC_TEXT ||
	    (metric->type == METRIC_WORD && metric->words == NULL);
	const char *value;
	char name[128];
	char words[256] = "";
	size_t used = 0;

	for (size_t i = 0; metric->words != NULL && metric->words[i] != NULL;
	     i++)
		used += (size_t)snprintf(words + used, sizeof words - used,
		    "%s%s", i == 0 ? "(" : "|", metric->words[i]);
	if (used > 0)
		snprintf(words + used, sizeof words - used, ")");
	value = used > 0 ? words : text ? ".+" : values[metric->type];
	snprintf(name, sizeof name, "^(" DUMP "\\.)?%s%s", subject,
	    metric->name);
	/* A percentile is the last part of a name. */
	for (char *p = strstr(name, "_p"); p != NULL; p = strstr(p + 1, "_p"))
		if (isdigit((unsigned char)p[2]) &&
		    strlen(p) + 4 < sizeof name) {
			memmove(p + 4, p + 1, strlen(p));
			memcpy(p, "[_ ]", 4);
			p += 4;
		}
	if (order)
		return json_pack("{s:o, s:s}", "pattern",
		    json_sprintf("%s *((==|!=|<=|>=|<|>) *%s"
				 "|== *%s *\\+- *(%s|" NUMBER " *%%)"
				 "|in +%s *\\.\\. *%s)%s$",
			name, value, value, value, value, value,
			bare ? "?" : ""),
		    "description", metric->meaning);
	return json_pack("{s:o, s:s}", "pattern",
	    json_sprintf("%s *((==|!=%s) *%s)%s$", name,
		text ? "|contains +" : "", value, bare && used > 0 ? "?" : ""),
	    "description", metric->meaning);
}

json_t *schema_comparisons(void)
{
	static const char *const subjects[FACT_SUBJECTS] = {
		[FACT_FAULT] = "fault +[1-9][0-9]* +",
		[FACT_DRIVE] = "drive +[1-9][0-9]* +",
		[FACT_VOLUME] = "volume +\\S+ +",
		[FACT_ATTEMPT] = "attempts\\[[1-9][0-9]*\\]\\.",
		[FACT_OF_ALL] = "",
	};
	json_t *metrics = json_array();

	for (int i = 0; i < METRIC_COUNT; i++)
		json_array_append_new(metrics,
		    expectation("", metrics_def((enum metrics_id)i), false));
	for (int i = 0; i < FACTS; i++) {
		const struct fact *fact = fact_of((enum fact_id)i);

		if ((fact->of & FACT_OF_RUN) != 0)
			json_array_append_new(metrics,
			    expectation(subjects[fact->subject], &fact->def,
				true));
	}
	return metrics;
}
