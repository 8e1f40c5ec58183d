/*
 * adopt.h: a dump that is written as a program has configured it: its volumes,
 * the parts that are safe already, its events.
 *
 *     struct splitter_config --> struct dump_run_config of the executor
 *
 * The events of the writer go to those of the executor first, and then to the
 * program's.  After the program was killed they go to neither.
 *
 * One thread at a time.  In real time the events are called by the thread of the
 * tape.
 */
#ifndef SIM_RUN_ADOPT_H
#define SIM_RUN_ADOPT_H

#include "splitter/api/splitter.h"
#include "splitter/tool/catalogue/part_list.h"
#include "splitter/tool/report.h"
#include "splitter/write/dump_run.h"

struct adopted {
	const struct splitter_config *config;
	struct writer_events executor; /* the events of the executor */
	struct parts *parts;           /* the safe parts, with new ones */
	/* The dump is safe up to here; once killed it does not change. */
	uint64_t safe_bytes;
	/* Returns whether the program was killed; may be NULL. */
	bool (*killed)(void *arg);
	void *killed_arg;
	/* Receives the messages of the program's events, in any thread. */
	struct report_receiver receiver;
};

/*
 * Changes the configuration of an executor, whose events are set, to that of
 * the program.  The caller keeps `adopted` until the dump has ended, and then
 * calls adopt_clear().  Returns 0, or -1 without memory.
 */
int adopt_config(struct adopted *adopted, struct dump_run_config *to);
void adopt_clear(struct adopted *adopted);

/* Stores all safe parts.  Returns 0, or -1 without memory. */
int adopt_parts(const struct adopted *adopted, struct part_list *parts);

#endif
