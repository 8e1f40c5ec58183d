/*
 * serve.h: a library on disk that is served to initiators: its drives and its
 * changer as SCSI devices.
 *
 *     transport --> changer --> robot --> drives        (SMC, struct smc)
 *         |                       ^          ^
 *         +--> drives             |          |          (SSC)
 *     other commands --> control socket -----+
 *
 * Invariants:
 *
 *  1. One process serves a library: it is the client of all drives
 *     (changer_take_drives()).
 *  2. A volume that lies in a drive is open in that drive, from the move into
 *     the drive on; its cartridge stays there when the server ends or is
 *     killed.
 *  3. To be killed is a loss of power for the drives: what their buffers had is
 *     lost.
 *  4. What other commands change in the library (faults, behaviour, imports)
 *     takes effect at once if they tell the server, and else within a second.
 *     A new behaviour applies from the next load on.
 *  5. Nothing that comes over the control socket makes the server fail, wait
 *     for a client, or take memory beyond a bound (control.h).
 *
 *  6. A command of a drive, however long it takes, delays only what is about this
 *     drive: its other commands, moves of its cartridge, requests about its
 *     volume, and snapshots, restores and clones, which need all drives.  These
 *     are refused, with the name of the command, when they have waited for
 *     serve_options.exchange_wait_ns; the other drives work meanwhile.
 *
 * Locks, in this order: the device of the changer, the library's own lock, the
 * device of a drive, all others.  The device of a drive is locked during its
 * commands (device.h).  Therefore the library is not locked while a thread waits
 * for it: it uses device_trylock(), device_visit(), device_holds_medium() or
 * serve_lock_for_move().  Exceptions: a drive that is empty, so that its commands
 * end at once (serve_put_in()); one whose cartridge another program has taken out
 * in library.db (serve_pull_out()); a snapshot, restore or clone, while the transport
 * keeps commands from being executed.
 */
#ifndef VTL_SERVE_H
#define VTL_SERVE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "vtl/changer/changer.h"
#include "vtl/changer/drive_settings.h"
#include "vtl/library/unit_clock.h"
#include "vtl/scsi/device/device.h"

enum { SERVE_MESSAGE_BYTES = VOLUME_MESSAGE_BYTES };

struct serve;

struct serve_options {
	/* NULL: the drives take no time; else see library_set_pace() */
	const struct pace_clock *clock;
	uint32_t speed_permille;
	bool durable; /* see volume_open() */
	/* One line for each command of an initiator; NULL: none. */
	FILE *trace;
	/*
	 * Called with an error that stops nothing, by any thread, with locks
	 * held.  NULL: ignore it.
	 */
	void (*warn)(void *arg, const char *message);
	void *warn_arg;
	/*
	 * A client of the control socket that neither sends nor takes anything
	 * for this long is dropped; 0: SERVE_PATIENCE_NS.
	 */
	int64_t patience_ns;
	/*
	 * How often the server looks whether another process has changed the
	 * library or removed the control socket; 0: once in a second.
	 */
	int64_t look_ns;
	/*
	 * A snapshot, restore or clone waits at most this long for a command of
	 * a drive; 0: SERVE_EXCHANGE_WAIT_NS.
	 */
	int64_t exchange_wait_ns;
	/* Keeps what serve_list_unstruck() gets. */
	bool strict;
};

#define SERVE_PATIENCE_NS      INT64_C(10000000000)
#define SERVE_EXCHANGE_WAIT_NS INT64_C(10000000000)

/* What the medium of a volume has. */
struct serve_volume {
	uint64_t capacity_bytes, written_bytes;
	uint64_t files; /* also one that no filemark ends */
	uint64_t loads; /* in its life */
	bool is_closed; /* nothing is written after the last filemark */
	bool is_protected;
};

/* Describes an open volume. */
void serve_read_volume(struct volume *volume, struct serve_volume *out);

/* A device of the library. */
struct serve_device {
	struct device *device;
	unsigned address; /* of the element; the changer: that of the robot */
	const struct device_identity *identity;
	const struct model *model; /* NULL: the changer */
};

/*
 * Takes all drives of the library in a folder, loads the cartridges that lie in
 * them, and opens the control socket.  NULL and a message if there is no
 * library, it cannot be written, another process uses a drive (the message
 * names it), or a volume is unreadable.
 */
struct serve *serve_open(const char *folder,
    const struct serve_options *options, char message[SERVE_MESSAGE_BYTES]);

/*
 * Writes the buffers of the drives, and gives the drives back, as an orderly
 * power-off.  The transport has ended.  Returns false if a buffer could not be
 * written: the warning says which.  NULL is allowed.
 */
bool serve_close(struct serve *serve);

/* The changer is device 0, drive N is device N + 1. */
size_t serve_device_count(const struct serve *serve);
struct serve_device serve_get_device(const struct serve *serve, size_t i);

/* The clocks of the devices, in their order. */
struct unit_clocks *serve_clocks(struct serve *serve);

/* The transport has given a nexus to an initiator, or ended it. */
void serve_nexus_opened(struct serve *serve, unsigned nexus,
    const char *initiator);
void serve_nexus_ended(struct serve *serve, unsigned nexus, const char *event,
    const char *reason);

/* How the server keeps the commands of initiators from being executed. */
struct serve_transport {
	/*
	 * From now on new commands wait.  Returns true when none is in progress
	 * in a device.  Returns false if one has not ended after `wait_ns`:
	 * *device is the number of its device, and only new commands of this
	 * device wait.
	 */
	bool (*stop)(void *arg, int64_t wait_ns, size_t *device);
	/* No commands wait any more. */
	void (*go_on)(void *arg);
	void *arg;
};

/*
 * Sets the transport.  NULL: the library has no transport.  Waits until the
 * transport is not used; no commands of the last one wait.
 */
void serve_set_transport(struct serve *serve,
    const struct serve_transport *transport);

/* A fault of the robot, of a drive or of a volume, as it was first seen. */
struct serve_fault {
	enum {
		SERVE_FAULT_OF_ROBOT,
		SERVE_FAULT_OF_DRIVE,
		SERVE_FAULT_OF_VOLUME
	} kind;
	int64_t id;
	union {
		struct changer_fault robot;
		struct changer_drive_fault drive;
		struct changer_volume_fault volume;
	};
};

/*
 * With serve_options.strict: gets the faults that the library had while it was
 * served, and that never struck.  This includes faults that a restore or a command
 * has removed.  Returns false if the library could not be read, or memory was
 * short.  The caller frees the array; the text of volume faults belongs to `serve`.
 */
bool serve_list_unstruck(struct serve *serve, struct serve_fault **faults,
    size_t *count);

#endif
