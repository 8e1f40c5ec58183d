/* look.c: looks at all tapes that a command line names. */
#include "splitter/tool/scan_all.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "splitter/base/signals.h"

struct look {
	struct tapes *tapes;
	struct scan *scan;
	bool shown;
	unsigned failed; /* loads, in a row */
	bool no_memory;
	char barcode[TAPE_BARCODE_BYTES]; /* that was missed last */
};

static bool on_volume(void *arg, const struct scan_volume *volume)
{
	const struct look *l = arg;

	if (l->shown)
		fprintf(stderr, "%s%s\n",
		    volume->barcode[0] != '\0' ? "volume "
					       : "a volume without a name",
		    volume->barcode);
	return signals_signal() == 0;
}

static const char *on_missed(void *arg, bool *in_use)
{
	struct look *l = arg;
	struct tapes_missed missed;

	tapes_take_missed(l->tapes, &missed);
	memcpy(l->barcode, missed.barcode, sizeof l->barcode);
	*in_use = missed.in_use;
	return l->barcode;
}

/* 0; -1 if there is no memory. */
static int look_at_one(struct look *l, const char *barcode)
{
	struct tape_library *library = tapes_library(l->tapes);
	struct tapes_missed missed;
	struct tape_result answer;
	struct tape *tape;
	int64_t now_ns = 0;
	int rc;

	if (l->failed >= SCAN_LOADS_FAILED_MAX)
		return scan_miss(l->scan, barcode, false,
		    "too many volumes "
		    "in a row could not be loaded");
	tape = tape_load_named(library, barcode, now_ns, &answer);
	l->failed = tape == NULL ? l->failed + 1 : 0;
	tapes_take_missed(l->tapes, &missed);
	if (tape == NULL)
		return scan_miss(l->scan, barcode, missed.in_use,
		    tape_result_text(&answer));
	if (l->shown)
		fprintf(stderr, "volume %s\n", barcode);
	now_ns = answer.done_ns;
	rc = scan_look(l->scan, tape, &now_ns);
	library->ops->unload(library, tape, TAPE_CLOSE_REFUSED, now_ns,
	    &answer);
	return rc;
}

static bool is_interrupted(void *arg)
{
	(void)arg;
	return signals_signal() != 0;
}

int scan_one_volume(struct tapes *tapes, struct scan *scan, const char *barcode)
{
	struct look l = { .tapes = tapes, .scan = scan };

	scan_stop(scan, is_interrupted, NULL);
	return look_at_one(&l, barcode);
}

/* A volume that was not handed out: it may lie in a drive, or at the door. */
static bool on_rest(void *arg, const char *barcode, const char *why)
{
	struct look *l = arg;

	if (!scan_knows(l->scan, barcode))
		l->no_memory =
		    (why != NULL ? scan_miss(l->scan, barcode, true, why)
				 : look_at_one(l, barcode)) != 0;
	return !l->no_memory && signals_signal() == 0;
}

/* Why no volume at all was looked at; "" where one was. */
static void say_none(const struct scan *scan, const char *end, char *err,
    size_t err_bytes)
{
	err[0] = '\0';
	if (scan_looked(scan) > 0)
		return;
	if (scan_missed(scan) > 0)
		snprintf(err, err_bytes, "no volume could be looked at");
	else
		snprintf(err, err_bytes, "no volume was looked at: %s", end);
}

struct scan *scan_all(struct tapes *tapes, bool shown, char *err,
    size_t err_bytes)
{
	struct look l = { .tapes = tapes,
		.scan = scan_new(),
		.shown = shown && isatty(STDERR_FILENO) };
	struct scan_watch watch = {
		.arg = &l, .each = on_volume, .missed = on_missed
	};
	int rc = 0;

	if (l.scan != NULL)
		scan_stop(l.scan, is_interrupted, NULL);
	l.no_memory = l.scan == NULL ||
	    scan_library(l.scan, tapes_library(tapes), &watch) != 0;
	if (!l.no_memory && signals_signal() == 0)
		rc = tapes_each(tapes, on_rest, &l, err, err_bytes);
	if (l.no_memory)
		snprintf(err, err_bytes,
		    "out of memory for what is on the "
		    "volumes");
	else if (signals_signal() != 0)
		snprintf(err, err_bytes,
		    "interrupted: not all volumes were "
		    "looked at");
	else if (rc == 0)
		say_none(l.scan, watch.end, err, err_bytes);
	if (rc == 0 && !l.no_memory && signals_signal() == 0)
		return l.scan;
	scan_free(l.scan);
	return NULL;
}

void scan_report_missed(const struct scan *scan)
{
	struct scan_volume v;
	struct scan_note n;
	size_t i;

	for (i = 0; i < scan_notes(scan); i++) {
		scan_get_note(scan, i, &n);
		if (n.volume[0] == '\0')
			fprintf(stderr, "tapelab: %s\n", n.text);
	}
	for (i = 0; i < scan_volumes(scan); i++) {
		scan_get_volume(scan, i, &v);
		if (v.kind == SCAN_MISSED)
			fprintf(stderr,
			    "tapelab: volume %s was not looked "
			    "at: %s\n",
			    v.barcode, v.why);
	}
}
