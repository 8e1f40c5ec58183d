/*
 * impl.h: what the files of the writing of a dump share.
 *
 *   dump.c        a dump from its beginning to its end
 *   events.c      its events go to the catalogue and the terminal
 *   end.c         what became of it
 *   resume.c      what is safe already, if it is resumed
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
	struct catalogue_log *log;   /* of it; or NULL */
	bool catalogue_failed;       /* told, until it has caught up */
	bool cut_short;              /* the source failed in what is safe */
	bool complete;               /* all is on tape, but the end record */
	bool gone;                   /* what was safe from there on is not */
	uint64_t gone_bytes;
	struct tapes *tapes;
	struct tapes *looked; /* what is safe was found with these */
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
void write_listen(struct write *w);

/* Parts after the safe bytes are removed from the list. */
void write_keep_safe(struct write *w, uint64_t safe_bytes);

/* The dump has ended: its volumes are checked, and its end is recorded. */
void write_note_end(struct write *w);

/*
 * Opens the tapes, in the block mode of the dump if that is known: all of them,
 * or the volume `only`.  -1 with a message.
 */
int write_open_tapes(struct write *w, const char *only);

/*
 * Finds what is safe of the dump, and skips that in the source.  Returns 0, and
 * `complete` where the source ends there; -1 with a sentence, and `cut_short`
 * where that is all that went wrong.
 */
int write_find_safe(struct write *w);

/* What came of a dump that was cut short so: all on tape is as it was. */
void write_cut_short(struct write *w);

/*
 * Writes the end record of a dump that is complete behind what is on its last
 * volume, where that may be written on.  As any end record it is best effort:
 * the outcome is DONE, and says whether it is sealed.
 */
void write_end_record(struct write *w);

#endif
