/*
 * journal.h: the records of a sweep in a file, so that it can be continued.
 *
 *     tune.jsonl: a line that says which sweep it is, then a line a record
 *
 * Invariants:
 *  1. A record is in the file before the next one is begun by the same process;
 *     a last line without its newline was torn, and is ignored and cut off.
 *  2. Only one process at a time writes a journal.
 */
#ifndef SIM_TUNE_JOURNAL_H
#define SIM_TUNE_JOURNAL_H

#include <stdint.h>
#include <stdio.h>

#include "sim/tune/points/task.h"

#define TUNE_JOURNAL_NAME "tune.jsonl"

enum { TUNE_JOURNAL_FORMAT = 2 };

/* The records of one or more journals, by their tasks. */
struct tune_records {
	void *root; /* a tree of tsearch(3) */
	size_t count;
};

/*
 * Adds a record, and takes its problem.  A second record of a task is dropped.
 * Returns 0, or -1 without memory.
 */
int tune_records_add(struct tune_records *records, struct tune_record *record);

/* Returns the record of a task, or NULL. */
const struct tune_record *tune_records_get(const struct tune_records *records,
    const struct tune_task *task);

void tune_records_clear(struct tune_records *records);

/* Which sweep a journal is of. */
struct tune_journal_head {
	char *digest;           /* of the scenario and all options */
	char *arguments;        /* of the command, as JSON */
	unsigned shard, shards; /* 1 of 1: all of it */
};

void tune_journal_head_clear(struct tune_journal_head *head);

struct tune_journal;

/*
 * Opens the journal in the folder, or makes it.  The records of an existing
 * one are added to `records`.  Returns NULL with a message if it cannot be
 * opened, is of another sweep, or is in use.
 */
struct tune_journal *tune_journal_open(const char *folder,
    const struct tune_journal_head *head, struct tune_records *records,
    char *err, size_t err_bytes);

/*
 * Reads a journal.  `path` is a journal or its folder.  Returns 0, or -1 with a
 * message.  The caller clears the head.
 */
int tune_journal_read(const char *path, struct tune_journal_head *head,
    struct tune_records *records, char *err, size_t err_bytes);

/* Appends the line of a record.  Returns 0, or -1 with a message. */
int tune_journal_add(struct tune_journal *journal, const char *line, char *err,
    size_t err_bytes);

/* Closes the journal; NULL is allowed. */
void tune_journal_close(struct tune_journal *journal);

#endif
