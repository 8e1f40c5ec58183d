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
	struct writer_volume *volumes; /* closed, in order */
	size_t attempt_count, volume_count;
	unsigned loaded, warnings;
	unsigned lost; /* parts that are no longer called safe */
	unsigned steps[CORE_DONE + 1]; /* carried out, by kind */
	uint64_t run_max_bytes;        /* the longest WRITE */
	/* Called with the course after each step; NULL: none. */
	void (*on_step)(void *arg, const struct dump_sample *);
	void *on_step_arg;
};

/* Parts that end after `safe_bytes` were called safe before, but no longer. */
void course_lose(struct course *course, uint64_t safe_bytes);

/* Makes an executor record its events in this course, which must be zeroed. */
void course_listen(struct course *course, struct dump_run_config *config);

/* "1:5 2:6F | 2:6", or "none".  Returns a buffer of the caller. */
char *course_line(const struct course *course, char *line, size_t bytes);

/* "good suspect full": how volumes were closed. */
char *course_closes(const struct course *course, char *line, size_t bytes);

/* Frees the contents and zeroes the course. */
void course_clear(struct course *course);

#endif
