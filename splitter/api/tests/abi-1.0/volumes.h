/*
 * volumes.h: labels and headers, and the parts of a dump on volumes.
 *
 * For programs that prepare volumes, inspect them, or resume a dump.  None of
 * these functions starts a thread; one thread at a time uses an object.
 *
 * Installed as <tapelab/volumes.h>.
 */
#ifndef SPLITTER_API_VOLUMES_H
#define SPLITTER_API_VOLUMES_H

#include "splitter.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
	SPLITTER_NAME_BYTES = 129, /* of a dump: 128 characters, and the end */
	SPLITTER_DATE_BYTES = 21,  /* 2026-01-31T23:59:59Z, and the end */
	SPLITTER_DIGEST_BYTES = 33 /* 32 hexadecimal digits, and the end */
};

/*
 * Whether a dump can have this name: 1 to 128 printable ASCII characters, with
 * no blank at either end.  A barcode has 1 to 32 such characters.
 */
bool splitter_name_valid(const char *name);
bool splitter_barcode_valid(const char *barcode);

/*
 * Whether a person who writes `wanted` means the dump of this name and id:
 * NAME, or NAME@ID if several dumps have that name.
 */
bool splitter_name_matches(const char *wanted, const char *name,
    uint64_t dump_id);

/*
 * Draws a random number for attempts, 2^20 or more: for a dump that is resumed
 * while attempts with unknown numbers may be on tape.
 */
uint32_t splitter_draw_attempt(void);
bool splitter_attempt_was_drawn(uint64_t attempt);

/*
 * The XXH128 of a stream of bytes, as xxhsum -H2 prints it.  `new` returns NULL
 * if there is no memory; `free` allows NULL.
 */
struct splitter_digest *splitter_digest_new(void);
void splitter_digest_add(struct splitter_digest *digest, const void *data,
    uint64_t bytes);
void splitter_digest_text(const struct splitter_digest *digest,
    char text[SPLITTER_DIGEST_BYTES]);
/* Of nothing, as after splitter_digest_new. */
void splitter_digest_reset(struct splitter_digest *digest);
void splitter_digest_free(struct splitter_digest *digest);

/*
 * The first block of a file on tape; see tapelab-header(5).  The block may hold
 * anything.
 *
 * check: returns 0; -1 with a message in `err` if the block is not a header, is
 *   of another version, or is damaged.
 * value: copies the text after the `nth` "key: ", from 0, of a block that was
 *   checked; at most `value_bytes` with the terminating zero.  Only the key
 *   "row" occurs several times.  Returns the length of the text, or -1 if there
 *   is none.
 */
int splitter_header_check(const void *block, size_t block_bytes, char *err,
    size_t err_bytes);
int64_t splitter_header_value(const void *block, size_t block_bytes,
    const char *key, size_t nth, char *value, size_t value_bytes);

/*
 * Fills `block`, of 4 KiB or more, with the label of a scratch volume.  Returns
 * 0, or -1 if the barcode is not valid or the block is too small.
 */
int splitter_scratch_label(const char *barcode, void *block,
    size_t block_bytes);

/*
 * Are the parts of a dump still where they were written?
 *
 * Another program may have written to the volumes since.  The volumes are
 * loaded by name and read; nothing is written.
 *
 * Filled in by splitter_verify_config_init, then changed.
 */
struct splitter_verify_config {
	size_t config_bytes; /* as in struct splitter_config */
	unsigned api;
	struct tape_library *library; /* needs load_named */
	uint64_t dump_id, block_bytes;
	const struct splitter_part *parts;
	size_t parts_count;
	/* Volumes that are not loaded: their parts count as present. */
	const char *const *assumed;
	size_t assumed_count;
	/* Called before a volume is loaded; false: stop.  May be NULL. */
	bool (*volume_begun)(void *arg, const char *volume);
	void *arg;
};

void splitter_verify_config_init(struct splitter_verify_config *verify,
    size_t config_bytes, unsigned api);

/*
 * Verifies the parts, volume by volume; the volume of the last part comes last,
 * so that it is in a drive already if the dump is resumed.  Stops at the first
 * volume whose parts are not all present; `*part` is then the index of the
 * first part that is not.  `err` has a message for OVERWRITTEN and UNREADABLE.
 */
enum splitter_parts_state
splitter_verify_parts(const struct splitter_verify_config *verify, size_t *part,
    char *err, size_t err_bytes);

/* The result of writing an end record alone. */
struct splitter_end_record_result {
	bool written;          /* it is on tape */
	enum tape_cause cause; /* why not */
	/* Less than all parts have: parts were found to be lost. */
	uint64_t safe_bytes;
	/* Names the parts that are lost; "": none. */
	char message[TAPE_MESSAGE_BYTES];
};

/*
 * Writes the end record of a dump all of whose bytes are safe, and which only
 * lacks that record.  `config` is that of the dump, with all parts in `resume`
 * (the last may end within a block), and a library, whose next volume must be
 * one of `append`.  Best effort, as any end record: why it was not written is
 * reported by `warning`.  Returns 0 and the result, of which `result_bytes` are
 * filled in; -1 with a message where nothing was touched.
 */
int splitter_write_end_record(const struct splitter_config *config,
    struct splitter_end_record_result *result, size_t result_bytes, char *err,
    size_t err_bytes);

#ifdef __cplusplus
}
#endif

#endif
