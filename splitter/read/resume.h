/*
 * resume.h: skips what is safe of a dump that is given again.
 *
 * A dump that did not come to its end is resumed by giving the same stream
 * again.  Whether it is the same is not believed but seen: it is read up to
 * where the dump is safe, and each part's sum is compared with that of what is
 * on tape.  At the first that differs it ends, and nothing was written.
 *
 * Nor is it believed that the parts are on their volumes still: somebody may
 * have written over one since.  Each volume is looked at, the last one last,
 * so that it lies in a drive already where the dump is gone on with there.
 */
#ifndef SPLITTER_RESUME_H
#define SPLITTER_RESUME_H

#include "splitter/format/volume_policy.h"
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

/* Where the parts are looked for. */
struct resume_volumes {
	struct tape_library *library; /* is read, and not written to */
	const struct parts *parts;    /* each with a volume and a file */
	uint64_t dump_id, block_bytes;
	struct volume_policy_list assumed; /* volumes that are not looked at */
	/* Before each volume is loaded; false: ends the look. */
	bool (*each)(void *arg, const char *volume);
	void *arg;
};

enum resume_held {
	RESUME_HELD,   /* each part is where it was written */
	RESUME_GONE,   /* something else is there */
	RESUME_UNSEEN, /* a volume cannot be had, or not be read */
	RESUME_STOPPED /* `each` said so */
};

/*
 * Looks whether the parts are there: on each volume, the last part on it, by
 * resume_look_at_part().  At the first volume where they are not it ends;
 * `*gone` is then the first part that is gone of those on it, or one on the
 * volume that was not seen.  `err` has a sentence for RESUME_GONE and
 * RESUME_UNSEEN.
 */
enum resume_held resume_look(const struct resume_volumes *volumes,
    struct part_row *gone, char *err, size_t err_bytes);

/*
 * A number for attempts, from 2^20 to 2^31, that is drawn at random: for a dump
 * that is resumed where there may be attempts that nobody knows of.  Attempts
 * that are numbered from there on have other numbers than those before.
 */
uint64_t resume_draw_attempt(void);

/* Whether a number may be one that was drawn, or behind one. */
bool resume_was_drawn(uint64_t attempt);

/*
 * Looks whether a part is where it was written, on the volume in `tape`: the
 * file begins with its header, and, where the drive tells its position, the
 * next one begins where it did.  So no file before it was touched either, for
 * whatever is written on a tape ends what was behind it.  `block` is room for
 * `block_bytes`.  RESUME_HELD, RESUME_GONE; or RESUME_UNSEEN, and `*answer`
 * says why.
 */
enum resume_held resume_look_at_part(struct tape *tape,
    const struct part_row *row, uint64_t dump_id, char *block,
    uint64_t block_bytes, int64_t *now_ns, struct tape_result *answer);

/* Whether the header is that of the attempt which is the part. */
bool resume_is_part(const struct header *header, uint64_t dump_id,
    const struct part_row *row);

#endif
