/*
 * scsi.h: a virtual drive as a host on a SCSI bus sees it.
 *
 * The stream commands of SSC, with typed arguments; each is told the time, and
 * answers with sense data and when it is complete.  It stands on a drive,
 * which does the work; here are what only a host sees: unit attentions, modes,
 * fixed and variable blocks, residuals, logs.
 *
 * Invariants:
 *
 *  1. A command is tested in this order: a unit attention, which is told once
 *     to each initiator;
 *     whether there is a medium, and it is ready and can be used; a field that
 *     makes no sense; what the drive has to say.  INQUIRY and REQUEST SENSE
 *     leave unit attentions to others, or tell them without failing.
 *  2. The information of sense data is what was not done: of a variable block
 *     its bytes, of fixed blocks, filemarks and spacing their number; of a
 *     block of another length than was asked for, asked minus real.  It is
 *     valid where the command was begun: not with NOT READY, ILLEGAL REQUEST,
 *     UNIT ATTENTION and DATA PROTECT.  Of a deferred error it is how much was
 *     acknowledged and is not on the medium: bytes, or blocks where a length
 *     is set; it is not valid where that is not known.
 *  3. Reading log page 2Eh clears the TapeAlert flags, page 12h does not.
 *  4. What MODE SELECT sets holds until the drive is reset.  What MODE SENSE
 *     answered with, given to MODE SELECT, changes nothing.
 *  5. How often a volume was loaded is in its history, whichever unit did it,
 *     and told by page 17h; beyond its life, flag 7 is set at each load.
 *  6. A medium whose removal an initiator prevents stays where it is.
 *  7. After a reset the position is not known until a command finds one: READ
 *     POSITION says so, with good status, and writes and reads are answered
 *     with MEDIUM ERROR 3B/00.
 *  8. Density codes are those of the medium; 0 without one.
 *
 * A unit is used by one thread at a time.
 */
#ifndef VTL_SCSI_H
#define VTL_SCSI_H

#include "vtl/drive/drive.h"

struct scsi;

struct scsi_sense {
	struct sense sense;
	bool ili;      /* a block of another length */
	bool deferred; /* about earlier commands */
	bool has_information;
	int64_t information; /* see invariant 2 */
};

struct scsi_result {
	bool check; /* CHECK CONDITION: `sense` says why */
	struct scsi_sense sense;
	uint64_t bytes;     /* of data: taken, or delivered */
	int64_t done_ns;    /* >= now_ns */
	const char *detail; /* as of a drive */
};

enum { SCSI_INITIATORS = 32 };

/*
 * A unit over an empty drive, which it takes over, with a pending unit
 * attention of its power on.  `serial` is copied, 32 characters at most.
 * NULL if there is no memory; then the drive stays the caller's.
 */
struct scsi *scsi_new(struct drive *drive, const char *serial);

/* No medium may be in it.  Frees the drive too.  NULL is allowed. */
void scsi_free(struct scsi *unit);

struct drive *scsi_drive(const struct scsi *unit);

/*
 * The commands that follow are of this initiator, from 0; until this is called,
 * of the first.
 */
void scsi_set_initiator(struct scsi *unit, unsigned initiator);

/*
 * A hand, or a robot, puts a volume in, or a cleaning cartridge, which is done
 * with at once.  The drive begins to load; it is ready when `*ready_ns` says.
 * A volume that it could not load is as one that was unloaded.
 */
void scsi_insert(struct scsi *unit, struct volume *volume, int64_t now_ns,
    int64_t *ready_ns);
void scsi_insert_cleaning(struct scsi *unit, int64_t now_ns, int64_t *ready_ns);

/* Takes out the volume that is not loaded; NULL if there is none. */
struct volume *scsi_remove(struct scsi *unit);

/* The bus is reset, or the power fails. */
void scsi_reset(struct scsi *unit, int64_t now_ns);

/* scsi_unit.c */

void scsi_test_unit_ready(struct scsi *unit, int64_t now_ns,
    struct scsi_result *result);

/* Good status in any case: *sense is what there was to tell. */
void scsi_request_sense(struct scsi *unit, struct scsi_sense *sense,
    int64_t now_ns, struct scsi_result *result);

/* `immediate`: answered at once, and becoming ready meanwhile. */
void scsi_load_unload(struct scsi *unit, bool load, bool immediate,
    int64_t now_ns, struct scsi_result *result);

void scsi_prevent_removal(struct scsi *unit, bool prevent, int64_t now_ns,
    struct scsi_result *result);

/* scsi_inquiry.c */

struct scsi_inquiry {
	uint8_t device_type; /* 01h: sequential access */
	bool removable;
	char vendor[8 + 1], product[16 + 1], revision[4 + 1];
	char serial[32 + 1];                  /* page 80h */
	char identification[8 + 16 + 32 + 1]; /* page 83h, by T10 vendor */
};

void scsi_inquiry(struct scsi *unit, struct scsi_inquiry *inquiry,
    int64_t now_ns, struct scsi_result *result);

/* scsi_mode.c */

struct scsi_block_limits {
	uint64_t block_min_bytes, block_max_bytes;
};

void scsi_read_block_limits(struct scsi *unit, struct scsi_block_limits *limits,
    int64_t now_ns, struct scsi_result *result);

struct scsi_mode {
	uint32_t block_bytes; /* 0: variable */
	uint8_t density;      /* of the medium; 0: there is none */
	bool buffered;
	bool compression; /* page 0Fh */
	uint16_t pews_mb; /* page 10h/01h: before the early
					 * warning, in 10^6 bytes; 0: none */
	bool protected;   /* of the medium; only told */
};

void scsi_mode_sense(struct scsi *unit, struct scsi_mode *mode, int64_t now_ns,
    struct scsi_result *result);

/*
 * Density 0 and 7Fh leave it as it is.  Another one than that of the medium, or
 * without a medium one that the drive does not write, or a block too long:
 * 5/26/00.
 */
void scsi_mode_select(struct scsi *unit, const struct scsi_mode *mode,
    int64_t now_ns, struct scsi_result *result);

/* scsi_write.c */

/*
 * `count` is of bytes, of one block; or, where `fixed`, of blocks of the
 * length that was set.  The provenance and `keep` of `run` are what volumes
 * note; its lengths are set here.
 */
void scsi_write(struct scsi *unit, bool fixed, uint64_t count,
    const struct volume_run *run, int64_t now_ns, struct scsi_result *result);
void scsi_write_filemarks(struct scsi *unit, uint64_t count, bool immediate,
    int64_t now_ns, struct scsi_result *result);
void scsi_erase(struct scsi *unit, bool whole, int64_t now_ns,
    struct scsi_result *result);

/* scsi_read.c */

/*
 * As scsi_write(): into `buf`, which has room for all of it or is NULL.  `sili`
 * suppresses what is said of a block of another length.  `*object` is what was
 * read last.
 */
void scsi_read(struct scsi *unit, bool fixed, bool sili, uint64_t count,
    void *buf, struct volume_object *object, int64_t now_ns,
    struct scsi_result *result);

/* scsi_move.c */

enum scsi_space { SCSI_SPACE_BLOCKS, SCSI_SPACE_FILEMARKS, SCSI_SPACE_EOD };
enum scsi_locate { SCSI_LOCATE_OBJECT, SCSI_LOCATE_FILE, SCSI_LOCATE_EOD };

void scsi_space(struct scsi *unit, enum scsi_space what, int64_t count,
    int64_t now_ns, struct scsi_result *result);
void scsi_locate(struct scsi *unit, enum scsi_locate what, uint64_t number,
    int64_t now_ns, struct scsi_result *result);
void scsi_rewind(struct scsi *unit, int64_t now_ns, struct scsi_result *result);

/* Of the short, long and extended forms, what a drive of one partition has. */
struct scsi_position {
	bool bop, eop;          /* at BOT; in the early warning */
	bool bpew;              /* beyond the programmable one */
	bool unknown;           /* LOLU, LONU: it was lost */
	uint64_t object, file;  /* counted with what is buffered */
	uint64_t medium_object; /* on the medium: the last position */
	uint64_t buffered_objects, buffered_bytes;
};

void scsi_read_position(struct scsi *unit, struct scsi_position *position,
    int64_t now_ns, struct scsi_result *result);

/* scsi_log.c */

enum {
	SCSI_LOG_SUPPORTED = 0x00,
	SCSI_LOG_WRITE_ERRORS = 0x02,
	SCSI_LOG_READ_ERRORS = 0x03,
	SCSI_LOG_TAPEALERT_RESPONSE = 0x12,
	SCSI_LOG_STATISTICS = 0x14,
	SCSI_LOG_VOLUME = 0x17,
	SCSI_LOG_TAPEALERT = 0x2e,
	SCSI_LOG_USAGE = 0x30,
	SCSI_LOG_PARAMETERS = 64
};

struct scsi_log {
	size_t count;
	struct {
		uint16_t code;
		uint64_t value;
	} parameters[SCSI_LOG_PARAMETERS];
};

/* A page that there is not: 5/24/00. */
void scsi_log_sense(struct scsi *unit, uint8_t page, struct scsi_log *log,
    int64_t now_ns, struct scsi_result *result);

/* scsi_sense.c */

enum { SCSI_SENSE_FIXED_BYTES = 18, SCSI_SENSE_BYTES = 32 };

/*
 * The bytes of sense data, in fixed (70h, 71h) or descriptor format (72h,
 * 73h).  Returns how many.  Information that does not fit into the 32 bits of
 * the fixed format is marked as not valid.
 */
size_t scsi_sense_encode(const struct scsi_sense *sense, bool descriptors,
    uint8_t bytes[SCSI_SENSE_BYTES]);

#endif
