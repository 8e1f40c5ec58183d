/*
 * course.h: what an executor told about a dump while it was under way.
 *
 * Filled in by the thread that carries out the steps; read when it has ended.
 */
#ifndef SPLITTER_TESTS_COURSE_H
#define SPLITTER_TESTS_COURSE_H

#include "splitter/write/dump_run.h"

struct course {
	struct writer_attempt *attempts;
	struct writer_volume *volumes; /* given back, in order */
	size_t attempt_count, volume_count;
	unsigned loaded, troubles;
	unsigned lost; /* parts that are not called safe any more */
	unsigned steps[CORE_DONE + 1]; /* carried out, by kind */
	uint64_t run_max_bytes;        /* the longest WRITE */
	/* Called with the course, after each step; NULL: none. */
	void (*on_step)(void *arg, const struct dump_sample *);
	void *on_step_arg;
};

/* Parts that end after `safe_bytes` were called safe once, and are not. */
void course_lose(struct course *course, uint64_t safe_bytes);

/* Has an executor tell this course, which is all zeros, what happens. */
void course_listen(struct course *course, struct dump_run_config *config);

/* "1:5 2:6F | 2:6", or "none".  Returned in a buffer of the caller's. */
char *course_line(const struct course *course, char *line, size_t bytes);

/* "good suspect full": how volumes were given back. */
char *course_closes(const struct course *course, char *line, size_t bytes);

/* Frees what it holds, and makes it all zeros. */
void course_clear(struct course *course);

#endif
