/*
 * changer.h: the elements of a virtual library, the cartridges in them, the
 * clients that use its drives, and the robot that moves cartridges.
 *
 * Elements are those of SCSI SMC, each with an address: the robot, drives
 * (numbered from 0), storage slots and import/export slots (numbered from 1).
 * The state is a SQLite database.  A library on disk is the file library.db in
 * its folder, which several processes use at the same time; see
 * tapelab-library(5).  The library of a scenario is a database in memory.
 *
 * A client is one open struct changer that uses drives.
 *
 * Invariants:
 *
 *  1. A cartridge is in one element, and an element holds at most one.
 *  2. Every function is one transaction: it is done completely or not at all,
 *     also if the process is killed.
 *  3. A drive is used by one client at a time.  A cartridge in a drive that
 *     another client uses is not moved.
 *  4. A client ends with its process.  The next change of the library moves
 *     the cartridges that it loaded back to their source addresses; no repair
 *     is needed.  A client lives as long as its process holds a lock on a byte
 *     of the file library.lock; nothing else decides this.  A client of an
 *     older tapelab, which held no lock, counts as living until
 *     changer_forget_client().
 *  5. A cartridge that a person or a changer command loaded into a drive stays
 *     there until it is unloaded in the same way.
 *
 * Where a cartridge can be, and what moves it:
 *
 *     OUTSIDE --changer_import--> IMPORT/EXPORT --changer_move--> SLOT
 *        ^                            |   ^                      |  ^
 *        +------changer_export--------+   +----changer_move------+  |
 *                                                                |  |
 *                 changer_acquire, changer_move      changer_release,|
 *                              v                      changer_move  |
 *                            DRIVE ---------------------------------+
 *
 * One thread at a time uses a struct changer.  A function that does not return
 * CHANGER_OK leaves in changer_message() what failed, why, and what to do.
 */
#ifndef VTL_CHANGER_H
#define VTL_CHANGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/drive/options.h"
#include "vtl/model/model.h"
#include "vtl/volume/volume.h"

enum {
	CHANGER_DRIVES_MAX = 250,
	CHANGER_IE_MAX = 200,
	CHANGER_SLOTS_MAX = 60000, /* only on disk */
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
	CHANGER_NO_VOLUME,    /* no volume left, or none with this barcode */
	CHANGER_NO_DRIVE,     /* every drive is in use, or failed */
	CHANGER_IN_USE,       /* another client uses the cartridge */
	CHANGER_INCOMPATIBLE, /* no drive can use the medium */
	CHANGER_MOVE_FAILED,  /* the robot failed with this cartridge */
	CHANGER_ROBOT_STUCK,  /* the robot did not move */
	CHANGER_REFUSED,      /* the request is impossible */
	CHANGER_ERROR         /* the state cannot be read or written */
};

/* Why a request failed, where a host must tell the cases apart (SMC-3). */
enum changer_reason {
	CHANGER_REASON_NONE,
	CHANGER_REASON_STATE, /* the state cannot be read or written */
	CHANGER_REASON_OTHER,
	CHANGER_REASON_NO_ELEMENT,
	CHANGER_REASON_WRONG_KIND, /* this element holds no cartridge */
	CHANGER_REASON_SOURCE_EMPTY,
	CHANGER_REASON_DESTINATION_FULL,
	CHANGER_REASON_SLOTS_FULL,   /* a cartridge cannot go back */
	CHANGER_REASON_IN_USE,       /* by another client */
	CHANGER_REASON_INCOMPATIBLE, /* the drive cannot use the medium */
	CHANGER_REASON_WORN_OUT,     /* the cleaning cartridge */
	CHANGER_REASON_ROBOT_STUCK,
	CHANGER_REASON_LOAD_FAILED, /* the drive did not take it */
	/* the robot found nothing in the source, which should be full */
	CHANGER_REASON_FOUND_EMPTY,
	/* it did not fail, but another cartridge was moved */
	CHANGER_REASON_WRONG_CARTRIDGE,
	/* A struct changer has no such drives; a server has them. */
	CHANGER_REASON_NOT_UNLOADED,  /* the drive holds its medium */
	CHANGER_REASON_UNLOAD_FAILED, /* the drive did not give it out */
	CHANGER_REASON_PREVENTED      /* a host prevents the removal */
};

enum changer_kind {
	CHANGER_KIND_ROBOT,
	CHANGER_KIND_IE,
	CHANGER_KIND_DRIVE,
	CHANGER_KIND_SLOT
};

/* A client of the library.  All fields except the id are for messages only. */
struct changer_client {
	int64_t id; /* 0: none */
	int64_t pid;
	char program[CHANGER_PROGRAM_BYTES];
	char host[CHANGER_HOST_BYTES]; /* "": unknown */
	bool has_lock; /* false: it is unknown whether it lives */
};

struct changer_element {
	unsigned address;
	enum changer_kind kind;
	unsigned number; /* drives from 0, slots from 1 */
	/* The model of a drive, which the changer owns; else NULL. */
	const struct model *model;
	bool full;
	bool cleaning;                      /* holds a cleaning cartridge */
	bool unreadable;                    /* the barcode cannot be read */
	char barcode[VOLUME_BARCODE_BYTES]; /* "" when empty */
	char medium[VOLUME_MEDIUM_BYTES];   /* as in volume_spec */
	/*
	 * where a cartridge in a drive came from; in an import/export slot,
	 * where the robot took it; or 0
	 */
	unsigned source_address;
	unsigned uses;      /* uses of the cleaning cartridge */
	bool by_hand;       /* a drive that a changer command loaded */
	unsigned cleanings; /* cleanings of the drive */
	uint64_t loads;     /* loads of the drive since its last cleaning */
	struct changer_client client; /* the client that uses the drive */
};

struct changer_identity;

struct changer_spec {
	const struct model *const *drives; /* the caller keeps this valid */
	size_t drive_count;
	/* How every drive differs from its model; NULL: no difference. */
	const struct drive_options *behaviour;
	/*
	 * Vendor, product and revision of every drive; all of the changer.
	 * NULL: those of the models.
	 */
	const struct changer_identity *drive_identity, *changer_identity;
	unsigned slot_count;
	unsigned ie_count;
	int64_t move_ns; /* duration of one move of the robot */
};

struct changer;

struct changer_cartridge {
	const char *barcode;
	/*
	 * name of the volume's file in the folder; NULL: a cleaning cartridge
	 */
	const char *file;
	const char *medium; /* as in volume_spec; NULL is "" */
};

struct changer_creation;

/*
 * Begins to make a library on disk, and its folder if it does not exist.
 * `spec` must stay valid until changer_create_end().  Returns NULL and a
 * message if the folder has a library, or another process makes one there.
 */
struct changer_creation *changer_create_begin(const char *folder,
    const struct changer_spec *spec, char message[VOLUME_MESSAGE_BYTES]);

/*
 * Makes the library, with cartridges[i] in storage slot i + 1.  It appears in
 * the folder when it is complete.  Returns 0, or -1 and a message.
 */
int changer_create_finish(struct changer_creation *creation,
    const struct changer_cartridge *cartridges, size_t count, bool durable,
    char message[VOLUME_MESSAGE_BYTES]);

/* Frees `creation`, finished or not.  NULL is allowed. */
void changer_create_end(struct changer_creation *creation);

/*
 * Makes a library without cartridges, with the three functions above.  Returns
 * 0, or -1 and a message.
 */
int changer_create(const char *folder, const struct changer_spec *spec,
    bool durable, char message[VOLUME_MESSAGE_BYTES]);

/* Makes an empty library in memory.  Returns NULL and a message on failure. */
struct changer *changer_new(const struct changer_spec *spec,
    char message[VOLUME_MESSAGE_BYTES]);

/*
 * Opens the library in a folder.  Messages to other programs call this one
 * `program`.  With `read_only` nothing is changed; without it, the cartridges
 * of clients that have ended go back to their slots first.  NULL and a message
 * if there is no library, or it cannot be read.
 */
struct changer *changer_open(const char *folder, const char *program,
    bool read_only, bool durable, char message[VOLUME_MESSAGE_BYTES]);

/* Ends the client, if there is one.  NULL is allowed. */
void changer_close(struct changer *changer);

const char *changer_message(const struct changer *changer);

/* Why the last function failed, or CHANGER_REASON_WRONG_CARTRIDGE. */
enum changer_reason changer_reason(const struct changer *changer);

const char *changer_folder(const struct changer *changer);

/* Returns the client that this changer is; 0: none. */
int64_t changer_client_id(const struct changer *changer);

/*
 * Gets a number that changes when another connection has changed the library.
 */
enum changer_status changer_data_version(struct changer *changer,
    int64_t *version);
int64_t changer_move_ns(const struct changer *changer);

/*
 * Gets all elements by address, the robot first.  The caller frees the array.
 * A client that has ended is not reported, also if the library is read only.
 */
enum changer_status changer_list(struct changer *changer,
    struct changer_element **elements, size_t *count);

/*
 * Gets the same of the elements with addresses from `first` to `last`, and not
 * more than `most`.
 */
enum changer_status changer_list_range(struct changer *changer, unsigned first,
    unsigned last, size_t most, struct changer_element **elements,
    size_t *count);

/* Writes a name for messages: "drive 0", "slot 3", "import/export slot 1". */
void changer_element_name(unsigned address, char *buf, size_t buf_bytes);

/*
 * Writes a client for messages, after "in use by": "process 12 (tapelab)", the
 * host if it is another one, and what to do if it is unknown whether the client
 * lives.  CHANGER_CLIENT_BYTES are enough.
 */
enum { CHANGER_CLIENT_BYTES = 320 };
void changer_client_describe(const struct changer_client *client, char *buf,
    size_t buf_bytes);

/* Gets all clients.  The caller frees the array. */
enum changer_status changer_list_clients(struct changer *changer,
    struct changer_client **clients, size_t *count);

/*
 * Ends a client of an unknown state: it belongs to an older tapelab, or
 * library.lock is missing.  Its cartridges go back.
 * CHANGER_REFUSED if there is no such client, or if it lives.
 */
enum changer_status changer_forget_client(struct changer *changer,
    int64_t client);

/*
 * Puts a cartridge into an empty element without the robot, like a person who
 * opens the door.  A drive is accepted if no client uses it; the cartridge
 * then counts as loaded by hand, and a cleaning cartridge cleans the drive.  A
 * barcode that begins with CLN is that of a cleaning cartridge, and no other.
 */
enum changer_status changer_import(struct changer *changer, unsigned address,
    const struct changer_cartridge *cartridge);

/* Imports many cartridges: cartridges[i] goes into storage slot i + 1. */
enum changer_status changer_fill_slots(struct changer *changer,
    const struct changer_cartridge *cartridges, size_t count);

/* Removes a cartridge in an import/export slot from the library. */
enum changer_status changer_export(struct changer *changer,
    const char *barcode);

/* The cartridge and the drive that changer_acquire() must find. */
struct changer_request {
	const char *barcode; /* NULL: any volume, in slot order */
	unsigned after;      /* the slot of the last volume, from 0 */
	int drive;           /* use only this drive; -1: any */
	const bool *avoid;   /* for each drive: do not use it; NULL: use any */
	bool reading;        /* a drive that can only read is enough */
	bool in_place;       /* prefer the volume in `drive`, if any */
};

struct changer_acquired {
	int64_t id;                         /* id of the cartridge, from 1 */
	char barcode[VOLUME_BARCODE_BYTES]; /* the requested barcode */
	char *file;    /* of the volume that is now in the drive; the caller
			* frees it.  NULL: a cleaning cartridge */
	unsigned slot; /* the slot that the search found; 0: none */
	unsigned drive;
	unsigned moves;  /* number of moves of the robot */
	bool unreadable; /* the robot could not read the barcode */
};

/*
 * Finds a cartridge and a drive for it, moves it there, and gives the drive to
 * this client until changer_close().  If it fails with a cartridge that the
 * caller should skip, `acquired->slot` is its slot, and `acquired->moves` are
 * the moves that the robot made without success.
 */
enum changer_status changer_acquire(struct changer *changer,
    const struct changer_request *request, struct changer_acquired *acquired);

/*
 * Moves the cartridge in a drive of this client back to its source address, or
 * to the first empty slot if that is full.  A cartridge that was loaded by hand
 * stays in the drive.  The client keeps the drive.
 */
enum changer_status changer_release(struct changer *changer, unsigned drive,
    unsigned *moves);

/*
 * Gives all drives to this client until changer_close(), as a program does that
 * serves the library to initiators.  Cartridges in the drives count as loaded
 * by hand: they stay there when the client ends, however it ends.  The client
 * may call changer_move() from and to its drives.  CHANGER_IN_USE: another
 * client uses a drive; the message names both.
 */
enum changer_status changer_take_drives(struct changer *changer);

/*
 * Moves a cartridge from one element to another.  `to` 0: from a drive to its
 * source address.  A cleaning cartridge that comes into a drive cleans it.
 */
enum changer_status changer_move(struct changer *changer, unsigned from,
    unsigned to);

/*
 * The same, also into a drive that cannot use the medium, which the drive then
 * reports.
 */
enum changer_status changer_move_any(struct changer *changer, unsigned from,
    unsigned to);

/*
 * Finds a cartridge by its barcode, and keeps all cartridges where they are
 * until changer_unlock(), so that the caller can open the volume if no drive
 * uses it.  `path` is the path of the volume, which the caller frees; NULL for
 * a cleaning cartridge.  After CHANGER_OK, call changer_unlock() soon: others
 * wait.
 */
enum changer_status changer_lock(struct changer *changer, const char *barcode,
    struct changer_element *element, char **path);
void changer_unlock(struct changer *changer);

/* The ways in which a move of the robot can fail. */
enum changer_fault_mode {
	CHANGER_FAULT_STUCK,           /* nothing moves */
	CHANGER_FAULT_WRONG_CARTRIDGE, /* the next slot's cartridge moves */
	CHANGER_FAULT_LOAD_FAILED,     /* the drive does not accept it */
	CHANGER_FAULT_SOURCE_EMPTY     /* the robot finds nothing to grip */
};

/* Returns the names of the modes, in the order of the enum, ended by NULL. */
const char *const *changer_fault_mode_names(void);

struct changer_fault {
	int64_t id; /* number of the fault in the library, from 1 */
	uint64_t strikes;
	enum changer_fault_mode mode;
	uint64_t nth; /* first move that fails, counted from now, from 1 */
	bool once;    /* only the first possible move from there on fails;
		       * else all */
};

/*
 * Stores a fault; its id and its strikes are ignored.  A fault with `once` that
 * has struck is spent: it stays in the list, and does not strike again.
 */
enum changer_status changer_add_fault(struct changer *changer,
    const struct changer_fault *fault);

/* Gets all faults of the robot.  The caller frees the array. */
enum changer_status changer_list_faults(struct changer *changer,
    struct changer_fault **faults, size_t *count);

/*
 * A defect of a volume.  The volume stores the defect, with this number; the
 * library stores how often it has applied in a drive of the library.
 */
struct changer_volume_fault {
	int64_t id;
	char barcode[VOLUME_BARCODE_BYTES];
	bool once;
	uint64_t strikes;
	char *entry; /* text that describes the fault for people */
};

/*
 * Stores a fault of a volume, whose id and strikes are ignored, and gets the
 * number that the defect of the volume must have.
 */
enum changer_status changer_add_volume_fault(struct changer *changer,
    const struct changer_volume_fault *fault, int64_t *id);

/*
 * Gets the faults of all volumes.  The caller frees the array with
 * changer_free_volume_faults().
 */
enum changer_status changer_list_volume_faults(struct changer *changer,
    struct changer_volume_fault **faults, size_t *count);
void changer_free_volume_faults(struct changer_volume_fault *faults,
    size_t count);

/*
 * Counts strikes of a fault of this volume.  CHANGER_REFUSED: the library has
 * no such fault.
 */
enum changer_status changer_strike_volume_fault(struct changer *changer,
    int64_t id, const char *barcode, uint64_t strikes);

/* How often a fault of a drive, of the robot or of a volume has struck. */
struct changer_strikes {
	int64_t id;
	uint64_t strikes;
	bool once;
};

/* Gets the strikes of all faults, by number.  The caller frees the array. */
enum changer_status changer_list_strikes(struct changer *changer,
    struct changer_strikes **list, size_t *count);

/*
 * Returns the number of the fault that struck in the last changer_move() or
 * changer_acquire() of this changer; 0: none.
 */
int64_t changer_struck_fault(const struct changer *changer);

/*
 * Returns the number of the fault of a drive, of the robot or of a volume that
 * this changer added last; 0: none.
 */
int64_t changer_added_fault(const struct changer *changer);

/* Makes the barcode of a cartridge unreadable. */
enum changer_status changer_make_unreadable(struct changer *changer,
    const char *barcode);

/*
 * Removes the fault with this number from the library; a defect stays in its
 * volume.  CHANGER_REFUSED: no fault has the number.
 */
enum changer_status changer_remove_fault(struct changer *changer, int64_t id);

/*
 * Removes all faults of the robot and of drives; makes all barcodes readable.
 * Faults of volumes stay.
 */
enum changer_status changer_clear_faults(struct changer *changer);

#endif
