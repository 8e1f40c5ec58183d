/* soak_judge.c: runs a random scenario and judges the result. */
#include "sim/tests/soak/soak_judge.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "sim/run/run.h"
#include "sim/tests/soak/soak_hard.h"

void soak_find(struct soak_finding *f, enum soak_verdict verdict,
    const char *format, ...)
{
	va_list ap;

	if (f->verdict != SOAK_GOOD)
		return;
	f->verdict = verdict;
	va_start(ap, format);
	vsnprintf(f->why, sizeof f->why, format, ap);
	va_end(ap);
}

static void on_error(void *arg, const char *message)
{
	soak_find(arg, SOAK_UNREADABLE, "%s", message);
}

void soak_write_line(const struct results_scenario *r, char *line,
    size_t line_bytes)
{
	const struct results_attempt *a = r->dumps[0].attempts;
	size_t used = 0;

	snprintf(line, line_bytes, "none");
	for (size_t i = 0; i < r->dumps[0].attempts_count && used < line_bytes;
	     i++)
		used += (size_t)snprintf(line + used, line_bytes - used,
		    "%s%" PRIu64 ":%" PRIu64 "%s",
		    i == 0                                          ? ""
			: strcmp(a[i].volume, a[i - 1].volume) == 0 ? " "
								    : " | ",
		    a[i].part, a[i].bytes, a[i].committed ? "" : "F");
}

/*
 * Returns whether the attempts of a stopped dump are those of the complete
 * dump, except for the attempt that was cut short.
 */
static bool is_beginning(const char *line, const char *must)
{
	const char *last = strrchr(line, ' ');
	size_t before = last == NULL ? 0 : (size_t)(last + 1 - line);
	uint64_t part, bytes, must_part, must_bytes;
	char failed = '\0', must_failed = '\0';

	if (strcmp(line, "none") == 0)
		return true;
	if (strncmp(line, must, before) != 0 ||
	    sscanf(line + before, "%" SCNu64 ":%" SCNu64 "%c", &part, &bytes,
		&failed) < 2 ||
	    sscanf(must + before, "%" SCNu64 ":%" SCNu64 "%c", &must_part,
		&must_bytes, &must_failed) < 2)
		return false;
	return part == must_part &&
	    (bytes == must_bytes || (failed == 'F' && bytes < must_bytes));
}

/* Judges a result that the text can only describe in part. */
static void judge_course(const struct soak_case *c,
    const struct results_scenario *r, const char *answer,
    struct soak_finding *f)
{
	const char *must = strchr(strchr(answer, ' ') + 1, ' ') + 1;
	char line[SOAK_LINE_BYTES];

	if (soak_known(c) != SOAK_BEGINNING)
		return;
	soak_write_line(r, line, sizeof line);
	if (strcmp(r->outcome, "FAILED") == 0
		? !is_beginning(line, must)
		: strncmp(answer, r->outcome, strlen(r->outcome)) != 0 ||
		    strcmp(line, must) != 0)
		soak_find(f, SOAK_DIFFERS, "must begin as: %s\n  and is: %s %s",
		    answer, r->outcome, line);
}

static bool may_be_stopped(const struct soak_case *c)
{
	for (size_t i = 0; i < c->faults_count; i++)
		if (c->faults[i].fail == FAIL_PRODUCER ||
		    c->faults[i].fail == FAIL_CANCEL)
			return true;
	return false;
}

bool soak_was_committed(const struct results_scenario *r, size_t i)
{
	return r->dumps[0].attempts[i].committed ||
	    (i + 1 < r->dumps[0].attempts_count &&
		r->dumps[0].attempts[i + 1].part >
		    r->dumps[0].attempts[i].part);
}

static void judge_attempts(const struct soak_case *c,
    const struct results_scenario *r, struct soak_finding *f)
{
	uint64_t longest = (c->part_bytes + c->block_bytes - 1) /
	    c->block_bytes * c->block_bytes;
	uint64_t at = 0, number = 1, attempt = 1, safe = 0;

	for (size_t i = 0; i < r->dumps[0].attempts_count; i++) {
		const struct results_attempt *a = &r->dumps[0].attempts[i];

		if (a->part != number || a->attempt != attempt ||
		    a->offset_bytes != at)
			soak_find(f, SOAK_IMPLAUSIBLE,
			    "attempt %zu is %" PRIu64 ".%" PRIu64 " at %" PRIu64
			    ", not %" PRIu64 ".%" PRIu64 " at %" PRIu64,
			    i + 1, a->part, a->attempt, a->offset_bytes, number,
			    attempt, at);
		if (longest > 0 && a->bytes > longest)
			soak_find(f, SOAK_IMPLAUSIBLE,
			    "attempt %zu is longer than a part", i + 1);
		if (a->committed && a->bytes == 0 && c->dump_bytes > 0)
			soak_find(f, SOAK_IMPLAUSIBLE,
			    "part %" PRIu64 " has no bytes", number);
		safe += a->committed ? a->bytes : 0;
		at += soak_was_committed(r, i) ? a->bytes : 0;
		number += soak_was_committed(r, i);
		attempt = soak_was_committed(r, i) ? 1 : attempt + 1;
	}
	if (safe != r->safe_bytes)
		soak_find(f, SOAK_IMPLAUSIBLE,
		    "%" PRIu64 " bytes are committed, %" PRIu64 " called safe",
		    safe, r->safe_bytes);
}

/* Judges the rules that hold for any run. */
static void judge_any(const struct soak_case *c,
    const struct results_scenario *r, struct soak_finding *f)
{
	bool done = strcmp(r->outcome, "DONE") == 0;

	judge_attempts(c, r, f);
	if (done && r->safe_bytes != c->dump_bytes)
		soak_find(f, SOAK_IMPLAUSIBLE,
		    "DONE with %" PRIu64 " of %" PRIu64 " bytes", r->safe_bytes,
		    c->dump_bytes);
	if (strcmp(r->outcome, "FAILED") == 0 && !may_be_stopped(c))
		soak_find(f, SOAK_IMPLAUSIBLE,
		    "FAILED, and nothing stopped it");
	if (!done && r->reason[0] == '\0')
		soak_find(f, SOAK_IMPLAUSIBLE, "%s, and no reason is given",
		    r->outcome);
}

/*
 * Checks that each volume has room for its data.  Without compression, a byte
 * takes a byte.
 */
static void judge_room(const struct results_scenario *r, struct soak_finding *f)
{
	for (size_t i = 0; i < r->dumps[0].volumes_count; i++)
		if (r->dumps[0].volumes[i].written_bytes >
		    r->dumps[0].volumes[i].capacity_bytes)
			soak_find(f, SOAK_IMPLAUSIBLE,
			    "volume %s holds more than its capacity",
			    r->dumps[0].volumes[i].barcode);
}

static void judge_record(const struct soak_case *c,
    const struct results_scenario *r, const char *answer,
    struct soak_finding *f)
{
	bool implied = false;

	if (c->hard.is)
		soak_hard_judge(c, r, f);
	else if (r->problem[0] != '\0')
		soak_find(f, SOAK_LOST, "%s", r->problem);
	/* A drawn fault may never strike; a drawn cancel ends the dump. */
	for (size_t i = 0; i < r->expectations_count; i++)
		if (r->expectations[i].implied)
			implied = true;
		else if (!r->expectations[i].passed)
			soak_find(f, SOAK_DIFFERS, "%s\n  but it was: %s",
			    r->expectations[i].text, r->expectations[i].actual);
	judge_any(c, r, f);
	if (!c->hard.is) {
		judge_course(c, r, answer, f);
		judge_room(r, f);
	}
	if (!implied &&
	    (r->status != RESULTS_PASSED) != (r->problem[0] != '\0'))
		soak_find(f, SOAK_IMPLAUSIBLE,
		    "it failed, and does not say why");
}

static struct scenario *read_text(const struct soak_case *c, const char *answer,
    const char *path, struct soak_finding *f)
{
	FILE *to = fopen(path, "w");

	if (to == NULL) {
		soak_find(f, SOAK_IMPOSSIBLE, "cannot write %s", path);
		return NULL;
	}
	soak_write(c, answer, to);
	if (fclose(to) != 0)
		soak_find(f, SOAK_IMPOSSIBLE, "cannot write %s", path);
	return scenario_read(path, on_error, f);
}

/*
 * Runs the case into `record`.  Returns false if it could not be judged; the
 * reason is noted.
 */
static bool run_case(const struct scenario *scenario,
    const struct run_options *options, struct results_scenario **record,
    struct soak_finding *f)
{
	char err[SOAK_WHY_BYTES / 2];
	enum run_status status = run_scenario(scenario, "drawn", "drawn.yaml",
	    options, record, err, sizeof err);

	if (status == RUN_JUDGED)
		return true;
	soak_find(f, status == RUN_BROKEN ? SOAK_TWO_COURSES : SOAK_IMPOSSIBLE,
	    "%s", err);
	if (status == RUN_BROKEN)
		results_scenario_free(*record);
	return false;
}

/* Runs the case again in another way; the result must be the same. */
static void run_other(const struct soak_case *c, struct scenario *scenario,
    bool real, const struct results_scenario *record, struct soak_finding *f)
{
	const struct run_options options = { .seed = c->seed, .real = real };
	struct results_scenario *other;

	if (!run_case(scenario, &options, &other, f))
		return;
	soak_hard_compare(record, other,
	    real ? "in real time" : "with another payload", f);
	results_scenario_free(other);
}

void soak_judge(const struct soak_case *c, const char *answer,
    const char *folder, struct soak_finding *f)
{
	const struct run_options options = {
		.real = c->real, .seed = c->seed, .check_determinism = c->twice
	};
	struct results_scenario *record;
	struct scenario *scenario;
	char path[512];

	f->verdict = SOAK_GOOD;
	snprintf(path, sizeof path, "%s/drawn.yaml", folder);
	scenario = read_text(c, answer, path, f);
	if (scenario == NULL)
		return;
	if (run_case(scenario, &options, &record, f)) {
		judge_record(c, record, answer, f);
		if (c->hard.both_clocks)
			run_other(c, scenario, true, record, f);
		scenario->payload = c->raw ? PAYLOAD_NONE : PAYLOAD_RAW;
		if (c->hard.other_payload)
			run_other(c, scenario, false, record, f);
		results_scenario_free(record);
	}
	scenario_free(scenario);
}
