/*
 * scsi_play.h: commands to a unit as a short text, and their results.
 *
 * Commands are words: a letter, and a number where it takes one.
 *
 *     t    TEST UNIT READY          z     REWIND
 *     wN   WRITE, N bytes           bN    SPACE, blocks
 *     WN   WRITE, N fixed blocks    fN    SPACE, filemarks
 *     mN   WRITE FILEMARKS          E     SPACE, EOD
 *     iN   the same, immediate      lN    LOCATE, object
 *     rN   READ, N bytes            LN    LOCATE, file
 *     sN   the same, with SILI      p     READ POSITION
 *     RN   READ, N fixed blocks     e, x  ERASE, short and long
 *     kN   MODE SELECT: block       u, U  UNLOAD, LOAD
 *     vN   the same: programmable   j, J  the same, immediate
 *          early warning            P, A  PREVENT, ALLOW
 *     cN   the same: compression    !     the power fails
 *     B    the same: buffered       +N    N seconds pass
 *     aN   LOG SENSE 2Eh: flag N    q     REQUEST SENSE
 *     hN   LOG SENSE 12h: flag N    N is decimal, and may be negative
 *     gN   LOCATE, partition N      FN    FORMAT MEDIUM, N equal partitions
 *     GN   the same, at EOD         D     the same, one partition
 *     y    MODE SELECT: append-only CN    SET CAPACITY, N / 65535
 *     oN   ALLOW OVERWRITE, object  O     the same, a format
 *
 * Results are words: "-" is good status; a number is the bytes read; a position
 * is "OBJECT,FILE", followed by B (BOP), E (early warning), P (after the
 * programmable one), U (unknown), and "/PARTITION" if that is not 0; a check
 * condition is "KEY/ASC/ASCQ", followed by e (EOM), f (filemark), i (ILI), d
 * (deferred), and by "=N" if it has information.
 */
#ifndef VTL_TESTS_SCSI_PLAY_H
#define VTL_TESTS_SCSI_PLAY_H

#include "vtl/scsi/log.h"
#include "vtl/scsi/scsi.h"

enum { PLAY_BYTES = 512, PLAY_BUFFER_BYTES = 32768 };

struct play;

/* Another way to carry out commands than the typed functions. */
struct play_way {
	void (*start)(struct play *play);
	void (*end)(struct play *play);
	/*
	 * Carries out a command.  Returns false if there is no such command in
	 * this way.  The data that is read is in `play->data`.
	 */
	bool (*carry_out)(struct play *play, char command, int64_t number,
	    struct scsi_result *result);
};

struct play {
	struct scsi *unit;
	const struct play_way *way; /* NULL: the typed functions */
	void *way_data;
	int64_t now_ns;
	uint64_t offset;
	char said[PLAY_BYTES];
	uint8_t data[PLAY_BUFFER_BYTES]; /* of the last write or read */
	struct scsi_result last;         /* result of the last command */
};

/* A test line: a drive and a volume, commands, and the expected results. */
struct play_line {
	const char *name, *commands, *said;
	struct drive_options options;
	struct drive_fault fault; /* used if it has sense data or a mode */
	uint64_t defect_byte;     /* place of a medium error; 0: none */
	/* another defect; used if it has sense data */
	struct volume_defect defect;
	const char *barcode;   /* NULL: "VOL001" */
	bool no_early_warning; /* the volume has no early warning */
	uint64_t life_loads;   /* of the volume; 0: that of a new medium */
};

/*
 * Makes the drive of a line, and inserts the volume of this name.  `way` may be
 * NULL.
 */
void play_make(struct play *play, const struct play_line *line,
    const struct play_way *way, const char *volume);

/* These add the result to `said`. */
void play_say_bytes(struct play *play, uint64_t bytes);
void play_say_position(struct play *play, const struct scsi_position *at);
void play_say_sense(struct play *play, const struct scsi_sense *sense);

/*
 * Selects the medium partition page for `n` equal partitions.  If that is not
 * possible, says "no", and returns false.
 */
bool play_select_partitions(struct play *play, int64_t n);

/* Carries out commands, and stores their results in `said`. */
void play_run(struct play *play, const char *commands);

/* Unloads the volume, and frees the drive.  The volume still exists. */
void play_finish(struct play *play);

#endif
