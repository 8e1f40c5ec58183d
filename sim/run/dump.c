/* dump.c: one dump of a run: begins and ends each of its runs. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/rng.h"
#include "sim/run/impl.h"
#include "sim/setup/sources.h"
#include "splitter/base/grow.h"
#include "splitter/base/later.h"

static const struct scenario_dump *scenario_of(const struct dump *d)
{
	return &d->run->scenario->dumps[d->place];
}

bool dump_is_generated(const struct scenario_dump *s)
{
	return s->source == SOURCE_RANDOM || s->source == SOURCE_ZEROS;
}

struct results_dump *dump_results(const struct dump *d)
{
	return &d->run->results->dumps[d->place];
}

/* Makes a valid name for the volumes: that of the dump, or of the scenario. */
static void name_pass(const struct dump *d, uint64_t number,
    struct dump_pass *pass)
{
	const struct scenario_dump *s = scenario_of(d);
	char suffix[24] = "";
	size_t i, room;

	if (s->runs > 1)
		snprintf(suffix, sizeof suffix, ".%llu",
		    (unsigned long long)number + 1);
	room = sizeof pass->name - strlen(suffix) - 1;
	snprintf(pass->name, sizeof pass->name, "%.*s%s", (int)room,
	    s->name[0] != '\0' ? s->name : d->run->results->name, suffix);
	for (i = 0; pass->name[i] != '\0'; i++)
		if (pass->name[i] <= ' ' || pass->name[i] > '~')
			pass->name[i] = '_';
	if (pass->name[0] == '\0')
		snprintf(pass->name, sizeof pass->name, "dump");
	assert(header_name_valid(pass->name));
}

/* Returns whether the dump has bytes. */
static bool has_payload(const struct dump *d)
{
	const struct run *r = d->run;

	return r->options->real || r->payload != VOLUME_PAYLOAD_NONE ||
	    !dump_is_generated(scenario_of(d));
}

/* Opens the trace of the dump, in its folder of results. */
static int open_trace(struct dump *d)
{
	const struct run *r = d->run;
	const struct run_options *o = r->options;

	if (o->trace_below == NULL)
		return 0;
	if (asprintf(&d->trace_name, "%s/trace.tsv", dump_results(d)->folder) <
	    0) {
		d->trace_name = NULL;
		return -1;
	}
	if (asprintf(&d->trace_path, "%s/%s", o->trace_below, d->trace_name) <
	    0) {
		d->trace_path = NULL;
		return -1;
	}
	d->trace = trace_file_new(d->trace_path, d->trace_name, r->folder,
	    r->err, r->err_bytes);
	return d->trace == NULL ? -1 : 0;
}

int dump_init(struct dump *d, struct run *run, size_t place)
{
	const struct scenario_dump *s = &run->scenario->dumps[place];
	const struct recorder_drives drives = {
		.library = run->library,
		.move_ns = run->scenario->move_ns,
		.block_bytes = s->splitter.block_bytes,
		.usage = run->usage,
		.dump = place,
	};
	bool known =
	    dump_is_generated(s) && s->size_bytes <= UINT64_MAX / s->runs;

	d->run = run;
	d->place = place;
	d->restored = VERIFY_UNKNOWN;
	d->outcome.outcome = SPLITTER_DONE;
	d->outcome.sealed = true;
	d->recorder = recorder_new(dump_results(d),
	    known ? s->size_bytes * s->runs : UINT64_MAX);
	if (d->recorder == NULL ||
	    (run->library != NULL &&
		recorder_watch(d->recorder, &drives) != 0)) {
		snprintf(run->err, run->err_bytes, "out of memory");
		return -1;
	}
	recorder_set_strikes(d->recorder, run->strikes, place);
	recorder_hide_folder(d->recorder, run->folder);
	if (run->options->show)
		recorder_show_progress(d->recorder, s->name);
	snprintf(run->err, run->err_bytes, "out of memory");
	return open_trace(d);
}

void dump_clear(struct dump *d)
{
	execution_free(d->execution);
	for (size_t i = 0; i < d->passes_count; i++)
		content_close(d->passes[i].content);
	free(d->passes);
	free(d->trace_path);
	free(d->trace_name);
	recorder_free(d->recorder);
}

/* The dump is asked for by the world; see share.h. */
static int64_t load_ns(void *arg, int64_t now_ns)
{
	const struct dump *d = arg;

	return share_load_ns(d->run->share, d->place, now_ns);
}

static void withdraw(void *arg, int64_t now_ns)
{
	const struct dump *d = arg;

	share_withdraw(d->run->share, d->place, now_ns);
}

static struct execution *execute(struct dump *d, const struct dump_pass *pass,
    char *err, size_t err_bytes)
{
	struct run *r = d->run;
	const struct run_options *o = r->options;
	const struct scenario_dump *s = scenario_of(d);
	bool waits = r->share != NULL && !o->real;
	const struct execute_config config = {
		.scenario = r->scenario,
		.place = d->place,
		.seed = pass->seed,
		.real = o->real,
		.keep = o->keep_volumes,
		.payload = has_payload(d),
		.dump = pass->name,
		.dump_id = pass->dump_id,
		.piece_bytes = o->piece_bytes,
		.leaps = !o->no_leap,
		.folder = r->folder,
		.library = r->share != NULL ? share_view(r->share, d->place)
		    : r->story != NULL && r->story->tapes != NULL
		    ? r->story->tapes
		    : library_tapes(r->library),
		.line = d->trace != NULL ? trace_file_line : NULL,
		.line_arg = d->trace,
		.content = pass->content,
		.recorder = d->recorder,
		.strikes = r->strikes,
		.more_runs = d->passes_count < s->runs,
		.load_ns = waits ? load_ns : NULL,
		.withdraw = waits ? withdraw : NULL,
		.load_arg = d,
		.limit = r->limit.bytes_per_s > 0 ? &r->limit : NULL,
		.bus = r->bus.bytes_per_s > 0 && !o->real ? &r->bus : NULL,
		.overwrite = r->barcodes,
		.adopted = r->story != NULL ? r->story->adopted : NULL,
		.read = r->story != NULL ? r->story->read : NULL,
		.read_arg = r->story != NULL ? r->story->read_arg : NULL,
		.problem = d->problem,
		.problem_bytes = sizeof d->problem,
	};

	return execution_new(&config, err, err_bytes);
}

int dump_begin(struct dump *d, uint64_t number, char *err, size_t err_bytes)
{
	const struct results_dump *results = dump_results(d);
	struct dump_pass *pass =
	    grow_by_one(d->passes, d->passes_count, sizeof *pass);

	if (pass == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	d->passes = pass;
	pass += d->passes_count++;
	*pass =
	    (struct dump_pass){ .seed = sources_seed(d->run->scenario, d->place,
				    d->run->options->seed, number),
		    .first_attempt = results->attempts_count,
		    .first_volume = results->volumes_count };
	pass->dump_id = rng_at(pass->seed, RNG_DUMP_ID, 0);
	name_pass(d, number, pass);
	recorder_begin_run(d->recorder);
	if (d->run->story != NULL && d->run->story->dump_id != 0)
		pass->dump_id = d->run->story->dump_id;
	pass->content = d->run->story != NULL ? d->run->story->content : NULL;
	if (pass->content == NULL)
		pass->content = sources_content(d->run->scenario, d->place,
		    pass->seed, err, err_bytes);
	if (pass->content == NULL)
		return -1;
	d->execution = execute(d, pass, err, err_bytes);
	return d->execution != NULL ? 0 : -1;
}

/*
 * Gets the bytes on a volume of this dump, and its place.  Other dumps may use
 * the library meanwhile.
 */
static bool get_volume(const struct run *r, const char *barcode, size_t *place,
    uint64_t *written_bytes)
{
	struct library_volume v;

	if (r->share != NULL)
		return share_get_volume(r->share, barcode, place,
		    written_bytes);
	if (r->library == NULL ||
	    !library_volume_find(r->library, barcode, place))
		return false;
	library_volume_get(r->library, *place, &v);
	*written_bytes = v.end.byte;
	return true;
}

/* Adds capacity and written bytes to the volumes of a run. */
static void add_sizes_of_volumes(struct dump *d, const struct dump_pass *pass)
{
	struct results_dump *results = dump_results(d);
	size_t place;

	for (size_t i = pass->first_volume; i < results->volumes_count; i++) {
		struct results_volume *to = &results->volumes[i];

		if (to->barcode != NULL &&
		    get_volume(d->run, to->barcode, &place, &to->written_bytes))
			to->capacity_bytes =
			    scenario_capacity(d->run->scenario, place);
	}
}

/* The volumes of a run that has ended expire after the retention. */
static int expire_volumes(struct dump *d, int64_t ended_ns)
{
	const struct results_dump *results = dump_results(d);
	const struct scenario_dump *s = scenario_of(d);
	size_t run = d->passes_count - 1;

	if (!s->has_retention)
		return 0;
	for (size_t i = d->passes[run].first_volume; i < results->volumes_count;
	     i++)
		if (results->volumes[i].barcode == NULL ||
		    share_expire(d->run->share, results->volumes[i].barcode,
			d->place, run,
			later_add(ended_ns, s->retention_ns)) != 0)
			return -1;
	return 0;
}

/* Returns the mean over the bytes of two runs of how late they were. */
static int64_t late_mean_ns(const struct dump_run_outcome *a,
    const struct dump_run_outcome *b)
{
	__extension__ typedef unsigned __int128 wide;
	wide bytes = (wide)a->accepted_bytes + b->accepted_bytes;

	return bytes == 0
	    ? 0
	    : (int64_t)(((wide)a->late_mean_ns * a->accepted_bytes +
			    (wide)b->late_mean_ns * b->accepted_bytes) /
		  bytes);
}

/* Adds the outcome of a run to that of all runs. */
static void add_outcome(struct dump_run_outcome *to,
    const struct dump_run_outcome *o, bool first)
{
	struct dump_run_outcome sum = *o;

	if (first) {
		*to = sum;
		return;
	}
	if (o->outcome <= to->outcome) { /* the first of the worst */
		sum.outcome = to->outcome;
		sum.cause = to->cause;
		memcpy(sum.message, to->message, sizeof sum.message);
	}
	sum.sealed &= to->sealed;
	sum.safe_bytes += to->safe_bytes;
	sum.xxh128[0] = '\0';
	sum.late_mean_ns = late_mean_ns(o, to);
	if (sum.late_max_ns < to->late_max_ns)
		sum.late_max_ns = to->late_max_ns;
	if (sum.cache_bytes < to->cache_bytes)
		sum.cache_bytes = to->cache_bytes;
	sum.accepted_bytes += to->accepted_bytes;
	sum.duration_ns += to->duration_ns;
	sum.drive_wait_ns += to->drive_wait_ns;
	sum.producer_blocked_ns += to->producer_blocked_ns;
	sum.drive_starved_ns += to->drive_starved_ns;
	sum.underruns += to->underruns;
	sum.cache_failures += to->cache_failures;
	sum.block_refused |= to->block_refused;
	*to = sum;
}

void dump_end(struct dump *d, const struct dump_run_outcome *outcome,
    int64_t begun_ns, int64_t ended_ns)
{
	struct dump_pass *pass = &d->passes[d->passes_count - 1];
	struct results_dump *results = dump_results(d);
	bool first = d->passes_count == 1;

	execution_free(d->execution);
	d->execution = NULL;
	pass->attempts_count = results->attempts_count - pass->first_attempt;
	pass->safe_bytes = outcome->safe_bytes;
	add_sizes_of_volumes(d, pass);
	d->out_of_memory |= expire_volumes(d, ended_ns) != 0;
	add_outcome(&d->outcome, outcome, first);
	if (first)
		results->begun_ns = begun_ns;
	results->ended_ns = ended_ns;
	/* Without payload a block says itself what it is. */
	if (scenario_of(d)->runs > 1 && !has_payload(d)) {
		content_close(pass->content);
		pass->content = NULL;
	}
}
