/*
 * volume.h: stores a volume (a medium and its properties) in one SQLite file.
 *
 * The medium has one partition, or up to four.  A partition is a sequence of
 * objects, blocks and filemarks, numbered from 0 at its beginning (BOP; of
 * partition 0: BOT), with an EOD, a capacity and defects of its own.  One
 * partition is active, after the opening the first: all functions that take no
 * number of a partition work on it.  A volume has no head position (the drive
 * has one), and its operations take no time.  A volume stores even more than
 * its capacity: the drive decides how much fits.
 *
 * Invariants:
 *
 *  1. Objects are appended only at EOD.  To write elsewhere, everything from
 *     there on is cut off first, and is lost.
 *  2. A filemark takes no bytes of the medium; a block takes its length.  There
 *     are at most VOLUME_FILEMARKS_MAX filemarks, so that a walk over the files
 *     of any volume ends.
 *  3. Everything up to the last volume_sync() that succeeded is there when the
 *     volume is opened again, whatever happened to the process in between (and,
 *     if the volume was opened as durable, to the machine).  Later objects
 *     are there up to some object, or not at all.
 *  4. A volume is open once: no other process, and no other struct volume of
 *     this process, reads or writes it.  (Several processes may open one that
 *     is write-protected.)  A lock on the file ensures that (file_lock.h).
 *  5. A file that is not a volume is never changed.
 *  6. Nothing in the file says when, where or by whom it was written, except
 *     the texts and attributes that the caller stores.
 *  7. Attributes and defects stay when the medium is formatted, except the
 *     attributes of partitions that are not there any more.
 *
 * States of the objects after the last synchronisation:
 *
 *                 append, cut, log              64 MiB stored, or sync
 *     SYNCHRONISED -----------------> PENDING ---------------------------+
 *       ^      ^                         |                               |
 *       |      | cannot be stored: they  |                               |
 *       |      +- are lost, EOD is where-+                               |
 *       |         it last was SYNCHRONISED                               |
 *       +----------------------------------------------------------------+
 *
 * A struct volume is used by one thread at a time.  A function that returns -1
 * leaves what was done, to what, why it failed, and what to do in
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
	VOLUME_FILEMARKS_MAX = 1 << 20, /* most in one partition */
	VOLUME_MEDIUM_BYTES = 8,
	VOLUME_PARTITIONS_MAX = 4,
	VOLUME_ATTRIBUTE_BYTES_MAX = 4096 /* of one value */
};

enum volume_payload {
	/* lengths and provenance; data of labels, headers */
	VOLUME_PAYLOAD_NONE,
	VOLUME_PAYLOAD_RAW, /* every byte */
	VOLUME_PAYLOAD_ZLIB /* every byte, deflated at level 1 */
};

/* The bytes of a partition: see struct volume_spec. */
struct volume_partition {
	uint64_t capacity_bytes;
	uint64_t early_warning_bytes; /* if the volume has an early warning */
};

struct volume_spec {
	char barcode[VOLUME_BARCODE_BYTES]; /* A-Z a-z 0-9 - and _ */
	uint64_t capacity_bytes;            /* of the medium; 1 .. INT64_MAX */
	bool has_early_warning;
	uint64_t early_warning_bytes; /* distance from the end; <= capacity */
	enum volume_payload payload;
	/*
	 * The code of the medium type, or media_any (media.h); "": the type
	 * follows from the barcode.
	 */
	char medium[VOLUME_MEDIUM_BYTES];
};

/*
 * A run of contiguous blocks of one length; only the last may be short.  `data`
 * is stored if the volume has payload, or `keep` is set (for labels and
 * headers, which are never deflated).  If it is NULL, only lengths and
 * provenance are stored.  A run of one block that is kept may leave zeros at
 * its end out of `data`: the text of a header is short, its block is not.
 */
struct volume_run {
	const void *data;
	uint64_t bytes;       /* total length, > 0 */
	uint64_t block_bytes; /* 1 .. VOLUME_BLOCK_MAX_BYTES */
	uint64_t dump_id;     /* provenance: the dump, 0: none */
	uint64_t offset;      /* where the run begins in the dump */
	bool keep;
	uint64_t zeros; /* last bytes that are 0, and not in `data` */
	/*
	 * The block (block_pool.h) in which `data` is: who needs the data after
	 * the call holds the block.  NULL: `data` is the caller's.
	 */
	void *block;
};

/* Returns the length of the data without the zeros at its end. */
uint64_t volume_text_bytes(const void *data, uint64_t bytes);

/* A position on the medium, as the numbers of objects and bytes before it. */
struct volume_position {
	uint64_t object; /* blocks and filemarks */
	uint64_t file;   /* filemarks */
	uint64_t byte;   /* bytes */
};

enum volume_kind { VOLUME_BLOCK, VOLUME_FILEMARK, VOLUME_EOD };

struct volume_object {
	enum volume_kind kind;
	uint64_t bytes;   /* length of a block; else 0 */
	bool has_data;    /* the data of the block is stored */
	uint64_t dump_id; /* dump that wrote the block, 0: none */
	uint64_t offset;  /* offset of the block in its dump */
};

/* The effect of a defect on a block that covers it. */
enum volume_fail {
	VOLUME_FAIL_WRITE,   /* a write fails or is recovered */
	VOLUME_FAIL_READ,    /* a read fails or is recovered */
	VOLUME_FAIL_SLOW,    /* reads and writes take longer */
	VOLUME_FAIL_CORRUPT, /* a write stores another block */
	VOLUME_FAILS
};

/* Returns "write", "read", "slow" and "corrupt", ended by NULL. */
const char *const *volume_fail_names(void);

/* The unit of the position and length of a defect. */
enum volume_unit {
	VOLUME_BYTES,      /* of the partition, from BOP */
	VOLUME_OBJECTS,    /* blocks and filemarks, from BOP */
	VOLUME_FILE_BLOCKS /* blocks of one file */
};

/*
 * A defect is a part of the medium, and stays there whatever is written over
 * it.  Its position is stored in the unit in which it was given: another block
 * may lie at a byte when the volume is written again.
 */
struct volume_defect {
	uint64_t at;        /* where the defect begins, from 0 */
	struct sense sense; /* WRITE, READ: the error, or recovered */
	bool once;          /* is removed after it applied; not SLOW */
	enum volume_fail fail;
	unsigned partition;
	enum volume_unit unit;
	uint64_t file;          /* FILE_BLOCKS: the number of the file */
	uint64_t length;        /* counted in `unit`; 0 means 1 */
	uint64_t recover_after; /* READ: this many readings fail, the next is
				   recovered; 0: all fail */
	uint64_t one_in;        /* READ: one in this many fails, at random; 0:
				   each fails */
	uint64_t slowdown;      /* SLOW: factor of the time, from 2 */
	int64_t fault;          /* its number among the faults of its library
				   or scenario; 0: none */
	int64_t row;            /* the volume's own */
	uint64_t readings;      /* number since the volume was opened */
};

/* The place of a block, or of a run of blocks, on the medium. */
struct volume_extent {
	uint64_t begin_byte, end_byte;
	uint64_t object; /* the first of a run */
	uint64_t file, file_block;
};

struct volume;
struct file_lock;

/*
 * Creates an empty volume.  `path` must not exist.  `note` is the text of the
 * first row of its history.  `durable` as for volume_open().  Returns 0; -1 and
 * a message, and creates no file.  The file appears when it is complete: a
 * process that is killed may leave a temporary one, PATH.new-....
 */
int volume_create(const char *path, const struct volume_spec *spec,
    const char *note, bool durable, char message[VOLUME_MESSAGE_BYTES]);

/*
 * Removes the temporary files in the folder that were left by processes killed
 * in volume_create().  No process may create a volume there at the same time.
 * An error is ignored: such a file does no harm.
 */
void volume_remove_temporary(const char *folder);

/*
 * Opens a volume.  If `durable` is false nothing waits for the disk: the volume
 * survives the death of the process at any moment, but not a crash of the
 * machine.  A file without write permission is a write-protected volume.
 * Returns NULL and a message if there is no such file, it is not a volume, it
 * is damaged, it was made by a newer tapelab, it is in use (errno is EBUSY, and
 * the message names the process if that is known), or its file system has no
 * locks.  The caller closes it.
 */
struct volume *volume_open(const char *path, bool durable,
    char message[VOLUME_MESSAGE_BYTES]);

/*
 * Synchronises and closes the volume.  The volume is closed even on an error.
 * Returns 0, or -1 and a message.
 */
int volume_close(struct volume *volume, char message[VOLUME_MESSAGE_BYTES]);

/*
 * Synchronises and closes the volume like volume_close(), but keeps its file
 * locked.  No process can open the file as a volume, by any name, until
 * the returned lock is closed.  Returns NULL and a message if the volume could
 * not be synchronised.
 */
struct file_lock *volume_close_locked(struct volume *volume,
    char message[VOLUME_MESSAGE_BYTES]);

/*
 * Locks the file: no process can open it as a volume until the returned
 * lock is closed.  Does not read the file.  Returns NULL and a message if there
 * is no such file, or it is in use.
 */
struct file_lock *volume_lock_file(const char *path,
    char message[VOLUME_MESSAGE_BYTES]);

/*
 * Returns the message of the first storage failure of this machine (a full
 * disk, an I/O error) after which the volume lost unsynchronised data or could
 * not be read; "" if there was none.  A drive can only report such a failure as
 * a medium error, but the medium is good.
 */
const char *volume_storage_error(const struct volume *volume);

/*
 * Returns whether the last function that failed did so because of this machine.
 * False: the contents of the volume, or the caller, are to blame.
 */
bool volume_is_storage_error(const struct volume *volume);

/* Returns the last message; "" if there was none. */
const char *volume_message(const struct volume *volume);

const struct volume_spec *volume_get_spec(const struct volume *volume);

/*
 * Sets the type of the medium: a code of media.h, or media_any; "": the type
 * follows from the barcode.  The caller synchronises.  Returns 0 or -1.
 */
int volume_set_medium(struct volume *volume, const char *code);

bool volume_is_protected(const struct volume *volume);

/* Returns the number of partitions, from 1. */
unsigned volume_partitions(const struct volume *volume);

/* Returns the active partition, from 0. */
unsigned volume_get_active(const struct volume *volume);

/* Returns the size of a partition, which exists. */
const struct volume_partition *volume_get_partition(const struct volume *volume,
    unsigned partition);

/*
 * Synchronises the volume, and makes another partition active, which exists.
 * Errors are those of volume_append(); then the same partition stays active.
 */
int volume_select(struct volume *volume, unsigned partition);

/* Gets the EOD of any partition, which exists.  Returns 0, or -1 on an error. */
int volume_end_of(struct volume *volume, unsigned partition,
    struct volume_position *position);

/*
 * Formats the medium: all objects are lost, and it has these partitions, which
 * are 1 to VOLUME_PARTITIONS_MAX.  Partition 0 is active.  All of it is done or
 * nothing, and synchronised.  The partitions are at most `usable_bytes`
 * together, which are at most the capacity; volume_usable_bytes() returns them
 * after this.  Errors are those of volume_append().
 */
int volume_format(struct volume *volume, uint64_t usable_bytes,
    const struct volume_partition *partitions, unsigned count);

/* Returns the capacity of all partitions together. */
uint64_t volume_usable_bytes(const struct volume *volume);

/*
 * A drive has loaded the volume: the next change of an object changes
 * volume_change_reference(), once.
 */
void volume_loaded(struct volume *volume);

/* Returns 0 for a medium that was never written. */
uint32_t volume_change_reference(const struct volume *volume);

/* An attribute of the medium auxiliary memory (MAM, SPC-4). */
struct volume_attribute {
	uint16_t id;
	uint8_t format; /* 0 binary, 1 ASCII, 2 text */
	uint16_t bytes; /* up to VOLUME_ATTRIBUTE_BYTES_MAX */
	const void *value;
};

typedef void volume_each_attribute(void *arg,
    const struct volume_attribute *attribute);

/*
 * Calls `each` for the stored attributes of a partition, from the id `from`
 * upwards.  The value is valid during the call.  Returns 0 or -1.
 */
int volume_each_stored_attribute(struct volume *volume, unsigned partition,
    uint16_t from, volume_each_attribute *each, void *arg);

/*
 * Stores attributes of a partition, all of them or none.  An attribute of 0
 * bytes is removed.  The caller synchronises.  Errors are those of
 * volume_append().
 */
int volume_store_attributes(struct volume *volume, unsigned partition,
    const struct volume_attribute *attributes, size_t count);

/* The maker of all media. */
#define VOLUME_MAKER "TAPELAB"

/* Identifier of the medium serial number (SPC-4). */
enum { VOLUME_ATTRIBUTE_SERIAL = 0x401 };

/* Identifier of the barcode that a host has stored. */
enum { VOLUME_ATTRIBUTE_BARCODE = 0x806 };

/*
 * Gets a stored attribute of up to 32 characters, without blanks at its end.
 * "": there is none, or it is not printable ASCII.  Returns 0; -1 if it cannot
 * be read.
 */
int volume_get_text(struct volume *volume, uint16_t id,
    char text[VOLUME_BARCODE_BYTES]);

/*
 * Gets the serial number of the medium: the stored attribute, or the barcode of
 * the spec if there is none.  "": it cannot be read, or is not printable ASCII.
 */
void volume_get_serial(struct volume *volume,
    char serial[VOLUME_BARCODE_BYTES]);

/* Gets EOD: the position after the last object. */
void volume_end(const struct volume *volume, struct volume_position *position);

/*
 * Returns whether the volume may wait for the disk while this many runs, with
 * `data_bytes` of stored data, are appended: it commits by itself, or what it has
 * is too much for SQLite's cache.
 */
bool volume_may_wait(const struct volume *volume, uint64_t runs,
    uint64_t data_bytes);

/*
 * Returns whether the last object is a block, so that its file has no filemark.
 */
bool volume_ends_in_block(const struct volume *volume);

/*
 * Appends at EOD.  The data is copied or stored on return.  Returns 0; -1 if
 * the data cannot be stored (the disk is full).  Then everything after the last
 * synchronisation is lost, and EOD moves back to that point.  The volume can
 * still be used.
 */
int volume_append(struct volume *volume, const struct volume_run *run);
int volume_append_filemarks(struct volume *volume, uint64_t count);

/*
 * Synchronises the volume, then moves EOD to an earlier position, and
 * synchronises that.  The position must come from volume_find_file() or
 * volume_end(), or be counted from such a position.  The space in the file is
 * used again, but the file does not become smaller.  Errors are those of
 * volume_append(); EOD may then be anywhere between the two, if many objects
 * lie there.
 */
int volume_cut(struct volume *volume, const struct volume_position *position);

/* Makes everything appended safe.  Errors are those of volume_append(). */
int volume_sync(struct volume *volume);

/*
 * Finds the first object of a file, counted from 0.  Returns 1 if found, 0 if
 * the volume has no such file, -1 on an error.
 */
int volume_find_file(struct volume *volume, uint64_t file,
    struct volume_position *position);

/* Finds the position of an object, up to EOD.  Returns 0, or -1 on an error. */
int volume_find_object(struct volume *volume, uint64_t object,
    struct volume_position *position);

/*
 * Reads object number `object`, up to EOD.  If its data is stored and fits into
 * `buf_bytes`, it is copied into `buf` and compared with its checksum.  Returns
 * 0; -1 if it cannot be read or differs from its checksum (then out->bytes is
 * its length if that is known, else 0).
 */
int volume_read(struct volume *volume, uint64_t object, void *buf,
    uint64_t buf_bytes, struct volume_object *out);

/*
 * Returns how many blocks follow block `object - 1`, from `object` on, that
 * differ from it only by their offset in the dump, which continues it, and have
 * no stored data; at most `most`.  Block `object - 1` was just read.
 * The volume may have more of them: 0 does not mean that there are none.
 */
uint64_t volume_alike(const struct volume *volume, uint64_t object,
    uint64_t most);

/*
 * Adds a defect to the medium.  The caller synchronises.  Returns 0; -1 on an
 * error, or if the defect is not valid.
 */
int volume_defect_add(struct volume *volume, const struct volume_defect *);

/*
 * Returns the defects of all partitions, sorted by position.  The array is valid until a defect
 * is added or removed.
 */
const struct volume_defect *volume_defects(const struct volume *volume,
    size_t *count);

/*
 * Returns whether all defects of writes are bad spots at a byte of the medium.
 * Then volume_find_defect() finds every defect under a run of blocks; otherwise
 * the run must be written block by block.
 */
bool volume_defects_are_plain(const struct volume *volume);

/* Returns whether the volume has defects at blocks of this file. */
bool volume_has_defects_in_file(const struct volume *volume, uint64_t file);

/*
 * Returns the next defect of this kind, after `after` (NULL: the first), that
 * the extent covers.  Returns NULL if there is none.
 */
const struct volume_defect *volume_find_defect(const struct volume *volume,
    enum volume_fail fail, const struct volume_extent *extent,
    const struct volume_defect *after);

enum volume_reading {
	VOLUME_READ_GOOD,
	VOLUME_READ_RECOVERED,
	VOLUME_READ_FAILED
};

/*
 * Counts a reading over a defect that volume_find_defect() returned, and
 * returns its result.  A random result comes from the seed, the position of the
 * defect, and the number of readings since the volume was opened.
 */
enum volume_reading volume_defect_read(struct volume *volume,
    const struct volume_defect *defect, uint64_t seed);

/*
 * Removes a defect that volume_find_defect() returned, if the defect applies
 * once.  On a write-protected volume the removal lasts until the volume is
 * closed.  Returns 0 or -1.
 */
int volume_defect_spend(struct volume *volume, const struct volume_defect *);

/*
 * Removes the defects with this number.  *count becomes how many there were.
 * The caller synchronises.  Returns 0 or -1.
 */
int volume_defect_remove(struct volume *volume, int64_t fault, size_t *count);

#endif
