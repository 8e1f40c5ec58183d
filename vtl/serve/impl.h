/*
 * impl.h: what the files of a served library share.  Each file calls only files
 * that are listed above it.
 *
 *     armed.c     faults that the library had
 *     events.c    what happens, as lines for subscribers
 *     watch.c     events and the trace of commands
 *     bay.c       the volumes in the drives
 *     robot.c     moves, for initiators and for other commands
 *     reread.c    what other commands have changed in the library
 *     obstacle.c  waits until no command is executed
 *     exchange.c  snapshots, restores and clones
 *     request.c   requests of other commands
 *     control.c   the control socket
 *     open.c      opens and closes the library
 *
 * client.c and remote.c are the other end of the control socket.
 */
#ifndef VTL_SERVE_IMPL_H
#define VTL_SERVE_IMPL_H

#include <pthread.h>

#include "vtl/library/drive_setup.h"
#include "vtl/scsi/put_back.h"
#include "vtl/scsi/scsi.h"
#include "vtl/scsi/smc/smc.h"
#include "vtl/serve/events.h"
#include "vtl/serve/serve.h"

enum { SERVE_ELEMENT_BYTES = 16 };

/* A device.  The members after `identity` are those of a drive. */
struct serve_unit {
	struct serve *serve;
	size_t index;
	unsigned address;
	char name[SERVE_ELEMENT_BYTES]; /* "changer", "drive:0" */
	struct device_identity identity;
	struct device *device;
	const struct model *model;
	struct drive *drive; /* until `scsi` owns it */
	/* With the device locked: */
	struct scsi *scsi;
	struct drive_setup setup;
	bool storage_warned; /* about the storage of the volume in the drive */
	/*
	 * The initiator for which the robot makes the drive load or unload; "":
	 * another command does, or makes it write its buffer; NULL: the drive
	 * executes a command.
	 */
	const char *mover;
	/*
	 * The cartridge in the drive, as the library had it at the last look;
	 * "": none.  With the library locked.
	 */
	char barcode[VOLUME_BARCODE_BYTES];
	/* During an exchange: what lay in the drive before; "": nothing. */
	char before[VOLUME_BARCODE_BYTES];
	bool was_unloaded;           /* it was not loaded */
	struct drive_result flushed; /* an error that no initiator got */
};

/* A fault that the library had while it was served; see armed.c. */
struct serve_armed_fault {
	struct serve_fault fault;
	bool in_library; /* at the last look */
	bool seen;       /* in this look */
	bool struck;
};

struct serve_armed {
	pthread_mutex_t lock; /* after all others */
	struct serve_armed_fault *list;
	size_t count;
	bool incomplete; /* a look failed */
};

struct control;

struct serve {
	struct serve_options options;
	pthread_mutex_t lock;
	struct changer *changer; /* with `lock` */
	int64_t robot_ns;        /* with `lock`: when the robot becomes idle */
	int64_t data_version;    /* with `lock`: of the last look */
	int64_t drives_known;    /* with `lock`: for the message about more */
	/*
	 * Another connection to the library, for a drive that counts strikes
	 * while its device is locked.
	 */
	pthread_mutex_t settings_lock;
	struct changer *settings;
	struct unit_clocks *clocks;
	struct smc *smc;
	struct serve_unit *units;
	size_t unit_count;
	struct serve_events *events;
	struct serve_armed armed;
	pthread_mutex_t names_lock; /* also that of the trace */
	char initiators[DEVICE_NEXUSES][DEVICE_NAME_BYTES];
	struct control *control;
	pthread_mutex_t transport_lock; /* before all other locks */
	struct serve_transport transport;
	/* With `transport_lock`: the command that obstacle.c has waited for. */
	size_t obstacle; /* its device */
	struct device_progress obstacle_progress;
};

/* armed.c */

/* Sees which faults the library has.  With the library locked. */
void serve_look_at_faults(struct serve *serve);

/* The fault with this number has struck. */
void serve_armed_struck(struct serve *serve, int64_t id);

void serve_armed_free(struct serve_armed *armed);

/* watch.c */

/* Writes the name of an element as commands take it: "drive:0", "ie:2". */
void serve_element_name(unsigned address, char name[SERVE_ELEMENT_BYTES]);

/* Reports an error that stops nothing, also as an event. */
void serve_warn(struct serve *serve, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Copies the message of the last error of `settings`. */
void serve_settings_message(struct serve *serve,
    char message[VOLUME_MESSAGE_BYTES]);

/* The name of the initiator of a nexus; "": unknown, or no initiator. */
void serve_initiator(struct serve *serve, unsigned nexus,
    char name[DEVICE_NAME_BYTES]);

/*
 * Publishes an event with the members element, barcode and initiator, those of
 * them that are neither NULL nor "".
 */
void serve_publish(struct serve *serve, const char *event, const char *element,
    const char *barcode, const char *initiator);

/* The same for a fault, by its number, that an element met. */
void serve_publish_fault(struct serve *serve, const char *element, int64_t id,
    const char *initiator);

/* A fault has struck; see struct drive_setup.  `arg` is a serve_unit. */
void serve_fault_struck(void *arg, int64_t id);

/* Watches the commands of a unit, the `arg`. */
void serve_watch(void *arg, const struct device_command *command,
    const struct device_answer *answer);

/* bay.c; with the library locked */

/*
 * Loads what lies in the drive now, which is empty, at `now_ns` of the changer's
 * clock, for an initiator ("": none).  Returns false, a message, and a warning, if the volume
 * cannot be opened; the drive stays empty.
 */
bool serve_put_in(struct serve *serve, struct serve_unit *unit,
    const struct changer_element *element, const char *initiator,
    int64_t now_ns, char message[SERVE_MESSAGE_BYTES]);

/*
 * The same after serve_pull_out(), for a cartridge that lay in the drive all the
 * time, or that a restore has put there: see scsi_put_back().  Returns false after
 * a warning.
 */
bool serve_put_back(struct serve *serve, struct serve_unit *unit,
    const struct changer_element *element, enum scsi_put_back what);

/*
 * Makes the drive, whose device is locked, unload.  *done_ns is when it has.  Both
 * times are those of the changer's clock.
 * Returns false with the drive unchanged if it does not give the volume out.
 */
bool serve_unload(struct serve *serve, struct serve_unit *unit, int64_t now_ns,
    int64_t *done_ns);

/*
 * A cartridge with this volume (NULL: a cleaning cartridge) has left it, for an
 * initiator ("": none).
 */
void serve_taken_out(struct serve *serve, struct serve_unit *unit,
    struct volume *volume, const char *initiator);

/*
 * Finds the drive in which a cartridge is, and locks its device; *unit NULL: it
 * is in none.  Returns false, without the lock, if the device is locked: it
 * executes a command.
 */
bool serve_lock_volume(struct serve *serve, const char *barcode,
    struct serve_unit **unit);

/*
 * Adds a defect to the volume in a drive that serve_lock_volume() has locked, or
 * removes the one with the number `fault` (defect NULL).  Unlocks the device.
 * *served is whether a volume is in the drive.  Returns false and a message if
 * the volume could not be changed.
 */
bool serve_change_defect(struct serve_unit *unit,
    const struct volume_defect *defect, int64_t fault, bool *served,
    char message[SERVE_MESSAGE_BYTES]);

/*
 * Gets what the medium in a drive that serve_lock_volume() has locked has now,
 * without the drive's buffer.  Unlocks the device.  Returns false if no volume
 * is in the drive.
 */
bool serve_describe_volume(struct serve_unit *unit,
    struct serve_volume *volume);

/* Writes the buffer of a drive.  Returns false after a warning. */
bool serve_flush(struct serve *serve, struct serve_unit *unit);

/*
 * Takes the volume out of the drive for an exchange, after the drive has written its
 * buffer.  An error that it meets, or has not reported before, is a warning, and that
 * of the drive again when serve_put_back() puts back what lay still.
 */
void serve_take_for_exchange(struct serve *serve, struct serve_unit *unit);

/* A person takes the volume out, whatever the drive does. */
void serve_pull_out(struct serve *serve, struct serve_unit *unit);

/* robot.c */

extern const struct smc_library serve_library;

struct serve_move {
	unsigned from, to;     /* to 0: the source address of a cartridge */
	const char *initiator; /* "": another command */
	bool host_unloads;     /* see struct smc_move */
	int64_t now_ns;        /* of the changer's clock, as all here */
};

struct serve_moved {
	char barcode[VOLUME_BARCODE_BYTES];
	unsigned to;
	int64_t done_ns;
	char message[SERVE_MESSAGE_BYTES]; /* why it failed */
};

/* Returns whether this is the address of an import/export slot. */
bool serve_is_ie(unsigned address);

/*
 * Returns whether the move would end at an import/export slot.  With the library
 * locked.
 */
bool serve_ends_at_ie(struct serve *serve, const struct serve_move *move);

/*
 * Locks the library, and the device of the drive at `from`, if a drive is there:
 * a move needs both.  While the drive executes a command, neither is locked:
 * this waits, or, if not `waits`, returns false.
 */
bool serve_lock_for_move(struct serve *serve, unsigned from, bool waits);

/*
 * Moves a cartridge; see struct smc_library.  After serve_lock_for_move();
 * unlocks the device of the drive, not the library.
 */
enum changer_reason serve_move(struct serve *serve,
    const struct serve_move *move, struct serve_moved *moved);

/* reread.c */

/* Reads the faults of a drive, the `arg`: the visitor of its device. */
void serve_read_faults(void *arg);

/*
 * Has each drive store the strikes that it has counted, so that other processes see
 * them, and read its faults again.  A drive that executes a command does so when
 * the command has ended; this function does not wait for that.
 */
void serve_visit_drives(struct serve *serve);

/* Reads what may have changed.  Takes the library's lock. */
void serve_read_again(struct serve *serve);

/* The same with the library locked. */
void serve_read_locked(struct serve *serve);

/* The same if another process has changed the library since the last time. */
void serve_read_if_changed(struct serve *serve);

/* obstacle.c; with `transport_lock` */

/*
 * Has the transport keep commands from being executed.  Returns false if one is in
 * progress that takes long: serve->obstacle, which begins no other one.  While it
 * lasts, further calls return at once, so that the other devices are not stopped
 * for it again.  serve_continue_commands() ends all that, also after false.
 */
bool serve_stop_commands(struct serve *serve);
void serve_continue_commands(struct serve *serve);

/* Writes what is in progress, as "drive:0 executes REWIND for INITIATOR". */
void serve_describe_obstacle(struct serve *serve, char *text, size_t bytes);

/* exchange.c */

struct serve_exchange {
	enum { SERVE_SNAPSHOT, SERVE_RESTORE, SERVE_CLONE } what;
	const char *name; /* of the snapshot; the folder of a clone */
};

enum serve_exchanged {
	SERVE_EXCHANGED,
	SERVE_EXCHANGE_FAILED, /* and a message */
	SERVE_EXCHANGE_WAITS   /* nothing was done: a command takes long */
};

/*
 * `last`: it does not wait any more, but fails.  After SERVE_EXCHANGE_WAITS it must
 * be tried again, or serve_abandon_exchange() called.
 */
enum serve_exchanged serve_exchange(struct serve *serve,
    const struct serve_exchange *exchange, bool last,
    char message[SERVE_MESSAGE_BYTES]);

/* Whoever wanted it has left.  Others may still wait for theirs. */
void serve_abandon_exchange(struct serve *serve);

/* request.c */

/* What follows a request. */
enum serve_then {
	SERVE_ANSWER,
	SERVE_SUBSCRIBE, /* the connection gets events from now on */
	/*
	 * No answer yet, NULL: a drive that it is about executes a command.
	 * Nothing was done: the same request must be tried again.
	 */
	SERVE_BUSY
};

/*
 * Carries out a request of a line of JSON, which was tried first `waited_ns` ago.
 * Returns the answer, an object, and what follows.
 */
json_t *serve_request(struct serve *serve, const char *line, size_t bytes,
    int64_t waited_ns, enum serve_then *then);

/* control.c */

/* Opens the socket and starts its thread.  Returns NULL and a message. */
struct control *serve_control_start(struct serve *serve,
    char message[SERVE_MESSAGE_BYTES]);
void serve_control_stop(struct control *control);

#endif
