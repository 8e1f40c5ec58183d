/* accept.c: an acceptance run from its beginning to its verdict; see accept.h. */
#include "sim/accept/accept.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/json/acceptance.h"
#include "reports/units.h"
#include "sim/accept/impl.h"
#include "sim/run/steps/pattern.h"
#include "splitter/api/splitter.h"
#include "splitter/base/clock.h"
#include "splitter/base/sentence.h"
#include "splitter/base/signals.h"

enum { SOURCE_NS = 200000000, SOURCE_BLOCK_BYTES = 1 << 20 };

/*
 * Measures what the source delivers: the pattern, copied once, as the driver
 * of a device does.
 */
static double measure_source(void)
{
	struct pattern *p = pattern_new(1, SOURCE_BLOCK_BYTES, false);
	char *to = malloc(PATTERN_POOL_BYTES + SOURCE_BLOCK_BYTES);
	int64_t begun = clock_now_ns(), ns = 0;
	uint64_t done = 0, bytes;

	while (p != NULL && to != NULL && ns < SOURCE_NS) {
		const void *data;

		bytes = PATTERN_POOL_BYTES;
		data = pattern_blocks(p, done, SOURCE_BLOCK_BYTES, &bytes);
		memcpy(to, data, bytes);
		done += bytes;
		ns = clock_now_ns() - begun;
	}
	pattern_free(p);
	free(to);
	return ns > 0 ? (double)done * 1e9 / (double)ns : 0;
}

/* Returns whether a step of the test sets this compression. */
static bool sets_compression(const struct accept_test *test,
    enum scenario_compression compression)
{
	const struct scenario *s = test->scenario;

	for (size_t i = 0; i < s->steps_count; i++)
		if (s->steps[i].compression == compression)
			return true;
	return false;
}

/* Writes with which compression the tests write. */
static void compression_text(const struct accept_plan *plan, char *text,
    size_t bytes)
{
	static const struct {
		enum scenario_compression compression;
		const char *before;
	} set[] = { { COMPRESSION_OFF, "; off: " },
		{ COMPRESSION_ON, "; on: " } };

	sentence(text, bytes, "as found");
	for (size_t i = 0; i < sizeof set / sizeof *set; i++) {
		const char *before = set[i].before;

		for (size_t j = 0; j < plan->count; j++) {
			if (!sets_compression(&plan->tests[j],
				set[i].compression))
				continue;
			sentence_add(text, bytes, before, "%s",
			    plan->tests[j].name);
			before = ", ";
		}
	}
}

/* Fills in a new record. */
static int begin_record(struct acceptance_run *r, struct acceptance *found)
{
	const struct accept_config *c = r->config;
	struct acceptance *a = &r->record;
	char date[21], seed[24], compression[ACCEPT_TEXT_BYTES], wraps[256];

	*a = *found;
	memset(found, 0, sizeof *found);
	a->seed = c->seed;
	c->date(c->arg, date);
	if (acceptance_set(&a->version, SPLITTER_VERSION) != 0 ||
	    acceptance_set(&a->kind, accept_run_name(c->run)) != 0 ||
	    acceptance_set(&a->command, c->command) != 0 ||
	    acceptance_set(&a->began, date) != 0 ||
	    acceptance_set(&a->ended, "") != 0 ||
	    acceptance_set(&a->stopped, "") != 0)
		return -1;
	acceptance_add_fact(a, ACCEPTANCE_OF_HOST, "tapelab", a->version);
	acceptance_add_fact(a, ACCEPTANCE_OF_HOST, "Command", a->command);
	snprintf(seed, sizeof seed, "%" PRIu64, a->seed);
	acceptance_add_fact(a, ACCEPTANCE_OF_HOST, "Seed", seed);
	compression_text(&r->plan, compression, sizeof compression);
	acceptance_add_fact(a, ACCEPTANCE_OF_HOST, "Compression used",
	    compression);
	acceptance_add_fact(a, ACCEPTANCE_OF_HOST, "Begun", a->began);
	if (r->plan.left_out > 0)
		acceptance_add_fact(a, ACCEPTANCE_OF_HOST, "Not tested",
		    "what --filter or --tags left out");
	if (r->plan.one_drive)
		acceptance_add_fact(a, ACCEPTANCE_OF_HOST, "Not tested",
		    "reading on a second drive");
	if (accept_plan_lacks_wraps(&r->plan, wraps, sizeof wraps))
		acceptance_add_fact(a, ACCEPTANCE_OF_HOST, "Not tested", wraps);
	if (r->plan.others[0] != '\0')
		acceptance_add_fact(a, ACCEPTANCE_OF_HOST,
		    "Only in longer runs", r->plan.others);
	for (size_t i = 0; i < c->names_count; i++)
		if (acceptance_add_cartridge(a, c->names[i]) == NULL)
			return -1;
	for (size_t i = 0; i < r->plan.count; i++)
		if (acceptance_add_test(a, r->plan.tests[i].name,
			r->plan.tests[i].title) == NULL)
			return -1;
	return 0;
}

#define DIFFERS(a, b, member)                           \
	(strcmp((a)->member != NULL ? (a)->member : "", \
	     (b)->member != NULL ? (b)->member : "") != 0)

/* Returns whether the plan is the one of the journal. */
static bool has_tests(const struct acceptance_run *r)
{
	if (r->record.tests_count != r->plan.count)
		return false;
	for (size_t i = 0; i < r->plan.count; i++)
		if (strcmp(r->record.tests[i].name, r->plan.tests[i].name) != 0)
			return false;
	return true;
}

static bool has_cartridges(const struct acceptance_run *r)
{
	if (r->record.cartridges_count != r->config->names_count)
		return false;
	for (size_t i = 0; i < r->config->names_count; i++)
		if (strcmp(r->record.cartridges[i].name, r->config->names[i]) !=
		    0)
			return false;
	return true;
}

/* Checks that a journal can be continued with what was found. */
static int check_journal(const struct acceptance_run *r,
    const struct acceptance *found, char *err, size_t err_bytes)
{
	const struct acceptance *a = &r->record;
	const char *out = r->config->out;

	if (a->ended != NULL && a->ended[0] != '\0')
		sentence(err, err_bytes,
		    "%s: it has a run that has ended; name another folder with "
		    "--out",
		    out);
	else if (DIFFERS(a, found, vendor) || DIFFERS(a, found, product) ||
	    DIFFERS(a, found, serial))
		sentence(err, err_bytes,
		    "%s: the run in it is one of the drive %s %s, serial number "
		    "%s; this is %s %s, %s",
		    out, a->vendor, a->product, a->serial, found->vendor,
		    found->product, found->serial);
	else if (a->serial == NULL || a->serial[0] == '\0')
		sentence(err, err_bytes,
		    "%s: the drive reports no serial number, so it may be "
		    "another one; begin again, in another folder",
		    out);
	else if (DIFFERS(a, found, firmware))
		sentence(err, err_bytes,
		    "%s: the drive had the firmware %s when the run began, and "
		    "now has %s; begin again, in another folder",
		    out, a->firmware, found->firmware);
	else if (strcmp(a->kind, accept_run_name(r->config->run)) != 0 ||
	    !has_tests(r))
		sentence(err, err_bytes,
		    "%s: the run in it is a %s run of other tests; continue it "
		    "with the same ones",
		    out, a->kind);
	else if (!has_cartridges(r))
		sentence(err, err_bytes,
		    "%s: the run in it has other cartridges; name the same "
		    "ones, in the same order",
		    out);
	else
		return 0;
	return -1;
}

/* Begins, or continues what is in the folder. */
static int take_journal(struct acceptance_run *r, struct acceptance *found,
    bool *continues, char *err, size_t err_bytes)
{
	int rc =
	    report_acceptance_read(r->config->out, &r->record, err, err_bytes);

	if (rc < 0)
		return -1;
	if (rc == 1) {
		if (begin_record(r, found) == 0)
			return 0;
		sentence(err, err_bytes, "out of memory");
		return -1;
	}
	if (check_journal(r, found, err, err_bytes) != 0)
		return -1;
	acceptance_set(&r->record.stopped, "");
	*continues = true;
	fprintf(r->config->to, "The run of %s is continued.\n",
	    r->record.began);
	return 0;
}

/* Adds what the source delivers, as a row. */
static int add_source(struct acceptance_run *r)
{
	double least = rows_source_least(&r->limits);
	char value[UNITS_BYTES], limit[UNITS_BYTES], text[64];
	struct acceptance_row *row;

	acceptance_remove_rows(&r->record, "source");
	row = acceptance_add_row(&r->record, "source", "Source, without a tape",
	    units_rate(value, r->limits.source_bytes_per_s));
	if (row == NULL)
		return -1;
	if (least == 0)
		return acceptance_set(&row->source, "no limit is known");
	snprintf(text, sizeof text, ">= %s", units_rate(limit, least));
	row->judgement = rows_source_suffices(&r->limits)
	    ? ACCEPTANCE_MET
	    : ACCEPTANCE_NOT_JUDGED;
	return acceptance_set(&row->limit, text) == 0
	    ? acceptance_set(&row->source,
		  "1.5 times the top speed of the profile")
	    : -1;
}

/* Carries out all tests.  Returns 0; 1 if interrupted; -1 with a message. */
static int run_tests(struct acceptance_run *r, char *err, size_t err_bytes)
{
	int rc = 0;

	for (size_t i = 0; i < r->plan.count && rc == 0; i++) {
		if (signals_signal() != 0)
			return 1;
		if (accept_is_stopped(r))
			break;
		rc = test_run(r, i, err, err_bytes);
	}
	return rc;
}

static int finish(struct acceptance_run *r, char *err, size_t err_bytes)
{
	const struct accept_config *c = r->config;
	struct acceptance *a = &r->record;
	char date[21], sha256[EVIDENCE_SHA256_BYTES];

	evidence_set_test(r->evidence, "");
	if (rows_join_read_back(a) != 0 || errors_of_run(a) != 0 ||
	    earlier_enter(&r->earlier, a, r->evidence) != 0) {
		sentence(err, err_bytes, "out of memory");
		return -1;
	}
	if (evidence_finish(r->evidence, sha256, err, err_bytes) != 0)
		return -1;
	c->date(c->arg, date);
	acceptance_set(&a->evidence, "evidence.json");
	acceptance_set(&a->sha256, sha256);
	if (acceptance_set(&a->ended, date) != 0 ||
	    acceptance_add_fact(a, ACCEPTANCE_OF_HOST, "Ended", date) == NULL) {
		sentence(err, err_bytes, "out of memory");
		return -1;
	}
	return accept_save(r, err, err_bytes);
}

/* The plan was agreed to: everything that moves happens here. */
static enum accept_end carry_out(struct acceptance_run *r,
    enum acceptance_verdict *verdict, char *err, size_t err_bytes)
{
	const struct accept_config *c = r->config;
	char *line;
	int rc;

	evidence_add(r->evidence, "run", c->command, "begin", r->record.version,
	    NULL, 0);
	/* From now on the device enters the sense data of the drive, too. */
	c->device->ops->collect(c->device, r->evidence, "before the run");
	r->limits.source_bytes_per_s =
	    c->source_rate != NULL ? c->source_rate(c->arg) : measure_source();
	if (add_source(r) != 0) {
		sentence(err, err_bytes, "out of memory");
		return ACCEPT_REFUSED;
	}
	rc = run_tests(r, err, err_bytes);
	if (rc > 0) {
		accept_save(r, err, err_bytes);
		sentence(err, err_bytes, "%s",
		    r->refused[0] != '\0'
			? r->refused
			: "interrupted; the same command continues the run");
		return ACCEPT_INTERRUPTED;
	}
	if (rc < 0 || finish(r, err, err_bytes) != 0)
		return ACCEPT_INTERRUPTED;
	*verdict = acceptance_judge(&r->record);
	line = acceptance_verdict_line(&r->record);
	fprintf(c->to, "%s\n", line != NULL ? line : "out of memory");
	free(line);
	return ACCEPT_ENDED;
}

static enum accept_end begin(struct acceptance_run *r, struct acceptance *found,
    enum acceptance_verdict *verdict, char *err, size_t err_bytes)
{
	const struct accept_config *c = r->config;
	struct accept_device *d = c->device;
	bool continues = false;

	if (d->ops->facts(d, found, err, err_bytes) != 0 ||
	    accept_plan_make(&r->plan, c->suite, c->run, d->model,
		accept_plan_capacity(d->model, d->capacity_bytes, c->names[0]),
		c->second != NULL, err, err_bytes) != 0)
		return ACCEPT_REFUSED;
	if (d->block_max_bytes > 0)
		accept_plan_limit_blocks(&r->plan, d->block_max_bytes);
	if (earlier_read(&r->earlier, c->earlier, c->earlier_count, found, err,
		err_bytes) != 0)
		return ACCEPT_REFUSED;
	r->limits.model = d->model;
	r->limits.slower = d->slower;
	r->limits.capacity_bytes = d->capacity_bytes;
	r->limits.link_bytes_per_s = d->link_bytes_per_s;
	if (take_journal(r, found, &continues, err, err_bytes) != 0)
		return ACCEPT_REFUSED;
	accept_plan_print(&r->plan, c->names, c->names_count, d->was_loaded,
	    c->to);
	if (c->confirm != NULL && !c->confirm(c->arg)) {
		sentence(err, err_bytes,
		    "not begun: no person at a terminal answered yes; --yes begins "
		    "without the question");
		return ACCEPT_REFUSED;
	}
	r->evidence = evidence_open(c->out, continues, err, err_bytes);
	if (r->evidence == NULL)
		return ACCEPT_REFUSED;
	cartridge_make_story(r);
	r->story.reload = reload_cartridge;
	return carry_out(r, verdict, err, err_bytes);
}

enum accept_end accept_run(const struct accept_config *config,
    enum acceptance_verdict *verdict, char *err, size_t err_bytes)
{
	struct acceptance_run *r = calloc(1, sizeof *r);
	struct acceptance found = { .seed = 0 };
	enum accept_end end;

	if (r == NULL) {
		sentence(err, err_bytes, "out of memory");
		return ACCEPT_REFUSED;
	}
	r->config = config;
	r->device = config->device;
	r->limits.adapter = "";
	r->limits.elsewhere = r->elsewhere;
	end = begin(r, &found, verdict, err, err_bytes);
	if (r->device != NULL && r->device->ops->end != NULL)
		r->device->ops->end(r->device);
	evidence_close(r->evidence);
	earlier_clear(&r->earlier);
	accept_plan_clear(&r->plan);
	acceptance_clear(&r->record);
	acceptance_clear(&found);
	free(r);
	return end;
}
