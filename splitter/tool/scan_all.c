/* scan_all.c: see scan_all.h. */
#include "splitter/tool/scan_all.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "splitter/base/signals.h"

static bool is_interrupted(void *arg)
{
	(void)arg;
	return signals_signal() != 0;
}

static void print_volume(void *arg, const struct splitter_scan_volume *volume)
{
	(void)arg;
	fprintf(stderr, "%s%s\n",
	    volume->barcode[0] != '\0' ? "volume " : "a volume without a name",
	    volume->barcode);
}

/*
 * Completes the description of a volume that could not be loaded with what the
 * tapes know about it.
 */
static void on_load_failed(void *arg, struct splitter_load_failure *failure)
{
	struct tapes_missed missed;

	tapes_take_missed(arg, &missed);
	memcpy(failure->volume, missed.barcode, sizeof failure->volume);
	failure->in_use = missed.in_use;
}

/* What a drive says of itself or of a volume. */
static void on_warning(void *arg, const char *message)
{
	tapes_warn(arg, message);
}

struct splitter_scan *scan_begin(struct tapes *tapes, bool shown, char *err,
    size_t err_bytes)
{
	struct splitter_scan_config config;

	splitter_scan_config_init(&config, sizeof config, SPLITTER_API);
	config.arg = tapes;
	config.stopped = is_interrupted;
	config.volume_done =
	    shown && isatty(STDERR_FILENO) ? print_volume : NULL;
	config.load_failed = on_load_failed;
	config.warning = on_warning;
	return splitter_scan_new(&config, err, err_bytes);
}

/* Arguments of on_rest(), for the volumes that the library did not hand out. */
struct rest {
	struct tapes *tapes;
	struct splitter_scan *scan;
	bool no_memory;
};

/*
 * Enters a volume that the library did not hand out: it must stay where it is
 * (`why`), or it is loaded and scanned now.
 */
static bool on_rest(void *arg, const char *barcode, const char *why)
{
	struct rest *r = arg;
	int rc = 0;

	if (splitter_scan_knows(r->scan, barcode))
		return true;
	if (why != NULL)
		rc = splitter_scan_not_scanned(r->scan, barcode, true, why);
	else
		rc = splitter_scan_named(r->scan, tapes_library(r->tapes),
		    barcode);
	r->no_memory = rc != 0;
	return rc == 0 && signals_signal() == 0;
}

/* Stores the reason why no volume at all was read; "" if a volume was read. */
static void explain_none(const struct splitter_scan *scan, const char *end,
    char *err, size_t err_bytes)
{
	err[0] = '\0';
	if (splitter_scan_read_count(scan) > 0)
		return;
	if (splitter_scan_not_scanned_count(scan) > 0)
		snprintf(err, err_bytes, "no volume could be scanned");
	else
		snprintf(err, err_bytes, "no volume was scanned: %s", end);
}

struct splitter_scan *scan_all(struct tapes *tapes, bool shown, char *err,
    size_t err_bytes)
{
	struct rest r = { .tapes = tapes };
	char end[TAPE_MESSAGE_BYTES] = "";
	int rc = 0;

	r.scan = scan_begin(tapes, shown, err, err_bytes);
	if (r.scan == NULL)
		return NULL;
	r.no_memory = splitter_scan_library(r.scan, tapes_library(tapes), end,
			  sizeof end) != 0;
	if (!r.no_memory && signals_signal() == 0)
		rc = tapes_each(tapes, on_rest, &r, err, err_bytes);
	if (r.no_memory)
		snprintf(err, err_bytes, "out of memory for the scan");
	else if (signals_signal() != 0)
		snprintf(err, err_bytes,
		    "interrupted: not all volumes were scanned");
	else if (rc == 0) {
		explain_none(r.scan, end, err, err_bytes);
		return r.scan;
	}
	splitter_scan_free(r.scan);
	return NULL;
}
