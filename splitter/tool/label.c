/* label.c: labels the volumes of a library as scratch. */
#include "splitter/tool/label.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/api/label.h"
#include "splitter/base/sentence.h"
#include "splitter/base/signals.h"
#include "splitter/tool/catalogue/catalogue.h"
#include "splitter/tool/report.h"

enum {
	FAILED_LABELS_MAX = 3, /* in a row; then stop */
	FAILED_LOADS_MAX = 100 /* in a row; then stop */
};

struct label {
	const struct label_options *options;
	struct splitter_label_config config;
	struct tapes *tapes;
	struct splitter_scan *scan; /* the scan of all volumes that were read */
	struct catalogue *catalogue; /* records the lost data; or NULL */
	unsigned refused; /* number of volumes that were refused or failed */
	/* number of failed labels and loads in a row */
	unsigned failed, unloaded;
	bool no_storage; /* volumes cannot be stored: stop */
	char *err;
	size_t err_bytes;
};

static void forget(const struct label *l, const char *barcode)
{
	if (l->catalogue != NULL &&
	    catalogue_forget(l->catalogue, barcode) != 0)
		report_print("%s", catalogue_message(l->catalogue));
}

/*
 * Removes the catalogue entries of a volume before it is labelled.  Its old
 * label may have another name; the entries under that name are removed, too.
 */
static void before_label(void *arg, const struct splitter_scan_volume *v)
{
	const struct label *l = arg;

	forget(l, v->barcode);
	if (v->label[0] != '\0' && strcmp(v->label, v->barcode) != 0)
		forget(l, v->label);
}

static bool may_overwrite(void *arg, const char *what)
{
	const struct label *l = arg;

	return tapes_may_overwrite(l->tapes, what, l->options->yes);
}

/* Returns what to do about a volume that was not labelled. */
static const char *advice(enum splitter_label_status status)
{
	switch (status) {
	case SPLITTER_LABEL_HAS_DUMPS:
		return ": --overwrite=BARCODE loses them";
	case SPLITTER_LABEL_WORM:
		return "; tapelab write --volume takes it while it is blank";
	case SPLITTER_LABEL_NO_NAME:
		return ": give it one with --volume";
	default:
		return "";
	}
}

/* Reports the result for a volume. */
static void report_result(struct label *l, const struct splitter_scan_volume *v,
    const struct splitter_label_result *r)
{
	const struct label_options *o = l->options;

	switch (r->status) {
	case SPLITTER_LABEL_WRITTEN:
		o->labelled(o->arg, v->barcode);
		l->failed = 0;
		return;
	case SPLITTER_LABEL_FAILED:
		report_print("volume %s is not labelled: %s", v->barcode,
		    r->message);
		l->failed += r->close != TAPE_CLOSE_REFUSED;
		l->no_storage = r->cause == TAPE_STORAGE_FAILED;
		l->refused++;
		return;
	default:
		break;
	}
	/*
	 * Without named volumes only blank volumes are labelled, so other
	 * volumes are not reported.
	 */
	if (o->tapes.volumes_count == 0 && !o->overwrite_unnamed &&
	    o->overwrite_count == 0 && v->kind != SPLITTER_VOLUME_BLANK &&
	    v->kind != SPLITTER_VOLUME_UNREADABLE)
		return;
	report_print("%s%s is left unchanged: %s%s",
	    v->barcode[0] != '\0' ? "volume " : "the volume in the drive",
	    v->barcode, r->message, advice(r->status));
	l->refused++;
}

/*
 * Labels the loaded volume.  `*close` says how to return it.  Returns -1 with a
 * message if no more volumes must be tried.
 */
static int label_one(struct label *l, struct tape *tape, int64_t *now_ns,
    enum tape_close *close)
{
	struct splitter_label_result result;
	struct splitter_scan_volume volume;
	size_t i = splitter_scan_volume_count(l->scan);

	*close = TAPE_CLOSE_REFUSED;
	if (splitter_label_volume(l->scan, tape, &l->config, now_ns, &result,
		sizeof result, l->err, l->err_bytes) != 0)
		return -1;
	if (result.status == SPLITTER_LABEL_NO_MEMORY) {
		snprintf(l->err, l->err_bytes, "%s", result.message);
		return -1;
	}
	*close = result.close;
	splitter_scan_get_volume(l->scan, i, &volume, sizeof volume);
	report_result(l, &volume, &result);
	return 0;
}

/*
 * Returns the volume to the library.  An error of that counts as a failed
 * label.
 */
static void give_back(struct label *l, struct tape *tape, enum tape_close close,
    int64_t *now_ns)
{
	struct tape_library *library = tapes_library(l->tapes);
	struct tape_result result;

	library->ops->unload(library, tape, close, *now_ns, &result);
	*now_ns = result.done_ns;
	if (result.cause == TAPE_OK)
		return;
	report_print("%s", result.message);
	if (close == TAPE_CLOSE_GOOD)
		l->refused++;
}

/* Returns whether too many volumes in a row have failed, and reports that. */
static bool is_enough(const struct label *l)
{
	if (l->failed == FAILED_LABELS_MAX)
		report_print("%d volumes in a row could not be "
			     "labelled: stopped; check the drive",
		    FAILED_LABELS_MAX);
	if (l->unloaded == FAILED_LOADS_MAX)
		report_print("%d volumes in a row could not be "
			     "loaded: stopped; check the library",
		    FAILED_LOADS_MAX);
	return l->failed == FAILED_LABELS_MAX || l->no_storage ||
	    l->unloaded == FAILED_LOADS_MAX;
}

/*
 * Reports that no volume was loaded.  Returns false if the library has no more
 * volumes.
 */
static bool report_unloaded(struct label *l, enum tape_close before,
    const struct tape_result *result)
{
	struct tapes_missed missed;

	tapes_take_missed(l->tapes, &missed);
	/*
	 * The end of the volumes is not a failure.  A lack of usable drives is.
	 */
	if (result->cause == TAPE_NO_VOLUME && before != TAPE_CLOSE_AVOID_DRIVE)
		return false;
	report_print("%s", tape_result_text(result));
	l->refused++;
	l->unloaded++;
	l->no_storage = result->cause == TAPE_STORAGE_FAILED;
	if (missed.barcode[0] != '\0')
		splitter_scan_not_scanned(l->scan, missed.barcode,
		    missed.in_use, tape_result_text(result));
	return result->cause != TAPE_NO_VOLUME;
}

/* Labels a loaded volume and returns it to the library. */
static int handle(struct label *l, struct tape *tape, int64_t *now_ns,
    enum tape_close *close)
{
	int rc = label_one(l, tape, now_ns, close);

	l->unloaded = 0;
	give_back(l, tape, *close, now_ns);
	return rc;
}

/*
 * Handles a volume that the library did not hand out.  `why` is the reason why
 * it must stay where it is; NULL: the volume is loaded now.
 */
static bool on_rest(void *arg, const char *barcode, const char *why)
{
	struct label *l = arg;
	struct tape_result result;
	enum tape_close close;
	struct tape *tape = NULL;
	int64_t now_ns = 0;

	if (signals_signal() != 0)
		return false;
	if (splitter_scan_knows(l->scan, barcode))
		return true;
	if (why == NULL && l->unloaded < FAILED_LOADS_MAX) {
		tape = tape_load_named(tapes_library(l->tapes), barcode, 0,
		    &result);
		now_ns = result.done_ns;
		why = tape_result_text(&result);
	}
	if (tape != NULL)
		return handle(l, tape, &now_ns, &close) == 0 && !is_enough(l);
	l->unloaded++;
	report_print("volume %s was not scanned: %s", barcode,
	    why != NULL ? why
			: "too many volumes in a row could not be loaded");
	return true;
}

/* Reports that no volume at all was read, which is a failure. */
static void report_none(struct label *l, const struct tape_result *last)
{
	if (l->unloaded > 0) /* each reason was printed already */
		report_print("no volume could be scanned");
	else if (l->refused == 0)
		report_print("no volume was scanned: %s",
		    tape_result_text(last));
	l->refused++;
}

static enum label_end label_all(struct label *l)
{
	struct tape_library *library = tapes_library(l->tapes);
	struct tape_result result;
	enum tape_close close = TAPE_CLOSE_REFUSED;
	struct tape *tape;
	int64_t now_ns = 0;
	int rc = 0;

	tape_result_init(&result, 0);
	while (rc == 0 && !is_enough(l) && signals_signal() == 0) {
		tape = library->ops->load(library, now_ns, &result);
		now_ns = result.done_ns;
		if (tape == NULL && report_unloaded(l, close, &result))
			continue;
		if (tape == NULL)
			break;
		rc = handle(l, tape, &now_ns, &close);
	}
	if (rc == 0 && l->failed < FAILED_LABELS_MAX && !l->no_storage &&
	    close != TAPE_CLOSE_AVOID_DRIVE)
		rc = tapes_each(l->tapes, on_rest, l, l->err, l->err_bytes);
	if (rc != 0)
		report_print("%s", l->err);
	else if (signals_signal() != 0)
		report_print("interrupted: only the printed volumes "
			     "are labelled");
	else if (splitter_scan_read_count(l->scan) == 0)
		report_none(l, &result);
	return signals_signal() != 0    ? LABEL_INTERRUPTED
	    : rc != 0 || l->refused > 0 ? LABEL_NOT_ALL
					: LABEL_DONE;
}

/*
 * Opens the catalogue if it exists.  A missing catalogue has no entries, and is
 * not created.
 */
static int open_catalogue(struct label *l)
{
	const struct label_options *o = l->options;
	char *path;
	int rc = 0;

	if ((o->overwrite_count == 0 && !o->overwrite_unnamed) ||
	    o->no_catalogue)
		return 0;
	path = o->catalogue != NULL ? strdup(o->catalogue)
				    : catalogue_path(o->tapes.library);
	if (path == NULL) {
		snprintf(l->err, l->err_bytes, "out of memory");
		return -1;
	}
	if (access(path, F_OK) == 0) {
		l->catalogue = catalogue_open(path, l->err, l->err_bytes);
		rc = l->catalogue == NULL ? -1 : 0;
	} else if (o->catalogue != NULL) {
		sentence(l->err, l->err_bytes, "there is no catalogue %s: %s",
		    path, strerror(errno));
		rc = -1;
	}
	free(path);
	return rc;
}

static int open_all(struct label *l)
{
	const struct label_options *o = l->options;
	const struct tapes_use use = { .unnamed = o->overwrite_unnamed };
	struct splitter_scan_config scanning;

	splitter_label_config_init(&l->config, sizeof l->config, SPLITTER_API);
	l->config.block_bytes = o->block_bytes;
	l->config.arg = l;
	l->config.before_label = before_label;
	if (o->overwrite_unnamed)
		l->config.may_overwrite = may_overwrite;
	l->config.overwrite = o->overwrite;
	l->config.overwrite_count = o->overwrite_count;
	l->config.format = o->format;
	l->config.test = o->test;
	splitter_scan_config_init(&scanning, sizeof scanning, SPLITTER_API);
	l->scan = splitter_scan_new(&scanning, l->err, l->err_bytes);
	if (l->scan == NULL)
		return -1;
	l->tapes = o->tapes.open(o->tapes.arg, &use, l->err, l->err_bytes);
	return l->tapes == NULL ? -1 : open_catalogue(l);
}

enum label_end label_volumes(const struct label_options *options, char *err,
    size_t err_bytes)
{
	struct label l = {
		.options = options, .err = err, .err_bytes = err_bytes
	};
	enum label_end end = LABEL_NOT_BEGUN;

	if (open_all(&l) == 0)
		end = label_all(&l);
	splitter_scan_free(l.scan);
	catalogue_close(l.catalogue);
	tapes_close(l.tapes);
	return end;
}
