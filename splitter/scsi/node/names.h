/*
 * names.h: the nodes of one device: st, sg, and names in /dev/tape/by-id.
 *
 * Linux numbers nodes in the order in which it finds devices, so a number may
 * belong to another drive after the next start.  A person may name any node of
 * a drive; it is translated here once, at the start, through sysfs.
 */
#ifndef SPLITTER_SCSI_NAMES_H
#define SPLITTER_SCSI_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SCSI_PATH_BYTES = 256 };

/* The system that is asked.  All zeros: the one on which the program runs. */
struct scsi_system {
	/* folder before /sys, /dev and /proc; NULL or "": none */
	const char *root;
	/*
	 * Returns 0 and the number of a character device, or an errno: ENOTTY
	 * for another kind of file.  NULL: stat().
	 */
	int (*device_number)(void *arg, const char *path, unsigned *major,
	    unsigned *minor);
	void *arg;
};

/*
 * Used where a function gets NULL: all zeros.  A test program may define it
 * instead.
 */
extern const struct scsi_system scsi_system_running;

enum scsi_node_kind { SCSI_NODE_ST, SCSI_NODE_SG, SCSI_NODE_CHANGER };

/* Lets the group `tape` open the sg nodes of drives and changers. */
#define SCSI_NODE_UDEV_RULE                                                   \
	"SUBSYSTEM==\"scsi_generic\", ATTRS{type}==\"1|8\", GROUP=\"tape\", " \
	"MODE=\"0660\""

/* Paths and texts that are not known are "". */
struct scsi_names {
	enum scsi_node_kind given; /* what kind of node the person named */
	bool given_rewinds;        /* a node that rewinds when it is closed */
	char st[SCSI_PATH_BYTES];  /* "/dev/nst0": does not rewind */
	char sg[SCSI_PATH_BYTES];  /* "/dev/sg3" */
	char changer[SCSI_PATH_BYTES]; /* "/dev/sch0" */
	char by_id[SCSI_PATH_BYTES];   /* "/dev/tape/by-id/...-nst" */
	char address[32];              /* "2:0:0:1": host, channel, id, LUN */
	char folder[SCSI_PATH_BYTES];  /* of the device in sysfs */
	/* the host adapter */
	char driver[32];     /* "mpt3sas" */
	char link_speed[32]; /* "12.0 Gbit", as sysfs has it */
	char st_options[16]; /* of the st driver: "0x501" */
};

/*
 * Finds the nodes of the device whose node is `path`: st, sg, sch, or a link to
 * one.  Returns 0; -1 with a sentence in `err`: no such file, not a tape drive
 * or changer, no permission.
 */
int scsi_find_names(const char *path, const struct scsi_system *system,
    struct scsi_names *names, char *err, size_t err_bytes);

/* For messages: a driver has no node for the device. */
#define SCSI_NO_SG_NODE \
	"the sg driver has no node for the device: load it with modprobe sg"
#define SCSI_NO_ST_NODE \
	"the tape driver has no node for the device: load it with modprobe st"

/* What scsi_find_drive() returns for a node that only the st driver knows. */
enum { SCSI_DRIVE_ST_ONLY = 1 };

/*
 * As scsi_find_names(), for a command that uses a tape drive: a changer is
 * refused, and a node that rewinds the tape when it is closed, with the name to
 * use instead.  Each command finds its drive by this function, so all of them
 * take the same names.  Returns 0; -1 with a sentence in `err`;
 * SCSI_DRIVE_ST_ONLY if `path` is a node of the st driver, which may be used,
 * but /sys does not have it: then nothing else is known, and `err` says so.
 */
int scsi_find_drive(const char *path, const struct scsi_system *system,
    struct scsi_names *names, char *err, size_t err_bytes);

/*
 * As scsi_find_names(), for a command that uses a changer: a tape drive is
 * refused.  Returns 0, or -1 with a sentence in `err`.
 */
int scsi_find_changer(const char *path, const struct scsi_system *system,
    struct scsi_names *names, char *err, size_t err_bytes);

/*
 * Returns why a node cannot be opened, from the errno of open(), and what to
 * do: EBUSY, no permission (for sg nodes the udev rule), no device.
 */
const char *scsi_open_text(enum scsi_node_kind kind, int error);

/*
 * Lists the programs that have a node of the device open, as far as this
 * process may see them: "bacula-sd (process 812)".  This process is left out.
 * Returns how many; the text is "" for 0.
 */
unsigned scsi_find_users(const struct scsi_names *names,
    const struct scsi_system *system, char *text, size_t text_bytes);

/* A command that the sg driver has sent, and that has no answer yet. */
struct scsi_pending {
	uint8_t opcode;
	int64_t age_ns;
};

/*
 * Finds the oldest of the commands that the device has not answered, as the sg
 * driver lists them; also those whose program was killed.  Commands of the st
 * driver and of other hosts are not in the list.  Returns false if there is no
 * such command, or if the list cannot be read.
 */
bool scsi_find_pending(const struct scsi_names *names,
    const struct scsi_system *system, struct scsi_pending *pending);

/*
 * Adds them to a sentence: "; the drive is in use by bacula-sd (process 812)".
 * Adds nothing if none is found.
 */
void scsi_add_users(const struct scsi_names *names,
    const struct scsi_system *system, char *text, size_t text_bytes);

#endif
