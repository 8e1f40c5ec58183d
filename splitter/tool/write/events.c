/* events.c: events of the dump, for the catalogue and the terminal. */
#include "splitter/tool/write/impl.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "splitter/base/date.h"

void write_date(char date[SPLITTER_DATE_BYTES])
{
	_Static_assert((int)SPLITTER_DATE_BYTES == (int)DATE_BYTES,
	    "a date of the library");

	date_text(time(NULL), date);
}

/*
 * Reports an error of the catalogue.  The dump continues, and the missing
 * entries are made as soon as possible.
 */
void write_logged(struct write *w, int rc)
{
	if ((rc != 0) == w->catalogue_failed)
		return;
	w->catalogue_failed = rc != 0;
	if (rc != 0)
		progress_print(&w->progress,
		    "%s: the written data is safe and will be recorded later",
		    catalogue_message(w->catalogue));
	else
		progress_print(&w->progress,
		    "the catalogue can be written "
		    "again: all missing entries were made");
}

static void before_label(void *arg, const struct splitter_volume *v)
{
	struct write *w = arg;
	char date[SPLITTER_DATE_BYTES];

	if (w->log == NULL)
		return;
	write_date(date);
	write_logged(w, catalogue_log_label(w->log, v, date));
}

static void before_header(void *arg, const struct splitter_volume *v,
    const struct splitter_attempt *a)
{
	struct write *w = arg;
	char date[SPLITTER_DATE_BYTES];

	if (w->log == NULL)
		return;
	write_date(date);
	write_logged(w, catalogue_log_begin(w->log, v, a, date));
}

static void attempt_done(void *arg, const struct splitter_attempt *a)
{
	struct write *w = arg;

	if (w->log != NULL)
		write_logged(w, catalogue_log_attempt(w->log, a));
	if (!a->committed && a->cause != TAPE_CANCELLED)
		progress_print(&w->progress,
		    "part %" PRIu64 ", attempt %" PRIu64 " failed%s%s", a->part,
		    a->attempt, a->message[0] != '\0' ? ": " : "", a->message);
}

static void volume_loaded(void *arg, const struct splitter_volume *v,
    int64_t at_ns)
{
	struct write *w = arg;

	(void)at_ns;
	progress_volume(&w->progress, v->barcode);
}

/*
 * Reports what the drive counted, for a real drive also if it is no error: a
 * virtual one counts what its scenario says.
 */
static void note_use(struct write *w, const struct splitter_volume *v)
{
	const struct write_use *use;
	char text[TAPE_MESSAGE_BYTES];

	/* A volume that was refused is not used by the dump. */
	if (v->close == TAPE_CLOSE_REFUSED)
		return;
	use = write_uses_add(&w->result->uses, v);
	if (use == NULL)
		return;
	if (w->options->tapes.library == NULL) {
		write_use_text(use, text, sizeof text);
		if (text[0] != '\0')
			progress_print(&w->progress, "%s", text);
	}
	if (use->errors[0] != '\0')
		progress_print(&w->progress, "%s", use->errors);
}

static void volume_closed(void *arg, const struct splitter_volume *v,
    int64_t at_ns)
{
	struct write *w = arg;
	char date[SPLITTER_DATE_BYTES];

	(void)at_ns;
	progress_volume(&w->progress, NULL);
	note_use(w, v);
	if (w->log == NULL || v->close == TAPE_CLOSE_REFUSED)
		return;
	write_date(date);
	write_logged(w, catalogue_log_volume(w->log, v, date));
}

static void on_warning(void *arg, const char *message, int64_t at_ns)
{
	struct write *w = arg;

	(void)at_ns;
	progress_print(&w->progress, "%s", message);
}

static void part_lost(void *arg, const struct splitter_part *part,
    bool overwritten)
{
	struct write *w = arg;

	if (w->log != NULL && overwritten)
		write_logged(w, catalogue_log_forget_parts(w->log, part));
}

static void on_raw(void *arg, const struct splitter_volume *v, bool unloading,
    bool attribute, uint16_t code, const void *data, size_t bytes)
{
	const struct write_options *o = ((const struct write *)arg)->options;

	o->raw(o->raw_arg, v->barcode, unloading, attribute, code, data, bytes);
}

static bool may_overwrite(void *arg, const char *what)
{
	const struct write *w = arg;

	return tapes_may_overwrite(w->tapes, what, w->options->yes);
}

void write_set_events(struct write *w)
{
	struct splitter_config *c = &w->config;

	c->arg = w;
	c->before_label = before_label;
	c->before_header = before_header;
	c->attempt_done = attempt_done;
	c->volume_loaded = volume_loaded;
	c->volume_closed = volume_closed;
	c->warning = on_warning;
	c->part_lost = part_lost;
	if (w->options->raw != NULL)
		c->raw = on_raw;
	if (w->options->overwrite_unnamed)
		c->may_overwrite = may_overwrite;
}
