/* reference.c: cases run by both executors and judged by a reference. */
#include "sim/run/virtual/tests/reference.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/run/virtual/tests/ask_reference.h"

enum { TEXT = TRIAL_LINE_BYTES + 1024, DIFFER_MAX = 10 };

typedef void make_fn(struct reference_case *, uint64_t number);

static void write_case(const struct reference_case *c, FILE *to)
{
	static const char *const whats[] = { "block", "header", "filemark",
		"label", "load" };
	static const char *const causes[] = {
		[TAPE_OK] = "leom",
		[TAPE_PEOM] = "peom",
		[TAPE_MEDIUM_ERROR] = "medium",
		[TAPE_DEFERRED_ERROR] = "deferred",
		[TAPE_HARDWARE_ERROR] = "drive",
		[TAPE_POSITION_LOST] = "position",
		[TAPE_UNKNOWN_ERROR] = "unknown",
		[TAPE_WRITE_PROTECTED] = "protected",
		[TAPE_STORAGE_FAILED] = "storage",
	};
	static const char *const cache_names[] = { "none", "memory", "spool",
		"slices" };
	const struct core_config *k = &c->trial.core;
	const struct memtape_config *m = &c->trial.tapes;
	unsigned i;

	fprintf(to,
	    "dump=%" PRIu64 " block=%" PRIu64 " part=%" PRIu64
	    " capacity=%" PRIu64,
	    c->trial.dump_bytes, k->block_bytes, k->part_bytes,
	    m->capacity_bytes);
	for (i = 1; m->shrink_bytes > 0 && i < m->volumes; i++)
		fprintf(to, ",%" PRIu64, memtape_capacity(m, i));
	if (m->warning_bytes == MEMTAPE_NO_WARNING)
		fprintf(to, " warning=none");
	else
		fprintf(to, " warning=%" PRIu64, m->warning_bytes);
	fprintf(to,
	    " volumes=%u drives=%u cache=%s max_failed=%u max_volumes=%u",
	    m->volumes, m->drives, cache_names[k->cache], k->max_failed_volumes,
	    k->max_volumes);
	if (c->skip_unstruck)
		fputs(" unstruck=mark", to);
	for (i = 0; i < m->failure_count; i++)
		fprintf(to, " fail=%s:%" PRIu64 ":%s%s",
		    whats[m->failures[i].what], m->failures[i].nth,
		    causes[m->failures[i].cause],
		    m->failures[i].for_good ? "+" : "");
	fputc('\n', to);
}

static void make_case(struct reference_case *c, make_fn *make, uint64_t i)
{
	memset(c, 0, sizeof *c);
	make(c, i);
	c->trial.tapes.failures = c->failures;
}

static void write_cases(char *path, make_fn *make, uint64_t from, uint64_t to)
{
	int fd = mkstemp(path);
	FILE *f = fd == -1 ? NULL : fdopen(fd, "w");
	struct reference_case c;
	uint64_t i;

	ck_assert_ptr_nonnull(f);
	for (i = from; i < to; i++) {
		make_case(&c, make, i);
		write_case(&c, f);
	}
	ck_assert_int_eq(fclose(f), 0);
}

/* Prints the difference and how to reproduce it; returns 1. */
static unsigned say_case(const struct reference_case *c, const char *name,
    uint64_t i, const char *must, const char *engine, const char *virtual)
{
	fprintf(stderr, "%s CASE=%" PRIu64 "\n  ", name, i);
	write_case(c, stderr);
	fprintf(stderr,
	    "  buffer %" PRIu64 ", streaming %u, start_fill %" PRIu64
	    "\n  must be: %s\n  engine:  %s\n  virtual: %s\n",
	    c->trial.core.buffer_bytes, c->trial.core.streaming,
	    c->trial.core.start_fill_bytes, must, engine, virtual);
	return 1;
}

static unsigned run_case(const char *name, make_fn *make, uint64_t i,
    const char *must)
{
	static struct trial_result engine, virtual;
	static char engine_text[TEXT], virtual_text[TEXT];
	struct reference_case c;
	const struct trial_result *e = &engine, *v = &virtual;

	make_case(&c, make, i);
	trial_engine(&c.trial, &engine);
	trial_vtime(&c.trial, &c.how, &virtual);
	trial_text(e, engine_text, TEXT);
	trial_text(v, virtual_text, TEXT);
	if (strcmp(must, engine_text) == 0 && strcmp(must, virtual_text) == 0 &&
	    e->outcome.cause == v->outcome.cause &&
	    strcmp(e->closes, v->closes) == 0 &&
	    memcmp(e->counts, v->counts, sizeof e->counts) == 0)
		return 0;
	return say_case(&c, name, i, must, engine_text, virtual_text);
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

bool reference_range(uint64_t cases, uint64_t *from, uint64_t *to)
{
	bool one = getenv("CASE") != NULL;

	*from = number_of(one ? "CASE" : "CASES_FROM", 0);
	*to = *from + (one ? 1 : number_of("CASES", cases));
	return one || getenv("CASES_FROM") != NULL || getenv("CASES") != NULL;
}

void reference_run(const char *name, make_fn *make, uint64_t from, uint64_t to)
{
	char path[] = "/tmp/tapelab-cases-XXXXXX", line[TEXT];
	uint64_t i, skipped = 0;
	unsigned differ = 0;
	FILE *answers;

	write_cases(path, make, from, to);
	answers = ask_reference(path, line, sizeof line);
	ck_assert_msg(answers != NULL, "%s", line);
	for (i = from; i < to && differ < DIFFER_MAX; i++) {
		if (fgets(line, sizeof line, answers) == NULL)
			break;
		line[strcspn(line, "\n")] = '\0';
		if (strcmp(line, "unstruck") == 0)
			skipped++;
		else
			differ += run_case(name, make, i, line);
	}
	while (fgets(line, sizeof line, answers) != NULL)
		; /* so that it does not die of SIGPIPE with a message */
	pclose(answers);
	unlink(path);
	printf("%s: %" PRIu64 " cases, %u differ\n", name, i - from - skipped,
	    differ);
	ck_assert_msg(differ == 0, "%u cases differ", differ);
	ck_assert_msg(i == to,
	    "the reference gave %" PRIu64 " answers for %" PRIu64
	    " cases: is there a python3?",
	    i - from, to - from);
}
