/*
 * skip.h: skips the safe bytes of a resumed dump.
 *
 * A dump is resumed with the same stream.  The stream is read up to the end of
 * the safe bytes, and the digest of each part is compared with that of the part
 * on tape.
 */
#ifndef SPLITTER_TOOL_RESUME_SKIP_H
#define SPLITTER_TOOL_RESUME_SKIP_H

#include "splitter/api/volumes.h"
#include "splitter/tool/catalogue/part_list.h"

struct resume_skip {
	const struct part_list *parts; /* the safe parts */
	/*
	 * Reads the next bytes of the stream, up to `bytes`.  Returns how many;
	 * 0 at its end; -1 if it failed.
	 */
	int64_t (*read)(void *arg, void *buf, uint64_t bytes);
	void *arg;
};

enum resume_skip_result {
	RESUME_SKIP_SAME,        /* the stream is after the safe bytes */
	RESUME_SKIP_DIFFERS,     /* it is another stream, or shorter */
	RESUME_SKIP_NO_DIGEST,   /* a part has no digest to compare with */
	RESUME_SKIP_READ_FAILED, /* `read` failed, and has reported why */
	RESUME_SKIP_NO_MEMORY
};

/*
 * Skips the safe bytes, and adds them to `digest`.  Unless it returns SAME or
 * READ_FAILED, `err` has a message.
 */
enum resume_skip_result resume_skip(const struct resume_skip *skip,
    struct splitter_digest *digest, char *err, size_t err_bytes);

#endif
