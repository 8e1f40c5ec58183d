/*
 * server.h: an iSCSI target (RFC 7143) that serves logical units over TCP.
 *
 * Its targets: BASE, with the unit N of the configuration at LUN N; and for
 * each unit with a target of its own BASE.SUFFIX, with the unit at LUN 0.
 *
 *     accept thread --> connection thread (one each) --> task set of a unit
 *                        login, PDUs, NOP, data-out,      worker thread:
 *                        INQUIRY, quick commands          device_execute(),
 *                             ^                           waits if paced
 *                             +------- answers -----------------+
 *
 * Invariants:
 *
 *  1. A session has one connection and one nexus number, which is the same for
 *     all units.  A login with the name, ISID and target of a session ends the
 *     older session first (session reinstatement).  A command of that which a
 *     device executes may still end after the login; the commands of the new
 *     session for this unit wait for it.
 *  2. A connection that breaks the protocol is ended, with a reason in its
 *     event; no other one notices.
 *  3. A client that does not read holds no worker: its answers wait in memory
 *     that is part of the bound below, and after ISCSI_STALL_SECONDS without
 *     progress the connection ends.
 *  4. Memory is bounded: each session has at most ISCSI_SESSION_BYTES of data
 *     of commands, counted before it is allocated (a command beyond it gets
 *     TASK SET FULL), ISCSI_ANSWERS_BYTES of other answers, ISCSI_TASKS_MAX
 *     commands a unit, and a few task management requests; a connection
 *     without a session has only what the login needs.  The sum is 2.5 GiB.
 *     Data that the buffer of a drive holds after its command are counted there
 *     (vtl/drive/buffer_impl.h).
 *  5. Each wait ends: that for the response to an abort as soon as the device
 *     has returned (from a VERIFY, between two blocks), that of a login after
 *     ISCSI_LOGIN_SECONDS, that of iscsi_server_stop() after ISCSI_STOP_SECONDS
 *     and what the devices execute.  Only workers, and connections that have
 *     ended, wait for a device.
 */
#ifndef VTL_ISCSI_SERVER_H
#define VTL_ISCSI_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/iscsi/access.h"
#include "vtl/iscsi/portal.h"
#include "vtl/library/unit_clock.h"
#include "vtl/scsi/device/device.h"

enum {
	ISCSI_SESSIONS_MAX = DEVICE_NEXUSES,
	ISCSI_LOGINS_MAX = 32,      /* connections in the login phase */
	ISCSI_DISCOVERIES_MAX = 32, /* discovery sessions */
	ISCSI_SESSION_BYTES = 32 * 1024 * 1024,
	ISCSI_ANSWERS_BYTES = 8 * 1024 * 1024,
	ISCSI_WINDOW = 64, /* commands: MaxCmdSN - ExpCmdSN + 1 */
	ISCSI_STALL_SECONDS = 60,
	ISCSI_STOP_SECONDS = 5,
	ISCSI_UNITS_MAX = 256,
	ISCSI_SERVER_MESSAGE_BYTES = 512
};

/* A logical unit. */
struct iscsi_unit {
	struct device *device;
	/* its own target is BASE.SUFFIX; NULL: it has no own target */
	const char *suffix;
};

enum iscsi_event_kind {
	ISCSI_EVENT_LOGIN,   /* a session begins */
	ISCSI_EVENT_LOGOUT,  /* the initiator ended it */
	ISCSI_EVENT_DROP,    /* a connection was lost or ended: `reason` */
	ISCSI_EVENT_REFUSED, /* a login or a connection failed: `reason` */
	ISCSI_EVENT_TASKS    /* task management ended commands: `reason` */
};

/* Texts are valid during the call; they have no control characters. */
struct iscsi_event {
	enum iscsi_event_kind kind;
	const char *address;   /* of the initiator: HOST:PORT */
	const char *initiator; /* its name; "": not known yet */
	const char *target;    /* "": none, as of a discovery session */
	unsigned nexus;        /* LOGIN, LOGOUT, DROP: of a normal session */
	const char *reason;    /* a part of a sentence for a person; "" */
};

/* All that it points to must outlive the server, and not change. */
struct iscsi_server_config {
	struct iscsi_portal listen; /* port 0: takes a free one */
	/*
	 * What discovery answers.  An empty host: the address at which the
	 * initiator came; port 0: the port of the server.
	 */
	struct iscsi_portal advertise;
	const char *name; /* BASE, an iSCSI name in lower case */
	const struct iscsi_unit *units;
	size_t unit_count; /* 1..ISCSI_UNITS_MAX */
	/* of the units in this order; the owner may use it too */
	struct unit_clocks *clocks;
	const struct iscsi_access *access;
	/* Called by any thread of the server, one at a time; may be NULL. */
	void (*event)(void *arg, const struct iscsi_event *event);
	void *arg;
	int32_t
	    ping_seconds; /* NOP-In after this time without traffic; 0: no */
	/*
	 * A login establishes no unit attention (29/00, 29/07), unless the last
	 * session of the initiator's port was lost, or it is the first one and
	 * the unit held a medium at the start, which may have followed a kill:
	 * what happened since must not be missed.
	 */
	bool no_login_attention;
	bool ends_at_once; /* iscsi_server_stop() does not wait for logouts */
};

struct iscsi_server;

/*
 * Listens, and serves from now on.  Returns NULL with a message on error: the
 * address is in use or cannot be had, no memory, no thread.
 */
struct iscsi_server *
iscsi_server_start(const struct iscsi_server_config *config,
    char message[ISCSI_SERVER_MESSAGE_BYTES]);

/* The address at which the server listens, with its port. */
const struct iscsi_portal *
iscsi_server_portal(const struct iscsi_server *server);

/* The number of normal sessions. */
size_t iscsi_server_sessions(struct iscsi_server *server);

/*
 * Ends and frees the server: accepts no more connections, asks each initiator
 * to log out, ends what is left after ISCSI_STOP_SECONDS, and joins all
 * threads.  The devices stay.  NULL is allowed.
 */
void iscsi_server_stop(struct iscsi_server *server);

/*
 * Keeps all commands from being executed, so that the owner can exchange the
 * volumes and drives of the devices; those that arrive wait.  Returns true when no
 * command is in progress in a device.  Returns false if one has not ended after
 * `wait_ns`: *unit is its unit, and only the commands of this unit wait, so that it
 * is idle when the owner tries again.  iscsi_server_continue_tasks() ends all
 * waits.  Neither is called from an event or a device.
 */
bool iscsi_server_stop_tasks(struct iscsi_server *server, int64_t wait_ns,
    size_t *unit);
void iscsi_server_continue_tasks(struct iscsi_server *server);

#endif
