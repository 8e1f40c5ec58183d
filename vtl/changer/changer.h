/*
 * changer.h: the state of a library: which elements it has, what lies in each,
 * who uses a drive, and the robot that carries cartridges between them.
 *
 * Elements are those of SCSI SMC, each with an address: the robot, drives
 * (numbered from 0), storage slots and import/export slots (numbered from 1).
 * The state is a SQLite database: the file library.db in the folder of a
 * library, which several processes use at once; or in memory, for a library
 * that lives as long as its process.  tapelab-library(5) describes the tables.
 *
 * Invariants:
 *
 *  1. A cartridge lies in one element, and an element holds one at most.
 *  2. Every function is one transaction: it happens, or nothing does,
 *     whatever becomes of the process.
 *  3. A drive is used by one session at a time, and a cartridge that lies in
 *     a drive that another session uses is not moved.
 *  4. A session lasts no longer than its process.  What one that died had in
 *     its drives goes back to where it came from as soon as anybody changes
 *     something: there is nothing to repair.  A session lives as long as its
 *     process holds a lock on a byte of the file library.lock, and nothing
 *     else says so.  One of a tapelab that knew no such lock counts as living
 *     until changer_forget_client().
 *  5. A cartridge that a person (or a changer command) put into a drive stays
 *     there until somebody takes it out.
 *
 * A cartridge:
 *
 *     OUTSIDE --changer_import--> IMPORT/EXPORT --changer_move--> SLOT
 *        ^                            |   ^                      |  ^
 *        +------changer_export--------+   +----changer_move------+  |
 *                                                                |  |
 *                    changer_acquire, changer_move        changer_release,|
 *                              v                       changer_move |
 *                            DRIVE ---------------------------------+
 *
 * A struct changer is used by one thread at a time.  Functions that do not
 * return CHANGER_OK leave what was being done, to what, and what can be done
 * about it in changer_message().
 */
#ifndef VTL_CHANGER_H
#define VTL_CHANGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/drive/options.h"
#include "vtl/drive/model.h"
#include "vtl/volume/volume.h"

enum {
	CHANGER_DRIVES_MAX = 250,
	CHANGER_IE_MAX = 200,
	CHANGER_SLOTS_MAX = 60000, /* of one on disk */
	CHANGER_PROGRAM_BYTES = 64,
	CHANGER_HOST_BYTES = 65
};

/* Addresses of the first element of each kind. */
enum {
	CHANGER_ROBOT_ADDRESS = 1,
	CHANGER_IE_ADDRESS = 16,
	CHANGER_DRIVE_ADDRESS = 256,
	CHANGER_SLOT_ADDRESS = 1024
};

enum changer_status {
	CHANGER_OK,
	CHANGER_NO_VOLUME,    /* none is left, or none of this barcode */
	CHANGER_NO_DRIVE,     /* each is taken, or failed */
	CHANGER_IN_USE,       /* the cartridge is in use by another client */
	CHANGER_INCOMPATIBLE, /* no drive here can take the cartridge */
	CHANGER_MOVE_FAILED,  /* the robot failed at this cartridge */
	CHANGER_ROBOT_STUCK,  /* the robot did not move */
	CHANGER_REFUSED,      /* what was asked for cannot be done */
	CHANGER_ERROR         /* the state cannot be read or written */
};

enum changer_kind {
	CHANGER_KIND_ROBOT,
	CHANGER_KIND_IE,
	CHANGER_KIND_DRIVE,
	CHANGER_KIND_SLOT
};

/* Who uses a drive.  All but the session is for messages only. */
struct changer_client {
	int64_t id; /* 0: nobody */
	int64_t pid;
	char program[CHANGER_PROGRAM_BYTES];
	char host[CHANGER_HOST_BYTES]; /* "": not known */
	bool has_lock; /* false: nobody can know whether it lives */
};

struct changer_element {
	unsigned address;
	enum changer_kind kind;
	unsigned number;           /* drives from 0, slots from 1 */
	const struct model *model; /* of a drive; else NULL */
	bool full;
	bool cleaning;                      /* by a cleaning cartridge */
	bool unreadable;                    /* its barcode cannot be scanned */
	char barcode[VOLUME_BARCODE_BYTES]; /* "" when empty */
	char medium[VOLUME_MEDIUM_BYTES];   /* as in volume_spec */
	unsigned source_address;      /* in a drive: where it goes back; or 0 */
	unsigned uses;                /* how often it cleaned */
	bool by_hand;                 /* a drive loaded by a changer command */
	unsigned cleanings;           /* of a drive */
	struct changer_client client; /* of a drive */
};

struct changer_spec {
	const struct model *const *drives; /* kept by the caller */
	size_t drive_count;
	/* What every drive differs in from its model; NULL: nothing. */
	const struct drive_options *behaviour;
	unsigned slot_count;
	unsigned ie_count;
	int64_t move_ns; /* what one move of the robot takes */
};

struct changer;

struct changer_cartridge {
	const char *barcode;
	const char *file;   /* of the volume, as seen from the folder;
				 * NULL: a cleaning cartridge */
	const char *medium; /* as in volume_spec; NULL is "" */
};

struct changer_creation;

/*
 * Begins to make a library: makes FOLDER, if it is not there.  NULL and a
 * message; a library that is there already, or that another process makes, is
 * an error.  `spec` is kept.
 */
struct changer_creation *changer_create_begin(const char *folder,
    const struct changer_spec *spec, char message[VOLUME_MESSAGE_BYTES]);

/*
 * Makes the library, with cartridges[i] in storage slot i + 1; it appears when
 * it is complete.  Returns 0, or -1 and a message.
 */
int changer_create_finish(struct changer_creation *making,
    const struct changer_cartridge *cartridges, size_t count, bool durable,
    char message[VOLUME_MESSAGE_BYTES]);

/* To be called in any case.  NULL is allowed. */
void changer_create_end(struct changer_creation *making);

/* All three, for a library without cartridges.  0, or -1 and a message. */
int changer_create(const char *folder, const struct changer_spec *spec,
    bool durable, char message[VOLUME_MESSAGE_BYTES]);

/* An empty library in memory, or NULL and a message. */
struct changer *changer_new(const struct changer_spec *spec,
    char message[VOLUME_MESSAGE_BYTES]);

/*
 * Opens the library in a folder.  `program` tells others who uses a drive.
 * `read_only` suffices to look; else what processes left that have died is put
 * away first.  NULL and a message if there is none, or it cannot be read.
 */
struct changer *changer_open(const char *folder, const char *program,
    bool read_only, bool durable, char message[VOLUME_MESSAGE_BYTES]);

/* Ends the session, if there is one.  NULL is allowed. */
void changer_close(struct changer *changer);

const char *changer_message(const struct changer *changer);
const char *changer_folder(const struct changer *changer);
int64_t changer_move_ns(const struct changer *changer);

/*
 * All elements by address, the robot first.  The array is the caller's to
 * free.  A session that has died counts as none, also where the library is
 * only read.
 */
enum changer_status changer_list(struct changer *changer,
    struct changer_element **elements, size_t *count);

/* A message for a person: "drive 0", "slot 3", "import/export slot 1". */
void changer_element_name(unsigned address, char *buf, size_t buf_bytes);

/*
 * A message for a person, behind "in use by": "process 12 (tapelab)", with the
 * host where that is another, and what to do where nobody can know whether it
 * lives.  CHANGER_CLIENT_BYTES are enough.
 */
enum { CHANGER_CLIENT_BYTES = 320 };
void changer_client_describe(const struct changer_client *client, char *buf,
    size_t buf_bytes);

/* All that use the library.  The array is the caller's to free. */
enum changer_status changer_list_clients(struct changer *changer,
    struct changer_client **clients, size_t *count);

/*
 * Ends a session of which nobody can know whether it lives: it is that of an
 * older tapelab, or library.lock is missing.  What it has in its drives goes
 * back.  CHANGER_REFUSED where there is no such session, or it lives.
 */
enum changer_status changer_forget_client(struct changer *changer,
    int64_t client);

/*
 * Puts a cartridge into an element that is empty, without the robot: as it is
 * when the library is made, or when a person opens its door.  In a drive, which
 * nobody may use, it stays, as if it had been loaded by hand, and cleans the
 * drive if it is a cleaning cartridge.  A barcode that begins with CLN is that
 * of a cleaning cartridge, and no other.
 */
enum changer_status changer_import(struct changer *changer, unsigned address,
    const struct changer_cartridge *cartridge);

/* As many at once: cartridges[i] into storage slot i + 1. */
enum changer_status changer_fill_slots(struct changer *changer,
    const struct changer_cartridge *cartridges, size_t count);

/* Takes a cartridge out of the library; it lies in an import/export slot. */
enum changer_status changer_export(struct changer *changer,
    const char *barcode);

/* What changer_acquire() is to find. */
struct changer_request {
	const char *barcode; /* NULL: the next one, by slot */
	unsigned after;      /* slot that was last handed out, from 0 */
	int drive;           /* this drive only; -1: any */
	const bool *avoid;   /* of each drive: not this one; or NULL */
	bool reading;        /* what the drive can read is enough */
	bool in_place;       /* the volume that lies in `drive`, if any */
};

struct changer_acquired {
	int64_t id;                         /* of the cartridge, from 1 */
	char barcode[VOLUME_BARCODE_BYTES]; /* that was asked for */
	char *file;    /* of the volume that is in the drive; to be
				 * freed.  NULL: a cleaning cartridge */
	unsigned slot; /* it was in; 0: none, or not by slot */
	unsigned drive;
	unsigned moves; /* of the robot that it took */
};

/*
 * Finds a cartridge and a drive for it, carries it there, and makes the drive
 * this session's until changer_close().  Where it fails at a cartridge that is
 * to be passed over, `taken->slot` tells it all the same, and `taken->moves`
 * what the robot did in vain.
 */
enum changer_status changer_acquire(struct changer *changer,
    const struct changer_request *want, struct changer_acquired *taken);

/*
 * Gives back what lies in a drive of this session: back to where it came from,
 * or, if that is full, to the first slot that is empty.  What was loaded by
 * hand stays in the drive.  The session keeps the drive.
 */
enum changer_status changer_release(struct changer *changer, unsigned drive,
    unsigned *moves);

/*
 * Carries a cartridge from one element to another; `to` 0: from a drive to
 * where it came from.  A cleaning cartridge that comes into a drive cleans it.
 */
enum changer_status changer_move(struct changer *changer, unsigned from,
    unsigned to);

/*
 * Finds a cartridge by its barcode.  While it is held nothing is carried in
 * the library, so that its volume, if no drive has it in use, may be opened.
 * `path` is that of the volume, to be freed, NULL for a cleaning cartridge.
 * With CHANGER_OK, changer_unlock() must follow, and soon: others wait.
 */
enum changer_status changer_lock(struct changer *changer, const char *barcode,
    struct changer_element *element, char **path);
void changer_unlock(struct changer *changer);

/* What becomes of a move of the robot that a fault strikes. */
enum changer_fault_mode {
	CHANGER_FAULT_STUCK,           /* nothing moves */
	CHANGER_FAULT_WRONG_CARTRIDGE, /* that of the next slot */
	CHANGER_FAULT_LOAD_FAILED,     /* the drive does not take it */
	CHANGER_FAULT_SOURCE_EMPTY     /* the robot finds nothing to grip */
};

/* The names of these, ended by NULL. */
const char *const *changer_fault_mode_names(void);

struct changer_fault {
	enum changer_fault_mode mode;
	uint64_t nth; /* move from now, from 1, */
	bool once;    /* or the first after it that it can strike;
				 * else this and all later ones */
};

enum changer_status changer_add_fault(struct changer *changer,
    const struct changer_fault *fault);

/* The array is the caller's to free. */
enum changer_status changer_list_faults(struct changer *changer,
    struct changer_fault **faults, size_t *count);

/* Makes the barcode of a cartridge unreadable. */
enum changer_status changer_make_unreadable(struct changer *changer,
    const char *barcode);

/* Takes away all faults, of drives too; every barcode can be read again. */
enum changer_status changer_clear_faults(struct changer *changer);

#endif
