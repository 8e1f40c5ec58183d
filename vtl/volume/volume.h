/*
 * volume.h: a volume, which is one SQLite file: the medium and all about it.
 *
 * The medium is a row of objects, blocks and filemarks, numbered from 0 at
 * BOT.  A volume does not know where a head stands (that is the drive's) and
 * takes no time.  It holds whatever it is given, beyond its capacity too: what
 * fits is for the drive to say.
 *
 * Invariants:
 *
 *  1. Objects are appended at EOD only; to write elsewhere, what follows is
 *     cut off first, and cannot be reached again.
 *  2. Filemarks take no bytes of the medium; a block takes its length.  There
 *     are VOLUME_FILEMARKS_MAX filemarks at most, so that a walk over the
 *     files of a volume ends, whoever made it.
 *  3. What was there at the last volume_sync() that succeeded is there when
 *     the volume is next opened, whatever became of the process in between
 *     (and, where the volume was opened as durable, of the machine).  What was
 *     written later is there up to some object, or not at all.
 *  4. A volume is open once: no other process, and no other struct volume of
 *     this one, reads or writes it meanwhile.  (Several processes may have one
 *     that is write-protected.)  A lock on the file says so, see file_lock.h.
 *  5. A file that is not a volume is never changed.
 *  6. Nothing in the file tells when, where or by whom it was written, but
 *     what the caller says in a note.
 *
 * States, of the objects behind the last synchronisation:
 *
 *                 append, cut, note             64 MiB stored, or sync
 *     SYNCHRONISED -----------------> PENDING ---------------------------+
 *       ^      ^                         |                               |
 *       |      | cannot be stored: they  |                               |
 *       |      +- are gone, EOD is where-+                               |
 *       |         it last was SYNCHRONISED                               |
 *       +----------------------------------------------------------------+
 *
 * A struct volume is used by one thread at a time.  Functions that return -1
 * leave what was being done, to what, and what can be done about it in
 * volume_message().
 */
#ifndef VTL_VOLUME_H
#define VTL_VOLUME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/base/sense.h"

enum {
	VOLUME_BARCODE_BYTES = 33, /* 32 characters and the end */
	VOLUME_MESSAGE_BYTES = 512,
	VOLUME_BLOCK_MAX_BYTES = 64 << 20,
	VOLUME_FILEMARKS_MAX = 1 << 20, /* on one volume */
	VOLUME_MEDIUM_BYTES = 8
};

enum volume_payload {
	VOLUME_PAYLOAD_NONE, /* lengths and provenance; labels, headers */
	VOLUME_PAYLOAD_RAW,  /* every byte */
	VOLUME_PAYLOAD_ZLIB  /* every byte, deflated at level 1 */
};

struct volume_spec {
	char barcode[VOLUME_BARCODE_BYTES]; /* A-Z a-z 0-9 - and _ */
	uint64_t capacity_bytes;            /* 1 .. INT64_MAX */
	bool has_early_warning;
	uint64_t early_warning_bytes; /* before the end; <= capacity */
	enum volume_payload payload;
	/* The code of its type, or media_any (media.h); "": as its barcode
	 * tells. */
	char medium[VOLUME_MEDIUM_BYTES];
};

/*
 * A run of contiguous blocks of one length; only the last may be short.
 * `data` is stored where there is payload and where `keep` is set (labels,
 * headers; those as they are, never deflated); NULL stores lengths and
 * provenance only.
 */
struct volume_run {
	const void *data;
	uint64_t bytes;       /* > 0 */
	uint64_t block_bytes; /* 1 .. VOLUME_BLOCK_MAX_BYTES */
	uint64_t dump_id;     /* provenance: which dump (0: none), */
	uint64_t offset;      /* and where in it the run begins */
	bool keep;
};

/* A place on the medium: how much lies before it. */
struct volume_position {
	uint64_t object; /* blocks and filemarks */
	uint64_t file;   /* filemarks */
	uint64_t byte;   /* bytes */
};

enum volume_kind { VOLUME_BLOCK, VOLUME_FILEMARK, VOLUME_EOD };

struct volume_object {
	enum volume_kind kind;
	uint64_t bytes;   /* of a block; else 0 */
	bool has_data;    /* its bytes are stored */
	uint64_t dump_id; /* as written */
	uint64_t offset;  /* of this block in its dump */
};

/* What becomes of a block that lies over a defect. */
enum volume_fail {
	VOLUME_FAIL_WRITE,   /* writing it fails, or is RECOVERED */
	VOLUME_FAIL_READ,    /* so does reading it */
	VOLUME_FAIL_SLOW,    /* both take longer */
	VOLUME_FAIL_CORRUPT, /* another block goes on the medium */
	VOLUME_FAILS
};

/* "write", "read", "slow" and "corrupt", ended by NULL. */
const char *const *volume_fail_names(void);

/* What the place of a defect counts. */
enum volume_unit {
	VOLUME_BYTES,      /* of the medium, from BOT */
	VOLUME_OBJECTS,    /* blocks and filemarks, from BOT */
	VOLUME_FILE_BLOCKS /* blocks of one file */
};

/*
 * A stretch of the medium, which is there whatever is written over it.  Places
 * are kept in the unit in which they were given: what lies at a byte is another
 * block when the volume is written again.
 */
struct volume_defect {
	uint64_t at;        /* the first one, from 0 */
	struct sense sense; /* WRITE, READ: RECOVERED, or one that fails */
	bool once;          /* gone when it has struck; not SLOW */
	enum volume_fail fail;
	enum volume_unit unit;
	uint64_t file;          /* FILE_BLOCKS */
	uint64_t length;        /* of the unit; 0 is 1 */
	uint64_t recover_after; /* READ: so many fail, then one succeeds; 0:
				 * none ever does */
	uint64_t one_in;        /* READ: by chance; 0: each */
	uint64_t slowdown;      /* SLOW: so many times as long, from 2 */
	int64_t row;            /* the volume's own, as is */
	uint64_t readings;      /* since it was opened */
};

/* A block, or a run of them, as it lies on the medium. */
struct volume_extent {
	uint64_t begin_byte, end_byte;
	uint64_t object; /* of a run, the first */
	uint64_t file, file_block;
};

struct volume;
struct file_lock;

/*
 * Makes an empty volume.  `path` must not exist yet.  `note` is the text of
 * the first row of its history.  `durable` as for volume_open().  Returns 0,
 * or -1 and a message; then there is no file, but for one that was there.  The
 * file appears when it is complete: a process that is killed leaves no more
 * than one of another name, PATH.new-....
 */
int volume_create(const char *path, const struct volume_spec *spec,
    const char *note, bool durable, char message[VOLUME_MESSAGE_BYTES]);

/*
 * Removes the files that processes left in the folder which were killed in
 * volume_create().  No process may make a volume there meanwhile.  An error is
 * ignored: such a file does no harm.
 */
void volume_remove_temporary(const char *folder);

/*
 * Opens a volume.  Where `durable` is false nothing waits for the disk: the
 * volume survives the death of the process at any moment, but not that of the
 * machine.  A file without write permission is a write-protected volume.
 * Returns NULL and a message if there is no such file, it is not a volume, it
 * is damaged, it was made by a newer tapelab or is in use (the message says by
 * which process, where that can be known, and errno is EBUSY), or its file
 * system has no locks.  The caller closes.
 */
struct volume *volume_open(const char *path, bool durable,
    char message[VOLUME_MESSAGE_BYTES]);

/* Synchronises, and closes in any case.  Returns 0, or -1 and a message. */
int volume_close(struct volume *volume, char message[VOLUME_MESSAGE_BYTES]);

/*
 * The same, and the file cannot be opened as a volume until the lock that is
 * returned is closed, also under another name.  NULL and a message if what was
 * written could not be stored.
 */
struct file_lock *volume_close_locked(struct volume *volume,
    char message[VOLUME_MESSAGE_BYTES]);

/*
 * Keeps the file from being opened as a volume, without looking into it, until
 * the lock is closed.  NULL and a message if there is no such file, or it is in
 * use.
 */
struct file_lock *volume_lock_file(const char *path,
    char message[VOLUME_MESSAGE_BYTES]);

/*
 * The first failure of this machine (a full disk, an I/O error) for which the
 * volume lost what was behind its last synchronisation, or could not be read;
 * "" if there was none.
 * A drive can only call it a medium error, but the medium is not to blame.
 */
const char *volume_storage_error(const struct volume *volume);

/*
 * Whether it was this machine for which the last volume_read() or volume_find_
 * failed, and not what is on the volume.
 */
bool volume_is_storage_error(const struct volume *volume);

/* What was last reported; "" if nothing was. */
const char *volume_message(const struct volume *volume);

const struct volume_spec *volume_get_spec(const struct volume *volume);

/*
 * Says which type of medium it is: a code of media.h, or media_any; "": what
 * its barcode tells.
 * Synchronised by the caller.  0 or -1.
 */
int volume_set_medium(struct volume *volume, const char *code);

bool volume_is_protected(const struct volume *volume);

/* EOD: behind the last object. */
void volume_end(const struct volume *volume, struct volume_position *place);

/* Whether the last object is a block, so that a filemark is missing. */
bool volume_ends_in_block(const struct volume *volume);

/*
 * Appends at EOD.  The data is copied or stored at return.  If it cannot be
 * stored (the disk is full), returns -1: then nothing behind the last
 * synchronisation is on the volume any more, and volume_end() tells so.  The
 * volume can be used on.
 */
int volume_append(struct volume *volume, const struct volume_run *run);
int volume_append_filemarks(struct volume *volume, uint64_t count);

/*
 * Makes `place`, which must be one that volume_find_file() or volume_end()
 * gave or that was counted from there, the end of data.  The space is used
 * again; the file does not become smaller.  Errors as volume_append().
 */
int volume_cut(struct volume *volume, const struct volume_position *place);

/* All that was appended is safe at return.  Errors as volume_append(). */
int volume_sync(struct volume *volume);

/*
 * The first object of file `file`, counted from 0.  Returns 1 if found, 0 if
 * the volume has no such file, -1 on an error.
 */
int volume_find_file(struct volume *volume, uint64_t file,
    struct volume_position *place);

/* Where object number `object`, up to EOD, lies.  0, or -1 on an error. */
int volume_find_object(struct volume *volume, uint64_t object,
    struct volume_position *place);

/*
 * Reads object number `object`, up to EOD.  Data is copied into `buf` if it
 * is stored and `buf_bytes` is enough for it; it is compared with its
 * checksum.  Returns 0; -1 if it cannot be read or is not what was written
 * (then out->bytes is its length where that is known, else 0).
 */
int volume_read(struct volume *volume, uint64_t object, void *buf,
    uint64_t buf_bytes, struct volume_object *out);

/*
 * Puts a defect on the medium.  Synchronised by the caller.  0; -1, also if it
 * cannot be as it is.
 */
int volume_defect_add(struct volume *volume, const struct volume_defect *);

/* The defects, by place.  The array is the volume's, until it is changed. */
const struct volume_defect *volume_defects(const struct volume *volume,
    size_t *count);

/*
 * Whether all that there are fail writing at bytes of the medium, so that a
 * run meets none but where volume_find_defect() finds it.
 */
bool volume_defects_are_plain(const struct volume *volume);

/* Whether some have their place in this file. */
bool volume_has_defects_in_file(const struct volume *volume, uint64_t file);

/*
 * The next defect of that kind behind `after` (NULL: the first) that `cover`
 * lies over, or NULL.
 */
const struct volume_defect *volume_find_defect(const struct volume *volume,
    enum volume_fail fail, const struct volume_extent *cover,
    const struct volume_defect *after);

enum volume_reading {
	VOLUME_READ_GOOD,
	VOLUME_READ_RECOVERED,
	VOLUME_READ_FAILED
};

/*
 * Counts a reading over a defect that volume_find_defect() gave, and says how
 * it goes.  What goes by chance is drawn from the seed, the place and the
 * number of the reading since the volume was opened.
 */
enum volume_reading volume_defect_read(struct volume *volume,
    const struct volume_defect *defect, uint64_t seed);

/*
 * Takes away a defect that volume_find_defect() gave, if it is one of `once`;
 * on a write-protected volume until it is closed.  0 or -1.
 */
int volume_defect_spend(struct volume *volume, const struct volume_defect *);

/* Adds a row to the history of the volume.  0 or -1. */
int volume_log_event(struct volume *volume, const char *event,
    const char *text);

/* Tells the texts of this event in its history, in their order.  0 or -1. */
int volume_each_event(struct volume *volume, const char *event,
    void (*each)(void *arg, const char *text), void *arg);

/* How many rows of its history are of this event.  0 or -1. */
int volume_count_events(struct volume *volume, const char *event,
    uint64_t *count);

#endif
