/*
 * impl.h: shared by the files that write a dump.
 *
 *   dump.c        a dump from start to end
 *   events.c      its events go to the catalogue and the terminal
 *   end.c         its end
 *   resume.c      the safe parts, if it is resumed
 *   end_record.c  the end record, if nothing else is missing
 */
#ifndef SPLITTER_TOOL_WRITE_IMPL_H
#define SPLITTER_TOOL_WRITE_IMPL_H

#include "splitter/tool/catalogue/log.h"
#include "splitter/tool/progress.h"
#include "splitter/tool/resume/point.h"
#include "splitter/tool/write/dump.h"

struct write {
	const struct write_options *options;
	struct write_result *result;
	struct catalogue *catalogue; /* or NULL */
	struct catalogue_log *log;   /* of the command; or NULL */
	bool catalogue_failed;       /* reported, until it has caught up */
	bool cut_short; /* the input failed within the safe bytes */
	bool complete;  /* everything is on tape, except the end record */
	bool lost;      /* bytes from there on are no longer safe */
	uint64_t lost_bytes;
	struct tapes *tapes;
	struct tapes *looked; /* the safe parts were found with these */
	struct input *source;
	struct resume_point safe;
	struct splitter_config config;
	struct splitter *dump;
	struct progress progress;
	const char **append; /* volumes that may be appended to */
	char *err;
	size_t err_bytes;
};

/* The time now, as headers and the catalogue have it. */
void write_date(char date[SPLITTER_DATE_BYTES]);

/* An entry of the log returned `rc`: reports a failure once, and its end. */
void write_logged(struct write *w, int rc);

/* Sets the events of the configuration. */
void write_set_events(struct write *w);

/* Parts after the safe bytes are removed from the list. */
void write_keep_safe(struct write *w, uint64_t safe_bytes);

/* The dump has ended: its volumes are checked, and its end is recorded. */
void write_record_end(struct write *w);

/*
 * Opens the tapes, in the block mode of the dump if that is known: all of them,
 * or the volume `only`.  -1 with a message.
 */
int write_open_tapes(struct write *w, const char *only);

/*
 * Finds the safe parts of the dump, and skips them in the input.  Returns 0,
 * and `complete` if the input ends there; -1 with a message, and `cut_short` if
 * there was no other error than an interrupt or a failed input.
 */
int write_find_safe(struct write *w);

/*
 * The result of a dump that was cut short like this: the tapes are unchanged.
 */
void write_cut_short(struct write *w);

/*
 * Writes the end record of a dump that is complete, after the last file on its
 * last volume, if that may be written.  Like any end record it is best effort:
 * the outcome is DONE, and shows whether it is sealed.
 */
void write_end_record(struct write *w);

#endif
