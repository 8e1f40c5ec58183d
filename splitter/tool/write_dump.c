/* write_dump.c: writes a dump to tapes, for real. */
#include "splitter/tool/write_dump.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "splitter/base/signals.h"
#include "splitter/base/temporary.h"
#include "splitter/tool/write_impl.h"
#include "splitter/buffer/slices.h"
#include "splitter/buffer/spool.h"

static void write_date(char date[HEADER_DATE_BYTES])
{
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(date, HEADER_DATE_BYTES, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

static int no_memory(struct write *w)
{
	snprintf(w->err, w->err_bytes, "out of memory");
	return -1;
}

/*
 * The catalogue is a help: where it fails, that is said, and no more.  What
 * could not be recorded is recorded as soon as it can be.
 */
static void kept(struct write *w, int rc)
{
	if ((rc != 0) == w->catalogue_failed)
		return;
	w->catalogue_failed = rc != 0;
	if (rc != 0)
		progress_say(&w->progress,
		    "%s: what is written is safe all "
		    "the same, and is recorded later",
		    catalogue_message(w->catalogue));
	else
		progress_say(&w->progress,
		    "the catalogue can be written "
		    "again: all was recorded that it had missed");
}

static void on_labelling(void *arg, const struct writer_volume *v)
{
	struct write *w = arg;
	char date[HEADER_DATE_BYTES];

	if (w->log == NULL)
		return;
	write_date(date);
	kept(w, catalogue_log_label(w->log, v, date));
}

static void on_beginning(void *arg, const struct writer_volume *v,
    const struct writer_attempt *a)
{
	struct write *w = arg;
	char date[HEADER_DATE_BYTES];

	if (w->log == NULL)
		return;
	write_date(date);
	kept(w, catalogue_log_begin(w->log, v, a, date));
}

static void on_attempt(void *arg, const struct writer_attempt *a)
{
	struct write *w = arg;

	if (w->log != NULL)
		kept(w, catalogue_log_attempt(w->log, a));
	if (!a->report.committed && a->report.cause != TAPE_CANCELLED)
		progress_say(&w->progress,
		    "part %" PRIu64 ", attempt %" PRIu64 " failed%s%s",
		    a->report.part, a->report.attempt,
		    a->message[0] != '\0' ? ": " : "", a->message);
}

static void on_loaded(void *arg, const struct writer_volume *v, int64_t at_ns)
{
	struct write *w = arg;

	(void)at_ns;
	progress_volume(&w->progress, v->barcode);
}

static void on_closed(void *arg, const struct writer_volume *v, int64_t at_ns)
{
	struct write *w = arg;
	char date[HEADER_DATE_BYTES];

	(void)at_ns;
	progress_volume(&w->progress, NULL);
	if (w->log == NULL || v->close == TAPE_CLOSE_REFUSED)
		return;
	write_date(date);
	kept(w, catalogue_log_volume(w->log, v, date));
}

static void on_trouble(void *arg, const char *message, int64_t at_ns)
{
	struct write *w = arg;

	(void)at_ns;
	progress_say(&w->progress, "%s", message);
}

/* The writer has taken it out of the table. */
static void on_part_lost(void *arg, const struct part_row *row, bool gone)
{
	struct write *w = arg;

	if (w->log != NULL && gone)
		kept(w, catalogue_log_lose(w->log, row));
}

static int open_catalogue(struct write *w)
{
	const struct write_options *o = w->options;
	char *path;

	if (o->no_catalogue)
		return 0;
	path = o->catalogue != NULL ? strdup(o->catalogue)
				    : catalogue_path(o->tapes.library);
	if (path == NULL)
		return no_memory(w);
	w->catalogue = catalogue_open(path, w->err, w->err_bytes);
	free(path);
	return w->catalogue == NULL ? -1 : 0;
}

static int begin_new(struct write *w)
{
	struct catalogue_dump *d = &w->safe.dump;

	snprintf(d->name, sizeof d->name, "%s", w->options->dump);
	d->block_bytes = w->options->core.block_bytes;
	d->fixed = w->options->fixed;
	write_date(d->begun);
	w->safe.parts = parts_new();
	if (w->safe.parts == NULL)
		return no_memory(w);
	if (getrandom(&d->id, sizeof d->id, 0) == sizeof d->id)
		return 0;
	snprintf(w->err, w->err_bytes, "cannot draw an id for the dump: %s",
	    strerror(errno));
	return -1;
}

/* Volumes that were named may be appended to; so may the dump's own last. */
static int list_append(struct write *w)
{
	const struct tapes_source *t = &w->options->tapes;
	struct volume_policy_list *list =
	    &w->transfer.writer.volume_policy.append;
	size_t i;

	w->append = calloc(t->volumes_count + 1, sizeof *w->append);
	if (w->append == NULL)
		return no_memory(w);
	/* The name of an unnamed volume is the one that it is to get. */
	for (i = w->options->overwrite_unnamed; i < t->volumes_count; i++)
		w->append[list->count++] = t->volumes[i];
	if (w->safe.volume[0] != '\0')
		w->append[list->count++] = w->safe.volume;
	list->barcodes = w->append;
	return 0;
}

static int new_cache(struct write *w)
{
	const struct core_config *k = &w->transfer.core;
	const struct write_options *o = w->options;
	uint64_t need = spool_need_bytes(k);

	if (k->cache == SPLITTER_CACHE_SPOOL)
		w->cache = spool_new(o->spool_dir != NULL ? o->spool_dir
							  : temporary_folder(),
		    k->start_bytes,
		    o->spool_bytes == 0 || o->spool_bytes > need
			? need
			: o->spool_bytes,
		    w->err, w->err_bytes);
	else if (k->cache == SPLITTER_CACHE_SLICES)
		w->cache = slices_new(k->start_bytes, w->err, w->err_bytes);
	else
		return 0;
	w->transfer.cache = w->cache;
	return w->cache == NULL ? -1 : 0;
}

static bool may_overwrite(void *arg, const char *what)
{
	const struct write *w = arg;

	return tapes_may_overwrite(w->tapes, what, w->options->yes);
}

static int configure(struct write *w)
{
	const struct write_options *o = w->options;
	const struct catalogue_dump *d = &w->safe.dump;
	struct core_config *k = &w->transfer.core;

	*k = o->core;
	k->block_bytes = d->block_bytes;
	k->start_fill_bytes = k->buffer_bytes / 100 * o->start_fill_percent;
	k->end_record = 1;
	k->start_parts = parts_count(w->safe.parts);
	k->start_bytes = parts_end_bytes(w->safe.parts);
	k->start_attempts = (uint32_t)w->safe.attempts.next;
	k->later_attempts = w->safe.attempts.later;
	w->transfer.writer = (struct writer_config){
		.dump = d->name,
		.dump_id = d->id,
		.begun = d->begun,
		.block_bytes = d->block_bytes,
		.fixed = d->fixed,
		.volume_policy = { .label_blank = o->label_blank,
		    .overwrite = o->overwrite,
		    .unnamed = o->overwrite_unnamed },
		.may_overwrite = may_overwrite,
		.may_overwrite_arg = w,
		.can_replay = k->cache != SPLITTER_CACHE_NONE,
		.parts = w->safe.parts,
		.whole = w->safe.whole,
		.volumes_before = w->safe.dump.volumes,
		.library = tapes_library(w->tapes),
		.events = { .arg = w,
		    .labelling = on_labelling,
		    .beginning = on_beginning,
		    .attempt = on_attempt,
		    .loaded = on_loaded,
		    .closed = on_closed,
		    .trouble = on_trouble,
		    .lost = on_part_lost },
	};
	if (list_append(w) != 0)
		return -1;
	/* Nothing is fed any more. */
	if (w->complete)
		return 0;
	if (new_cache(w) != 0)
		return -1;
	return dump_run_check(&w->transfer, w->err, w->err_bytes);
}

/* All that can be wrong is found before anything is touched. */
static int prepare(struct write *w)
{
	const struct write_options *o = w->options;

	w->source = input_open(o->files, o->files_count, o->command, w->err,
	    w->err_bytes);
	/* A catalogue is made where there is none, but not without tapes. */
	if (w->source == NULL || write_open_tapes(w, NULL) != 0 ||
	    open_catalogue(w) != 0)
		return -1;
	/* A command is started when all else is in order, but before tapes. */
	if (!o->resume)
		return begin_new(w) == 0 && configure(w) == 0
		    ? input_start(w->source, w->err, w->err_bytes)
		    : -1;
	return input_start(w->source, w->err, w->err_bytes) == 0 &&
		write_find_safe(w) == 0
	    ? configure(w)
	    : -1;
}

static void cancel(void *arg)
{
	engine_cancel(arg);
}

/* Announces the file that comes next; false if there is no memory. */
static bool announce(struct write *w)
{
	const char *name;
	uint64_t offset, bytes;

	return w->options->core.cache != SPLITTER_CACHE_SLICES ||
	    !input_slice(w->source, &name, &offset, &bytes) ||
	    engine_announce(w->engine, name, offset, bytes) == 0;
}

static void feed(struct write *w)
{
	uint64_t room;
	void *place;
	int64_t n = 1;

	while (n > 0 && (place = engine_reserve(w->engine, &room)) != NULL) {
		if (!announce(w)) {
			snprintf(w->result->trouble, sizeof w->result->trouble,
			    "out of memory");
			n = -1;
			break;
		}
		if (room > ENGINE_PIECE_BYTES)
			room = ENGINE_PIECE_BYTES;
		n = input_read(w->source, place, room, w->result->trouble,
		    sizeof w->result->trouble);
		if (n > 0)
			engine_commit(w->engine, (uint64_t)n);
	}
	/* A signal is seen here before it has cancelled the dump. */
	if (n < 0 && signals_signal() != 0)
		engine_cancel(w->engine);
	else if (n < 0)
		engine_fail(w->engine);
	else
		engine_eof(w->engine);
}

static void run(struct write *w)
{
	signals_on(cancel, w->engine);
	progress_watch(&w->progress, w->engine);
	feed(w);
	input_stop(w->source);
	engine_wait(w->engine, &w->result->outcome);
	progress_unwatch(&w->progress);
	signals_on(NULL, NULL);
	engine_free(w->engine);
}

/* Takes what is not safe any more out of the table. */
static void keep_safe(struct write *w, uint64_t safe_bytes)
{
	struct parts *kept = parts_new();
	struct part_row row;
	size_t i;

	for (i = 0; kept != NULL && i < parts_count(w->safe.parts); i++) {
		parts_get(w->safe.parts, i, &row);
		if (row.offset_bytes + row.bytes > safe_bytes ||
		    parts_add(kept, &row) != 0)
			break;
	}
	if (kept == NULL)
		return;
	parts_free(w->safe.parts);
	w->safe.parts = kept;
}

/* So much of the dump, and not more, turned out to be safe. */
static void lower(struct write *w, uint64_t safe_bytes)
{
	struct dump_run_outcome *o = &w->result->outcome;

	o->safe_bytes = safe_bytes;
	o->xxh128[0] = '\0';
	if (o->outcome == SPLITTER_DONE)
		o->outcome = SPLITTER_PARTIAL;
	keep_safe(w, safe_bytes);
}

/*
 * No part on a volume that somebody else changed is safe.  One that was carried
 * away is not looked at, and may be as it was.
 */
static void on_lost(void *arg, const char *barcode, bool lost, const char *why)
{
	struct write *w = arg;
	struct part_row row;
	bool any = false;
	size_t i;

	for (i = 0; i < parts_count(w->safe.parts); i++) {
		parts_get(w->safe.parts, i, &row);
		if (strcmp(row.volume, barcode) != 0)
			continue;
		any = true;
		if (!lost)
			break;
		if (!w->gone || row.offset_bytes < w->gone_bytes)
			w->gone_bytes = row.offset_bytes;
		w->gone = true;
		if (w->log != NULL)
			kept(w, catalogue_log_lose(w->log, &row));
	}
	if (any)
		progress_say(&w->progress, "volume %s%s: %s", barcode,
		    lost ? "" : " was not looked at when the dump ended", why);
	if (!any || !lost)
		return;
	snprintf(w->result->outcome.message, sizeof w->result->outcome.message,
	    "volume %s no longer holds what was written on it: let nobody else "
	    "use the volumes of a dump until it is written",
	    barcode);
}

static void note_end(struct write *w)
{
	struct catalogue_dump *d = &w->safe.dump;
	struct dump_run_outcome *o = &w->result->outcome;

	tapes_each_lost(w->tapes, on_lost, w);
	if (w->gone && w->gone_bytes < o->safe_bytes)
		lower(w, w->gone_bytes);
	if (w->log == NULL)
		return;
	snprintf(d->outcome, sizeof d->outcome, "%s",
	    splitter_outcome_name(o->outcome));
	d->safe_bytes = o->safe_bytes;
	snprintf(d->xxh128, sizeof d->xxh128, "%s", o->xxh128);
	if (catalogue_log_end(w->log, d) != 0) {
		progress_say(&w->progress,
		    "%s: it does not know all of the "
		    "dump; tapelab scan --rebuild tells it what is on tape",
		    catalogue_message(w->catalogue));
		return;
	}
	if (d->safe_bytes == o->safe_bytes)
		return;
	lower(w, d->safe_bytes);
	snprintf(o->message, sizeof o->message,
	    "a volume of it was written "
	    "over meanwhile");
}

static void release(struct write *w)
{
	if (w->cache != NULL)
		w->cache->ops->free(w->cache);
	tapes_close(w->looked);
	tapes_close(w->tapes);
	input_close(w->source);
	catalogue_log_free(w->log);
	catalogue_close(w->catalogue);
	resume_point_clear(&w->safe);
	free(w->append);
}

/* The dump is under way in the catalogue. */
static int enter(struct write *w)
{
	const struct catalogue_dump *d = &w->safe.dump;
	int rc;

	if (w->catalogue == NULL)
		return 0;
	rc = w->options->resume
	    ? catalogue_resume(w->catalogue, d, w->safe.parts)
	    : catalogue_begin(w->catalogue, d);
	if (rc != 0) {
		snprintf(w->err, w->err_bytes, "%s",
		    catalogue_message(w->catalogue));
		return -1;
	}
	w->log = catalogue_log_new(w->catalogue, d->id);
	return w->log != NULL ? 0 : no_memory(w);
}

/* The engine does nothing before it is fed. */
static int begin(struct write *w)
{
	w->engine = engine_start(&w->transfer, w->err, w->err_bytes);
	if (w->engine == NULL)
		return -1;
	if (enter(w) == 0)
		return 0;
	engine_free(w->engine);
	return -1;
}

static void hand_over(struct write *w)
{
	struct write_result *r = w->result;

	memcpy(r->name, w->safe.dump.name, sizeof r->name);
	r->dump_id = w->safe.dump.id;
	r->resumed_bytes = w->transfer.core.start_bytes;
	r->parts = w->safe.parts;
	w->safe.parts = NULL;
	r->told = progress_has_said(&w->progress, write_reason(r));
}

int write_dump(const struct write_options *options, struct write_result *result,
    char *err, size_t err_bytes)
{
	struct write w = { .options = options,
		.result = result,
		.err = err,
		.err_bytes = err_bytes };
	int rc;

	memset(result, 0, sizeof *result);
	rc = prepare(&w);
	progress_begin(&w.progress, options->quiet, options->core.buffer_bytes);
	if (rc == 0)
		rc = w.complete ? enter(&w) : begin(&w);
	if (rc == 0) {
		if (w.complete)
			write_end_record(&w);
		else
			run(&w);
		note_end(&w);
	} else if (w.cut_short) {
		write_cut_short(&w);
		rc = 0;
	}
	if (rc == 0)
		hand_over(&w);
	progress_end(&w.progress);
	release(&w);
	return rc;
}
