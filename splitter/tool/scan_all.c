/* look.c: looks at all tapes that a command line names. */
#include "splitter/tool/scan_all.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "splitter/base/signals.h"

struct scanning {
	struct tapes *tapes;
	struct scan *scan;
	bool shown;
	bool no_memory;
};

static void on_volume(void *arg, const struct scan_volume *volume)
{
	const struct scanning *s = arg;

	if (s->shown)
		fprintf(stderr, "%s%s\n",
		    volume->barcode[0] != '\0' ? "volume "
					       : "a volume without a name",
		    volume->barcode);
}

static void on_load_failed(void *arg, struct scan_load_failure *failure)
{
	const struct scanning *s = arg;
	struct tapes_missed missed;

	tapes_take_missed(s->tapes, &missed);
	memcpy(failure->volume, missed.barcode, sizeof failure->volume);
	failure->in_use = missed.in_use;
}

static bool is_interrupted(void *arg)
{
	(void)arg;
	return signals_signal() != 0;
}

static void watch(struct scanning *s)
{
	const struct scan_watch watch = { .arg = s,
		.stopped = is_interrupted,
		.volume_done = on_volume,
		.load_failed = on_load_failed };

	scan_set_watch(s->scan, &watch);
}

int scan_one_volume(struct tapes *tapes, struct scan *scan, const char *barcode)
{
	struct scanning s = { .tapes = tapes, .scan = scan };

	watch(&s);
	return scan_named(scan, tapes_library(tapes), barcode);
}

/* A volume that was not handed out: it may lie in a drive, or at the door. */
static bool on_rest(void *arg, const char *barcode, const char *why)
{
	struct scanning *s = arg;

	if (!scan_knows(s->scan, barcode))
		s->no_memory =
		    (why != NULL ? scan_not_scanned(s->scan, barcode, true, why)
				 : scan_named(s->scan, tapes_library(s->tapes),
				       barcode)) != 0;
	return !s->no_memory && signals_signal() == 0;
}

/* Why no volume at all was looked at; "" where one was. */
static void say_none(const struct scan *scan, const char *end, char *err,
    size_t err_bytes)
{
	err[0] = '\0';
	if (scan_read_count(scan) > 0)
		return;
	if (scan_not_scanned_count(scan) > 0)
		snprintf(err, err_bytes, "no volume could be looked at");
	else
		snprintf(err, err_bytes, "no volume was looked at: %s", end);
}

struct scan *scan_all(struct tapes *tapes, bool shown, char *err,
    size_t err_bytes)
{
	struct scanning s = { .tapes = tapes,
		.scan = scan_new(),
		.shown = shown && isatty(STDERR_FILENO) };
	char end[TAPE_MESSAGE_BYTES] = "";
	int rc = 0;

	if (s.scan != NULL)
		watch(&s);
	s.no_memory = s.scan == NULL ||
	    scan_library(s.scan, tapes_library(tapes), end, sizeof end) != 0;
	if (!s.no_memory && signals_signal() == 0)
		rc = tapes_each(tapes, on_rest, &s, err, err_bytes);
	if (s.no_memory)
		snprintf(err, err_bytes,
		    "out of memory for what is on the "
		    "volumes");
	else if (signals_signal() != 0)
		snprintf(err, err_bytes,
		    "interrupted: not all volumes were "
		    "looked at");
	else if (rc == 0)
		say_none(s.scan, end, err, err_bytes);
	if (rc == 0 && !s.no_memory && signals_signal() == 0)
		return s.scan;
	scan_free(s.scan);
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
		if (v.kind == SCAN_NOT_SCANNED)
			fprintf(stderr,
			    "tapelab: volume %s was not looked "
			    "at: %s\n",
			    v.barcode, v.why);
	}
}
