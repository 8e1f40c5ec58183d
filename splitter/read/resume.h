/*
 * resume.h: skips what is safe of a dump that is given again.
 *
 * A dump that did not come to its end is resumed by giving the same stream
 * again.  Whether it is the same is not believed but seen: it is read up to
 * where the dump is safe, and each part's sum is compared with that of what is
 * on tape.  At the first that differs it ends, and nothing was written.
 */
#ifndef SPLITTER_RESUME_H
#define SPLITTER_RESUME_H

#include "splitter/format/parts.h"
#include "splitter/format/sum.h"

struct resume {
	const struct parts *parts; /* that are safe */
	/*
	 * Reads the next bytes of the stream, any number up to `bytes`.
	 * Returns how many; 0 at its end; -1 where it failed.
	 */
	int64_t (*read)(void *arg, void *buf, uint64_t bytes);
	void *arg;
};

enum resume_end {
	RESUME_SAME,        /* the stream stands behind what is safe */
	RESUME_DIFFERS,     /* it is another one, or shorter */
	RESUME_UNKNOWN,     /* a part on tape has no sum to compare with */
	RESUME_READ_FAILED, /* `read` failed, and has told why */
	RESUME_NO_MEMORY
};

/*
 * Skips what is safe, and adds it to `whole`, a sum of nothing yet.  Where it
 * is not RESUME_SAME, `err` has a sentence, but for RESUME_READ_FAILED.
 */
enum resume_end resume_skip(const struct resume *resume, struct sum *whole,
    char *err, size_t err_bytes);

/*
 * A number for attempts, from 2^20 to 2^31, that is drawn at random: for a dump
 * that is resumed where there may be attempts that nobody knows of.  Attempts
 * that are numbered from there on have other numbers than those before.
 */
uint64_t resume_draw_attempt(void);

/* Whether a number may be one that was drawn, or behind one. */
bool resume_was_drawn(uint64_t attempt);

#endif
