/*
 * impl.h: what the files of "tapelab serve" share.
 *
 *     arguments.c   the command line
 *     listen.c      who may attach, and where
 *     log.c         what initiators do, as lines for a person
 *     ready.c       how to attach the library, for persons and for programs
 *     initiator.c   what this host lacks to attach a library
 *     serve.c       serves the library until a signal arrives
 */
#ifndef SIM_SERVE_IMPL_H
#define SIM_SERVE_IMPL_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/base/file_lock.h"
#include "vtl/iscsi/access.h"
#include "vtl/iscsi/portal.h"
#include "vtl/iscsi/target/server.h"
#include "vtl/serve/serve.h"

enum { SUFFIX_BYTES = 32 };

struct arguments {
	const char *folder;
	const char *listen, *advertise, *name, *chap;
	char **allow; /* owned; the texts are not */
	size_t allow_count;
	bool allow_anyone, no_login_attention, strict, no_sync;
	bool check_initiator;
	uint32_t pace_permille; /* 0: drives take no time */
	const char *ready, *trace;
};

/* arguments.c */

extern const struct argp serve_argp;

/* listen.c */

/* Where the server listens, and for whom. */
struct place {
	struct iscsi_portal listen, advertise;
	char name[ISCSI_NAME_BYTES];
	struct iscsi_access *access;
};

/* Reads the place from the arguments.  Returns an exit status. */
int serve_find_place(const struct arguments *a, struct place *place);
void serve_free_place(struct place *place);

/*
 * Checks that the library, which has `luns` logical units, has those that an
 * initiator is allowed.  Returns an exit status.
 */
int serve_check_allowed(const struct place *place, size_t luns);

/* log.c */

/* Handles an event of the server; `arg` is a struct serve. */
void serve_log_event(void *arg, const struct iscsi_event *event);

/* Prints a warning of the served library. */
void serve_log_warning(void *arg, const char *message);

/* ready.c */

/* The library that is served, and where. */
struct attachment {
	const struct serve *serve;
	const char *folder;
	const char *name;           /* of the target with all devices */
	struct iscsi_portal portal; /* at which initiators reach it */
	bool needs_chap;
};

/* Prints how to attach the library. */
void serve_print_attachment(const struct attachment *a);

/*
 * Removes the file of --ready of a server that was killed, which would tell
 * others to attach too early.  That of a server that runs stays.  Returns an exit
 * status: CMD_USAGE, after a message, if --ready must not write there, such as to a
 * file that no server has written.
 */
int serve_remove_old_ready(const char *path);

/*
 * Writes the file of --ready: a complete one, or into a FIFO or device that is
 * there.  *held is for serve_end_ready().  Returns an exit status.
 */
int serve_write_ready(const char *path, const struct attachment *a,
    struct file_lock **held);

/*
 * Removes the file that serve_write_ready() has written, unless another server
 * has put its own there.  NULL is allowed.
 */
void serve_end_ready(const char *path, struct file_lock *held);

/* Writes the suffix of the target of drive N: "driveN". */
void serve_target_suffix(size_t drive, char suffix[SUFFIX_BYTES]);

/* initiator.c */

/* Prints what this host lacks.  Returns an exit status. */
int serve_check_initiator(void);

#endif
