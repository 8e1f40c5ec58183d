/* dump.c: a dump from start to end. */
#include "splitter/tool/write/dump.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "splitter/base/signals.h"
#include "splitter/base/temporary.h"
#include "splitter/tool/write/impl.h"

/* A larger piece would leave the processor's cache before it is hashed. */
enum { PIECE_BYTES = 256 << 10 };

static int no_memory(struct write *w)
{
	snprintf(w->err, w->err_bytes, "out of memory");
	return -1;
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
	if (w->catalogue != NULL && o->executor != NULL)
		catalogue_set_volatile(w->catalogue);
	return w->catalogue == NULL ? -1 : 0;
}

static int begin_new(struct write *w)
{
	const struct splitter_config *c = &w->options->config;
	struct catalogue_dump *d = &w->safe.dump;

	snprintf(d->name, sizeof d->name, "%s", c->dump);
	d->block_bytes = c->block_bytes;
	d->fixed = c->fixed_blocks;
	if (w->options->executor != NULL) {
		d->id = w->options->executor->dump_id;
		snprintf(d->begun, sizeof d->begun, "%s",
		    w->options->executor->begun);
		return 0;
	}
	write_date(d->begun);
	if (getrandom(&d->id, sizeof d->id, 0) == sizeof d->id)
		return 0;
	snprintf(w->err, w->err_bytes, "cannot draw an id for the dump: %s",
	    strerror(errno));
	return -1;
}

/*
 * Lists the volumes that may be appended to: the named ones, and the last
 * volume of the dump itself.
 */
static int list_append(struct write *w)
{
	const struct tapes_source *t = &w->options->tapes;
	size_t *count = &w->config.append_count;
	size_t i;

	w->append = calloc(t->volumes_count + 1, sizeof *w->append);
	if (w->append == NULL)
		return no_memory(w);
	/*
	 * With --overwrite-unnamed, the first name is the new name of the
	 * unnamed volume.
	 */
	for (i = w->options->overwrite_unnamed; i < t->volumes_count; i++)
		w->append[(*count)++] = t->volumes[i];
	if (w->safe.volume[0] != '\0')
		w->append[(*count)++] = w->safe.volume;
	w->config.append = w->append;
	return 0;
}

static int configure(struct write *w)
{
	const struct catalogue_dump *d = &w->safe.dump;
	const struct resume_point *safe = &w->safe;
	struct splitter_config *c = &w->config;

	*c = w->options->config;
	c->dump = d->name;
	c->dump_id = d->id;
	c->begun = d->begun;
	c->block_bytes = d->block_bytes;
	c->fixed_blocks = d->fixed;
	if (c->spool_dir == NULL)
		c->spool_dir = temporary_folder();
	c->resume = safe->parts.parts;
	c->resume_count = safe->parts.count;
	c->resume_volumes = d->volumes;
	c->resume_digest = safe->digest;
	c->resume_next_attempt = (uint32_t)safe->attempts.next;
	c->resume_later_attempt = (uint32_t)safe->attempts.later;
	c->library = tapes_library(w->tapes);
	write_set_events(w);
	return list_append(w);
}

/* Creates the splitter, which uses no tape before it gets data. */
static int make_dump(struct write *w)
{
	if (w->options->executor != NULL)
		return 0;
	w->dump = splitter_new(&w->config, w->err, w->err_bytes);
	return w->dump == NULL ? -1 : 0;
}

/* Finds all errors that can be found before any tape is written. */
static int prepare(struct write *w)
{
	const struct write_options *o = w->options;

	w->source = o->executor != NULL
	    ? input_open_reader(o->executor->read, o->executor->arg, w->err,
		  w->err_bytes)
	    : input_open(o->files, o->files_count, o->command, w->err,
		  w->err_bytes);
	/*
	 * The catalogue is created if it does not exist, but only if the tapes
	 * could be opened.
	 */
	if (w->source == NULL || write_open_tapes(w, NULL) != 0 ||
	    open_catalogue(w) != 0)
		return -1;
	/*
	 * The command is started after all other checks, but before a tape is
	 * read or written.
	 */
	if (!o->resume)
		return begin_new(w) == 0 && configure(w) == 0 &&
			make_dump(w) == 0
		    ? input_start(w->source, w->err, w->err_bytes)
		    : -1;
	if (input_start(w->source, w->err, w->err_bytes) != 0 ||
	    write_find_safe(w) != 0 || configure(w) != 0)
		return -1;
	return w->complete ? 0 : make_dump(w);
}

static void cancel(void *arg)
{
	splitter_cancel(arg);
}

/*
 * Announces the next file to the splitter.  Returns false if there is no
 * memory.
 */
static bool announce(struct write *w)
{
	const char *name;
	uint64_t offset, bytes;

	return w->config.cache != SPLITTER_CACHE_SLICES ||
	    !input_slice(w->source, &name, &offset, &bytes) ||
	    splitter_add_slice(w->dump, name, offset, bytes) == 0;
}

static void feed(struct write *w)
{
	struct write_result *r = w->result;
	uint64_t room;
	void *place;
	int64_t n = 1;

	while (n > 0 && (place = splitter_reserve(w->dump, &room)) != NULL) {
		if (!announce(w)) {
			snprintf(r->input_error, sizeof r->input_error,
			    "out of memory");
			n = -1;
			break;
		}
		if (room > PIECE_BYTES)
			room = PIECE_BYTES;
		n = input_read(w->source, place, room, r->input_error,
		    sizeof r->input_error);
		if (n > 0)
			splitter_commit(w->dump, (uint64_t)n);
	}
	/* A signal may be noticed here before it has cancelled the dump. */
	if (n < 0 && signals_signal() != 0)
		splitter_cancel(w->dump);
	else if (n < 0)
		splitter_fail(w->dump);
	else
		splitter_eof(w->dump);
}

/* Copies the list of safe parts from the splitter at the end of the dump. */
static void take_parts(struct write *w)
{
	struct splitter_part part;
	size_t i;

	w->safe.parts.count = 0;
	for (i = 0; splitter_get_part(w->dump, i, &part, sizeof part) == 0; i++)
		if (part_list_add(&w->safe.parts, &part) != 0)
			break;
}

static void take_summary(struct write *w, const struct splitter_summary *s)
{
	struct write_result *r = w->result;

	r->outcome = s->outcome;
	r->cause = s->cause;
	r->sealed = s->sealed;
	r->block_refused = s->block_refused;
	r->safe_bytes = s->safe_bytes;
	snprintf(r->xxh128, sizeof r->xxh128, "%s", s->xxh128);
	snprintf(r->message, sizeof r->message, "%s", s->message);
}

/* Lets the executor write the dump. */
static int execute(struct write *w)
{
	const struct write_executor *x = w->options->executor;
	struct write_result *r = w->result;
	int rc;

	r->resumed_bytes = part_list_end_bytes(&w->safe.parts);
	r->parts = w->safe.parts;
	memset(&w->safe.parts, 0, sizeof w->safe.parts);
	rc = x->run(x->arg, &w->config, w->source, r, w->err, w->err_bytes);
	w->safe.parts = r->parts;
	memset(&r->parts, 0, sizeof r->parts);
	return rc;
}

static void run(struct write *w)
{
	signals_on(cancel, w->dump);
	progress_watch(&w->progress, w->dump);
	feed(w);
	input_stop(w->source);
	w->result->resumed_bytes = part_list_end_bytes(&w->safe.parts);
	take_summary(w, splitter_wait(w->dump));
	progress_unwatch(&w->progress);
	signals_on(NULL, NULL);
	take_parts(w);
	splitter_free(w->dump);
	w->dump = NULL;
}

static void release(struct write *w)
{
	splitter_free(w->dump);
	tapes_close(w->looked);
	tapes_close(w->tapes);
	input_close(w->source);
	catalogue_log_free(w->log);
	catalogue_close(w->catalogue);
	resume_point_clear(&w->safe);
	free(w->append);
}

/* Enters the dump as in progress in the catalogue. */
static int enter(struct write *w)
{
	const struct catalogue_dump *d = &w->safe.dump;
	int rc;

	if (w->catalogue == NULL)
		return 0;
	rc = w->options->resume
	    ? catalogue_resume(w->catalogue, d, &w->safe.parts)
	    : catalogue_begin(w->catalogue, d);
	if (rc != 0) {
		snprintf(w->err, w->err_bytes, "%s",
		    catalogue_message(w->catalogue));
		return -1;
	}
	w->log = catalogue_log_new(w->catalogue, d->id);
	return w->log != NULL ? 0 : no_memory(w);
}

static void hand_over(struct write *w)
{
	struct write_result *r = w->result;

	memcpy(r->name, w->safe.dump.name, sizeof r->name);
	r->dump_id = w->safe.dump.id;
	r->parts = w->safe.parts;
	memset(&w->safe.parts, 0, sizeof w->safe.parts);
	r->printed = progress_has_printed(&w->progress, write_reason(r));
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
	progress_begin(&w.progress, options->quiet,
	    options->config.buffer_bytes, options->format_rate);
	rc = prepare(&w);
	if (rc == 0)
		rc = enter(&w);
	if (rc == 0 && !w.complete && options->executor != NULL)
		rc = execute(&w);
	else if (rc == 0 && !w.complete)
		run(&w);
	else if (rc == 0)
		write_end_record(&w);
	if (rc == 0) {
		if (!result->abandoned)
			write_record_end(&w);
	} else if (w.cut_short) {
		write_cut_short(&w);
		rc = 0;
	}
	if (rc == 0)
		hand_over(&w);
	else
		write_uses_clear(&result->uses);
	progress_end(&w.progress);
	release(&w);
	return rc;
}
