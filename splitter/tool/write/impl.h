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
	/* log of the dump for the catalogue; or NULL */
	struct catalogue_log *log;
	/* an error was reported, and entries still wait */
	bool catalogue_failed;
	bool cut_short; /* the input failed within the safe bytes */
	bool complete;  /* everything is on tape, except the end record */
	bool lost;      /* bytes from `lost_bytes` on are no longer safe */
	uint64_t lost_bytes;
	struct tapes *tapes;
	/* the tapes through which the safe parts were found */
	struct tapes *looked;
	struct input *source;
	struct resume_point safe;
	struct splitter_config config;
	struct splitter *dump;
	struct progress progress;
	const char **append; /* volumes that may be appended to */
	char *err;
	size_t err_bytes;
};

/* Returns the current time in the form of headers and the catalogue. */
void write_date(char date[SPLITTER_DATE_BYTES]);

/*
 * Handles `rc`, the result of an entry in the log.  Reports the first failure,
 * and when all entries are made again.
 */
void write_logged(struct write *w, int rc);

/* Sets the event functions of the configuration. */
void write_set_events(struct write *w);

/* Removes the parts after the safe bytes from the list. */
void write_keep_safe(struct write *w, uint64_t safe_bytes);

/* Checks the volumes after the dump has ended, and records its end. */
void write_record_end(struct write *w);

/*
 * Opens all tapes, or only the volume `only`, in the block mode of the dump if
 * that is known.  Returns 0, or -1 with a message.
 */
int write_open_tapes(struct write *w, const char *only);

/*
 * Finds the safe parts of the dump, and skips them in the input.  Returns 0,
 * with `complete` set if the input ends there.  Returns -1 with a message, and
 * sets `cut_short` if the only error was an interrupt or a failed input.
 */
int write_find_safe(struct write *w);

/*
 * Sets the result of a dump that was cut short within the safe bytes.  The
 * tapes are unchanged.
 */
void write_cut_short(struct write *w);

/*
 * Writes the end record of a dump that is otherwise complete, after the last
 * file on its last volume, if that may be written.  If writing the record
 * fails, the dump is still DONE; `sealed` shows whether the record is on tape.
 */
void write_end_record(struct write *w);

#endif
