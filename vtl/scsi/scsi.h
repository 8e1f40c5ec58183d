/*
 * scsi.h: a virtual drive as a host on a SCSI bus sees it.
 *
 * The functions are the stream commands of SSC, with typed arguments.  Each
 * command is given the time, and returns sense data and the time at which it is
 * complete.  A drive (drive.h) does the work.  A unit adds what only a host
 * sees: unit attentions, modes, fixed and variable blocks, residuals, logs.
 *
 * Invariants:
 *
 *  1. A command is tested in this order: a unit attention, which is reported
 *     once to each initiator; whether there is a medium, it is ready, and it
 *     can be used; an invalid field; the result of the drive.  REQUEST SENSE
 *     reports unit attentions with good status.
 *  2. The information of sense data is what was not done: bytes of a variable
 *     block; else the number of fixed blocks, filemarks, or blocks to space.
 *     For a block of another length it is the requested length minus the real
 *     one.  It is valid if the command was begun: not with NOT READY, ILLEGAL
 *     REQUEST, UNIT ATTENTION and DATA PROTECT.  For a deferred error it is
 *     what was acknowledged and is not on the medium: bytes, or blocks if a
 *     block length is set; it is not valid if that is not known.
 *  3. Reading log page 2Eh clears the TapeAlert flags; page 12h does not.
 *  4. What MODE SELECT sets holds until the drive is reset.  The data of MODE
 *     SENSE, given to MODE SELECT, changes nothing.
 *  5. The loads of a volume, by any unit, are counted in its history; page 17h
 *     reports them.  A load of a worn volume sets flag 7, of one that is
 *     nearly worn flag 19: media_wear().
 *  6. If any initiator prevents removal, the medium cannot be unloaded.
 *  7. After a reset the position is unknown until a command finds one.  READ
 *     POSITION reports that with good status; writes and reads fail with MEDIUM
 *     ERROR 3B/00.
 *  8. Density codes are those of the medium; 0 without one.
 *
 * A unit is used by one thread at a time.  Exceptions: nexus.h, and
 * scsi_drive() with drive_model(), which do not change.
 */
#ifndef VTL_SCSI_H
#define VTL_SCSI_H

#include <stdatomic.h>

#include "vtl/drive/drive.h"
#include "vtl/volume/usage.h"
#include "vtl/scsi/nexus.h"

struct scsi;

struct scsi_sense {
	struct sense sense;
	bool ili;      /* the block has another length than requested */
	bool deferred; /* the error is about earlier commands */
	bool has_information;
	int64_t information; /* see invariant 2 */
	/* ILLEGAL REQUEST: the field of the CDB, else of the parameters */
	bool has_field, field_in_cdb;
	uint16_t field_byte;
	int8_t field_bit; /* -1: the whole byte */
};

struct scsi_result {
	bool check; /* CHECK CONDITION: `sense` says why */
	struct scsi_sense sense;
	uint64_t bytes;     /* bytes of data taken or delivered */
	int64_t done_ns;    /* >= now_ns */
	const char *detail; /* as in struct drive_result */
};

/*
 * Creates a unit that owns the empty drive, with a pending unit attention for
 * power on.  Copies at most 32 characters of `serial`. Returns NULL if there is
 * no memory; the caller then still owns the drive.
 */
struct scsi *scsi_new(struct drive *drive, const char *serial);

/* Frees the unit and its drive, which must be empty.  NULL is allowed. */
void scsi_free(struct scsi *unit);

struct drive *scsi_drive(const struct scsi *unit);

/*
 * Sets the I_T nexus of the commands that follow, below SCSI_NEXUSES.  The
 * default is 0.
 */
void scsi_set_nexus(struct scsi *unit, unsigned nexus);

/* Returns the nexus that was set last. */
unsigned scsi_nexus(const struct scsi *unit);

/* What the unit keeps for each nexus.  It belongs to the unit. */
struct scsi_nexuses *scsi_get_nexuses(struct scsi *unit);

/*
 * Inserts a volume, or a cleaning cartridge (which is removed at once), as an
 * operator or a robot does.  The drive begins to load, and is ready at
 * `*ready_ns`. A volume that could not be loaded counts as unloaded.
 */
void scsi_insert(struct scsi *unit, struct volume *volume, int64_t now_ns,
    int64_t *ready_ns);
void scsi_insert_cleaning(struct scsi *unit, int64_t now_ns, int64_t *ready_ns);

/* Returns whether a volume is in the unit, loaded or not. */
bool scsi_has_cartridge(const struct scsi *unit);

/* Removes the unloaded volume and returns it; NULL: no volume is unloaded. */
struct volume *scsi_remove(struct scsi *unit);

/* Returns the volume in the drive, unloaded or not; NULL: none. */
struct volume *scsi_medium(const struct scsi *unit);

/*
 * The library makes the drive unload, whatever the hosts have pending.  Returns
 * whether the drive holds no medium now, so that scsi_remove() gets the volume,
 * if any; else `result` says why.
 */
bool scsi_eject(struct scsi *unit, int64_t now_ns, struct scsi_result *result);

/*
 * A person takes the volume out, whether it is unloaded or not: the buffer is
 * lost.  NULL if there is none.
 */
struct volume *scsi_take_out(struct scsi *unit);

/*
 * Call this after drive_set_options(): the modes become those of the options,
 * and every nexus gets a unit attention.
 */
void scsi_options_changed(struct scsi *unit);

/* Resets the unit, as a bus reset or a power failure does. */
void scsi_reset(struct scsi *unit, int64_t now_ns);

/*
 * Resets the logical unit (SAM-5): the buffer is written, the tape is rewound,
 * modes return to their defaults, and removal is allowed.  A write error of the
 * buffer is not reported: the host knows from the reset that it may have lost
 * data.  Establishes no unit attention.
 */
void scsi_reset_unit(struct scsi *unit, int64_t now_ns);

/* unit.c */

/*
 * Returns whether the medium can be used; else the result says why.  Neither
 * reports a unit attention nor asks the drive.
 */
bool scsi_check_medium(struct scsi *unit, int64_t now_ns,
    struct scsi_result *result);

/* What continues after a command with IMMED, as NO SENSE 00/xx (SSC-4). */
enum scsi_progress {
	SCSI_VERIFYING = 0x16, /* "operation in progress" */
	SCSI_ERASING = 0x18,
	SCSI_LOCATING = 0x19,
	SCSI_REWINDING = 0x1a
};

/*
 * Makes a command complete at `now_ns`, as IMMED wants, unless it has failed.
 * Until the time at which it would be complete, TEST UNIT READY reports 2/04/07
 * and REQUEST SENSE the progress; commands that use the medium begin then.
 */
void scsi_finish_later(struct scsi *unit, enum scsi_progress progress,
    int64_t now_ns, struct scsi_result *result);

void scsi_test_unit_ready(struct scsi *unit, int64_t now_ns,
    struct scsi_result *result);

/* The status is always good.  Stores the sense data in `*sense`. */
void scsi_request_sense(struct scsi *unit, struct scsi_sense *sense,
    int64_t now_ns, struct scsi_result *result);

/*
 * `immediate`: the command is complete at once, while the unit is becoming
 * ready.
 */
void scsi_load_unload(struct scsi *unit, bool load, bool immediate,
    int64_t now_ns, struct scsi_result *result);

void scsi_prevent_removal(struct scsi *unit, bool prevent, int64_t now_ns,
    struct scsi_result *result);

/* mode.c */

/* How new TapeAlert flags are reported, if `exceptions` is set. */
enum scsi_mrie {
	SCSI_MRIE_NEVER = 0,
	/* by TEST UNIT READY, as RECOVERED ERROR, once for new flags */
	SCSI_MRIE_RECOVERED = 3,
	/* by REQUEST SENSE, as NO SENSE, once for new flags */
	SCSI_MRIE_REQUEST = 6
};

struct scsi_block_limits {
	uint64_t block_min_bytes, block_max_bytes;
};

/* The block length that MODE SELECT has set; 0: variable. */
uint32_t scsi_block_bytes(const struct scsi *unit);

void scsi_read_block_limits(struct scsi *unit, struct scsi_block_limits *limits,
    int64_t now_ns, struct scsi_result *result);

struct scsi_mode {
	uint32_t block_bytes; /* 0: variable */
	uint8_t density;      /* density of the medium; 0: no medium */
	bool buffered;
	bool compression; /* page 0Fh, DCE */
	/*
	 * Page 0Fh, DDE.  It is only kept: the drive decompresses whatever it
	 * has compressed.
	 */
	bool decompression;
	uint16_t pews_mb;        /* page 10h/01h, in 10^6 bytes; 0: none */
	bool descriptor_sense;   /* page 0Ah, D_SENSE */
	bool append_only;        /* page 10h/01h, WRITE MODE */
	uint16_t write_delay_ds; /* page 10h, in 100 ms; 0: ever */
	bool write_protected;    /* page 0Ah, SWP */
	/* Page 1Ch: TapeAlert flags are reported as sense data 5D/00. */
	bool exceptions; /* not DEXCPT */
	uint8_t mrie;    /* of enum scsi_mrie */
	/* The medium or the unit is write-protected; not for MODE SELECT. */
	bool protected;
};

/* The settings after a reset. */
void scsi_mode_defaults(const struct scsi *unit, struct scsi_mode *mode);

/* Returns whether sense data has the descriptor format. */
bool scsi_has_descriptor_sense(const struct scsi *unit);

void scsi_mode_sense(struct scsi *unit, struct scsi_mode *mode, int64_t now_ns,
    struct scsi_result *result);

/*
 * MODE SELECT.  Density 0 and 7Fh leave the density unchanged.  The result is
 * 5/26/00 (invalid field in parameter list) in these cases: with a medium, the
 * density is not that of the medium; without a medium, the drive does not write
 * the density; or the block length is too long.
 */
void scsi_mode_select(struct scsi *unit, const struct scsi_mode *mode,
    int64_t now_ns, struct scsi_result *result);

/* partition.c */

/* How the sizes of struct scsi_partitions are given: PSUM. */
enum scsi_partition_unit {
	SCSI_PSUM_BYTES,
	SCSI_PSUM_KIBIBYTES,
	SCSI_PSUM_MEBIBYTES,
	SCSI_PSUM_POWER /* 10^power bytes */
};

enum { SCSI_PARTITION_REST = 0xffff };

/*
 * The medium partition mode page (11h).  MODE SELECT only keeps it (POFM is
 * always 1); FORMAT MEDIUM makes the partitions.
 */
struct scsi_partitions {
	uint8_t
	    additional_max; /* MAXIMUM ADDITIONAL PARTITIONS of the medium */
	uint8_t additional; /* ADDITIONAL PARTITIONS DEFINED */
	/*
	 * Who chooses the sizes: FDP and SDP, the drive; IDP, the initiator.
	 * FDP makes two partitions at most.
	 */
	bool fdp, sdp, idp;
	enum scsi_partition_unit unit;
	uint8_t power; /* PARTITION UNITS */
	/* with IDP; SCSI_PARTITION_REST: what the others leave, for one */
	uint16_t sizes[VOLUME_PARTITIONS_MAX];
};

/*
 * Gets the page as it was selected, else as the medium is.  Without a medium,
 * and as the default: one partition, and `additional_max` of the drive's own
 * media.
 */
void scsi_get_partitions(const struct scsi *unit,
    struct scsi_partitions *partitions);
void scsi_get_default_partitions(const struct scsi *unit,
    struct scsi_partitions *partitions);

enum scsi_selected {
	SCSI_SELECTED,
	SCSI_ROUNDED, /* with other sizes: CHECK CONDITION 1/37/00 */
	SCSI_INVALID  /* not at all: 5/26/00 */
};

/* Returns what scsi_set_partitions() would return. */
enum scsi_selected scsi_check_partitions(const struct scsi *unit,
    const struct scsi_partitions *partitions);

/*
 * Selects the page until the medium is unloaded or formatted, or the unit is
 * reset.  `additional_max` does not count.
 */
enum scsi_selected scsi_set_partitions(struct scsi *unit,
    const struct scsi_partitions *partitions);

enum scsi_format {
	SCSI_FORMAT_DEFAULT,   /* one partition */
	SCSI_FORMAT_PARTITION, /* those of the mode page */
	SCSI_FORMAT_BOTH       /* one after the other: like PARTITION */
};

/*
 * FORMAT MEDIUM: everything on the medium is lost, except attributes.  Results:
 * not at BOP of partition 0, 5/3B/0C; a write-once medium, or append-only mode
 * without ALLOW OVERWRITE, 7/30/0C; write-protected, 7/27/00.
 */
void scsi_format(struct scsi *unit, enum scsi_format format, int64_t now_ns,
    struct scsi_result *result);

/*
 * SET CAPACITY: the medium has one partition of `proportion` / 65535 of its
 * capacity, until the next SET CAPACITY.  Results are those of scsi_format();
 * for 0, 5/24/00.
 */
void scsi_set_capacity(struct scsi *unit, uint16_t proportion, int64_t now_ns,
    struct scsi_result *result);

/*
 * ALLOW OVERWRITE, which only counts in append-only mode.  If the position is
 * another than the current one, the result is 5/3B/00, and nothing is allowed.
 */
void scsi_allow_overwrite(struct scsi *unit, enum drive_allow allow,
    uint8_t partition, uint64_t object, int64_t now_ns,
    struct scsi_result *result);

/* usage.c */

/* What was written and read by hosts: volume_usage_get(). */
struct scsi_usage {
	struct volume_amounts bytes;
	uint64_t loads;
};

/*
 * Gets the usage of the volume in the unit, or of one of its partitions, or of
 * VOLUME_ALL_PARTITIONS; zeros without a volume.
 */
void scsi_get_usage(const struct scsi *unit, int partition,
    struct scsi_usage *usage);

/* attribute.c */

enum {
	SCSI_MAM_BYTES = 16384,   /* capacity of the auxiliary memory */
	SCSI_ATTRIBUTES_MAX = 256 /* most in one WRITE ATTRIBUTE */
};

/* Returns whether hosts cannot write this attribute. */
bool scsi_attribute_is_read_only(uint16_t id);

/*
 * Gets the identifier of a known attribute, by its index, ascending.  Returns
 * false if there are fewer.
 */
bool scsi_supported_attribute(size_t index, uint16_t *id);

/*
 * READ ATTRIBUTE: calls `each` for the attributes of a partition, from the
 * identifier `from` upwards.  `vendor` is that of the drive.  If the medium has
 * no such partition, or no attribute `from`, the result is 5/24/00.
 */
void scsi_read_attributes(struct scsi *unit, const char *vendor,
    unsigned partition, uint16_t from, volume_each_attribute *each, void *arg,
    int64_t now_ns, struct scsi_result *result);

/*
 * WRITE ATTRIBUTE: stores attributes of a partition, all of them or none; those
 * of 0 bytes are removed.  Results: the medium has no such partition, 5/24/00;
 * an attribute is read-only, not known, or has another format or length,
 * 5/26/00, and `*invalid` is its index; no room, 5/55/06; write-protected,
 * 7/27/00.
 */
void scsi_write_attributes(struct scsi *unit, unsigned partition,
    const struct volume_attribute *attributes, size_t count, size_t *invalid,
    int64_t now_ns, struct scsi_result *result);

/* write.c */

/*
 * Writes one block of `count` bytes; if `fixed`, `count` blocks of the block
 * length that was set.  `run` gives the data, its origin, and `keep`; the
 * function sets its lengths.
 */
void scsi_write(struct scsi *unit, bool fixed, uint64_t count,
    const struct volume_run *run, int64_t now_ns, struct scsi_result *result);

/*
 * Returns whether the next block would be the first of its file, where formats
 * have labels and headers.
 */
bool scsi_begins_file(struct scsi *unit);

/*
 * Returns whether the unit knows scsi_begins_file() without a look at the
 * volume: the tape is at BOP, or where it wrote last.  Then `*begins` is what it
 * is.
 */
bool scsi_follows_write(const struct scsi *unit, bool *begins);

void scsi_write_filemarks(struct scsi *unit, uint64_t count, bool immediate,
    int64_t now_ns, struct scsi_result *result);
void scsi_erase(struct scsi *unit, bool whole, int64_t now_ns,
    struct scsi_result *result);

/* read.c */

/*
 * Reads with `count` and `fixed` as in scsi_write().  `buf` has room for all
 * requested bytes, or is NULL.  `sili` suppresses the report of a block of
 * another length.  `*object` is the last object that was read.  A block whose
 * data is not stored is read as zeros.
 */
void scsi_read(struct scsi *unit, bool fixed, bool sili, uint64_t count,
    void *buf, struct volume_object *object, int64_t now_ns,
    struct scsi_result *result);

/* verify.c */

enum scsi_verify_what {
	SCSI_VERIFY_BYTES,     /* one block of `count` bytes */
	SCSI_VERIFY_BLOCKS,    /* `count` blocks of the length that was set */
	SCSI_VERIFY_FILEMARKS, /* all up to and with `count` filemarks */
	SCSI_VERIFY_EOD        /* all up to EOD */
};

/*
 * VERIFY: reads without delivering.  With `expected`, the bytes or blocks are
 * compared with it; if they differ, the result is MISCOMPARE 1D/00, after the
 * block.  If *ended becomes true, the result is B/00/06 after the present block;
 * `ended` may be NULL.
 */
void scsi_verify(struct scsi *unit, enum scsi_verify_what what, uint64_t count,
    const void *expected, const atomic_bool *ended, int64_t now_ns,
    struct scsi_result *result);

/* move.c */

enum scsi_space_code {
	SCSI_SPACE_BLOCKS,
	SCSI_SPACE_FILEMARKS,
	SCSI_SPACE_EOD
};
enum scsi_locate_type { SCSI_LOCATE_OBJECT, SCSI_LOCATE_FILE, SCSI_LOCATE_EOD };

void scsi_space(struct scsi *unit, enum scsi_space_code what, int64_t count,
    int64_t now_ns, struct scsi_result *result);

/* The `partition` of scsi_locate() without CP (change partition). */
enum { SCSI_SAME_PARTITION = -1 };

/*
 * LOCATE in the current partition, or, with CP, in `partition`, counted from 0.
 * All other commands stay in the current partition; a load begins in partition
 * 0.  If the medium has no such partition, the result is 5/24/00, and the
 * medium does not move.
 */
void scsi_locate(struct scsi *unit, int partition, enum scsi_locate_type what,
    uint64_t number, int64_t now_ns, struct scsi_result *result);
void scsi_rewind(struct scsi *unit, int64_t now_ns, struct scsi_result *result);

/*
 * The fields of READ POSITION in all its forms.  Numbers are counted from the
 * beginning of the current partition (BOP).
 */
struct scsi_position {
	unsigned partition;
	bool bop, eop; /* at BOP; past the early warning */
	bool bpew;     /* past the programmable early warning, if that is set */
	bool unknown;  /* LOLU, LONU: the position was lost */
	/* position after the buffered blocks and filemarks */
	uint64_t object, file;
	/* number of objects on the medium, without the buffer */
	uint64_t medium_object;
	uint64_t buffered_objects, buffered_bytes;
};

void scsi_read_position(struct scsi *unit, struct scsi_position *position,
    int64_t now_ns, struct scsi_result *result);

/* sense.c */

enum { SCSI_SENSE_FIXED_BYTES = 18, SCSI_SENSE_BYTES = 40 };

/*
 * Encodes sense data in fixed (70h, 71h) or descriptor format (72h, 73h).
 * Returns the number of bytes.  Information that does not fit into the 32 bits
 * of the fixed format is marked as not valid.
 */
size_t scsi_sense_encode(const struct scsi_sense *sense, bool descriptors,
    uint8_t bytes[SCSI_SENSE_BYTES]);

#endif
