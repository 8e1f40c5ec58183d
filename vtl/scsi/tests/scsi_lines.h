/*
 * scsi_lines.h: the results of a drive, line by line, for everything that
 * programs rely on.  Names: E end of medium, B buffering, W writing, R reading,
 * M moving, S states and sense data, L logs.  The words are those of
 * scsi_play.h.
 *
 * Blocks have 100 bytes, the medium has room for ten, the ninth meets the early
 * warning; a block takes a second, and the buffer holds five.
 */
#ifndef VTL_TESTS_SCSI_LINES_H
#define VTL_TESTS_SCSI_LINES_H

#include "vtl/scsi/tests/scsi_play.h"

const struct play_line *scsi_lines(size_t *count);

/* The same for partitions of the medium, and append-only mode. */
const struct play_line *partition_lines(size_t *count);

/*
 * Makes the drive of a line, carries out its commands, and compares the
 * results.  `way` is that of play_make().
 */
void scsi_line_run(const struct play_line *line, const struct play_way *way);

#endif
