/* course.c: records the events of an executor. */
#include "splitter/tests/trial/course.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *one_more(void *list, size_t *count, size_t item_bytes)
{
	list = reallocarray(list, *count + 1, item_bytes);
	if (list == NULL)
		abort();
	(*count)++;
	return list;
}

static void on_attempt(void *arg, const struct writer_attempt *a)
{
	struct course *c = arg;

	c->attempts = one_more(c->attempts, &c->attempt_count, sizeof *a);
	c->attempts[c->attempt_count - 1] = *a;
}

static void on_lost(void *arg, const struct part_row *row, bool gone)
{
	struct course *c = arg;
	size_t i;

	(void)gone;
	for (i = 0; i < c->attempt_count; i++)
		if (c->attempts[i].report.part == row->part &&
		    c->attempts[i].report.attempt == row->attempt)
			c->attempts[i].report.committed = false;
	c->lost++;
}

void course_lose(struct course *c, uint64_t safe_bytes)
{
	struct core_report *r;
	size_t i;

	for (i = 0; i < c->attempt_count; i++) {
		r = &c->attempts[i].report;
		if (!r->committed || r->offset + r->bytes <= safe_bytes)
			continue;
		r->committed = false;
		c->lost++;
	}
}

static void on_loaded(void *arg, const struct writer_volume *v, int64_t at_ns)
{
	struct course *c = arg;

	(void)v;
	(void)at_ns;
	c->loaded++;
}

static void on_closed(void *arg, const struct writer_volume *v, int64_t at_ns)
{
	struct course *c = arg;

	(void)at_ns;
	c->volumes = one_more(c->volumes, &c->volume_count, sizeof *v);
	c->volumes[c->volume_count - 1] = *v;
}

static void on_warning(void *arg, const char *message, int64_t at_ns)
{
	(void)message;
	(void)at_ns;
	((struct course *)arg)->warnings++;
}

static void on_sample(void *arg, const struct dump_sample *m)
{
	struct course *c = arg;

	c->steps[m->step->kind]++;
	if (m->step->kind == CORE_WRITE && m->step->bytes > c->run_max_bytes)
		c->run_max_bytes = m->step->bytes;
	if (c->on_step != NULL)
		c->on_step(c->on_step_arg, m);
}

void course_listen(struct course *c, struct dump_run_config *config)
{
	config->writer.events = (struct writer_events){ .arg = c,
		.attempt = on_attempt,
		.loaded = on_loaded,
		.closed = on_closed,
		.warning = on_warning,
		.lost = on_lost };
	config->sample = on_sample;
	config->sample_arg = c;
}

char *course_line(const struct course *c, char *line, size_t bytes)
{
	const struct writer_attempt *a;
	size_t i, n = 0;

	snprintf(line, bytes, "none");
	for (i = 0; i < c->attempt_count && n < bytes; i++) {
		a = &c->attempts[i];
		n += (size_t)snprintf(line + n, bytes - n,
		    "%s%" PRIu64 ":%" PRIu64 "%s",
		    i == 0                                     ? ""
			: strcmp(a->volume, a[-1].volume) == 0 ? " "
							       : " | ",
		    a->report.part, a->report.bytes,
		    a->report.committed ? "" : "F");
	}
	return line;
}

char *course_closes(const struct course *c, char *line, size_t bytes)
{
	static const char *const words[] = { "good", "full", "suspect", "drive",
		"refused" };
	size_t i, n = 0;

	line[0] = '\0';
	for (i = 0; i < c->volume_count && n < bytes; i++)
		n += (size_t)snprintf(line + n, bytes - n, "%s%s",
		    i == 0 ? "" : " ", words[c->volumes[i].close]);
	return line;
}

void course_clear(struct course *c)
{
	free(c->attempts);
	free(c->volumes);
	memset(c, 0, sizeof *c);
}
