/*
 * waiting.h: when a notice of a wait for a drive is due, and the words
 * for how long the wait has lasted and may last.
 *
 * Invariant: no function waits or keeps anything.
 */
#ifndef SPLITTER_SCSI_WAITING_H
#define SPLITTER_SCSI_WAITING_H

#include <stdbool.h>
#include <stdint.h>

struct scsi_waiting {
	char text[80];
};

/*
 * Returns whether a notice is due `waited_ns` after a wait began: at
 * `*notice_ns`, which becomes the next full minute of the wait.
 */
bool scsi_waiting_is_due(int64_t *notice_ns, int64_t waited_ns);

/*
 * Writes the end of the notice: " after 3 min: waiting at most 16 min"; in the
 * first minute ": waiting at most 1 min".  Returns `waiting->text`.
 */
const char *scsi_waiting_text(struct scsi_waiting *waiting, int64_t waited_ns,
    int64_t most_ns);

#endif
