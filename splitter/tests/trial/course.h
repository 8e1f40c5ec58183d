/*
 * course.h: the events of a dump while an executor writes it.
 *
 * Filled in by the thread that carries out the steps; read after its end.
 */
#ifndef SPLITTER_TESTS_COURSE_H
#define SPLITTER_TESTS_COURSE_H

#include "splitter/write/dump_run.h"

struct course {
	struct writer_attempt *attempts;
	struct writer_volume *volumes; /* closed volumes, in order */
	size_t attempt_count, volume_count;
	unsigned loaded, warnings;
	unsigned lost; /* number of parts that are no longer safe */
	/* number of steps carried out, by kind */
	unsigned steps[CORE_DONE + 1];
	uint64_t run_max_bytes; /* size of the longest WRITE */
	/* Called with on_step_arg after each step; may be NULL. */
	void (*on_step)(void *arg, const struct dump_sample *);
	void *on_step_arg;
};

/* Records that the parts that end after `safe_bytes` are no longer safe. */
void course_lose(struct course *course, uint64_t safe_bytes);

/* Makes an executor record its events in this course, which must be zeroed. */
void course_listen(struct course *course, struct dump_run_config *config);

/*
 * Writes the attempts into `line`, as "1:5 2:6F | 2:6" or "none".  Returns
 * `line`.
 */
char *course_line(const struct course *course, char *line, size_t bytes);

/* Writes how the volumes were closed into `line`, as "good suspect full". */
char *course_closes(const struct course *course, char *line, size_t bytes);

/* Frees the contents and zeroes the course. */
void course_clear(struct course *course);

#endif
