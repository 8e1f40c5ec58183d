/* device_choice.c: see device_choice.h. */
#include "splitter/api/device_choice.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "splitter/base/sentence.h"
#include "splitter/scsi/node/node.h"

static int refuse(char *err, size_t err_bytes, const char *device,
    const char *why)
{
	sentence(err, err_bytes, "%s: %s", device, why);
	return -1;
}

static int check_kind(const char *device, const struct scsi_names *names,
    char *err, size_t err_bytes)
{
	char why[2 * SCSI_PATH_BYTES];

	if (names->given == SCSI_NODE_CHANGER ||
	    (names->st[0] == '\0' && names->changer[0] != '\0'))
		return refuse(err, err_bytes, device,
		    "this is a changer, not a tape drive: name the drive with "
		    "--device and the changer with --changer");
	if (!names->given_rewinds)
		return 0;
	snprintf(why, sizeof why,
	    "this node rewinds the tape when it is closed: use %s",
	    names->st[0] != '\0' ? names->st
				 : "the one whose name begins "
				   "with nst");
	return refuse(err, err_bytes, device, why);
}

/* Why the sg node cannot be used; "": it can. */
static void find_obstacle(const struct scsi_names *names, char *why,
    size_t why_bytes)
{
	why[0] = '\0';
	if (names->sg[0] == '\0')
		snprintf(why, why_bytes,
		    "the drive has no sg node: load the driver with modprobe "
		    "sg");
	else if (access(names->sg, R_OK | W_OK) != 0)
		snprintf(why, why_bytes, "%s: %s%s", names->sg, strerror(errno),
		    errno == EACCES
			? "; this udev rule gives the group tape access: " SCSI_NODE_UDEV_RULE
			: "");
}

static void choose_st(const char *device, const char *obstacle,
    struct device_choice *c)
{
	c->backend = SPLITTER_BACKEND_ST;
	snprintf(c->st, sizeof c->st, "%s",
	    c->has_names && c->names.given == SCSI_NODE_SG ? c->names.st
							   : device);
	if (!c->has_names)
		return;
	if (obstacle[0] != '\0')
		sentence(c->why, sizeof c->why,
		    "%s: the tape driver, without reservation, cartridge "
		    "memory (MAM) and error counters: %s",
		    device, obstacle);
	else
		sentence(c->why, sizeof c->why, "%s: the tape driver", device);
}

static void choose_sg(const char *device, struct device_choice *c)
{
	c->backend = SPLITTER_BACKEND_SG;
	sentence(c->why, sizeof c->why, "%s: SCSI commands, through %s", device,
	    c->names.sg);
}

int device_choose(const char *device, enum splitter_backend wanted,
    const struct scsi_system *system, struct device_choice *c, char *err,
    size_t err_bytes)
{
	char obstacle[DEVICE_WHY_BYTES - SCSI_PATH_BYTES / 2];

	memset(c, 0, sizeof *c);
	c->has_names =
	    scsi_find_names(device, system, &c->names, err, err_bytes) == 0;
	if (!c->has_names && wanted == SPLITTER_BACKEND_SG)
		return -1;
	if (!c->has_names) {
		/* The tape driver says what is wrong with the node. */
		choose_st(device, "", c);
		return 0;
	}
	if (check_kind(device, &c->names, err, err_bytes) != 0)
		return -1;
	find_obstacle(&c->names, obstacle, sizeof obstacle);
	if (wanted != SPLITTER_BACKEND_ST && obstacle[0] == '\0') {
		choose_sg(device, c);
		return 0;
	}
	if (wanted == SPLITTER_BACKEND_SG)
		return refuse(err, err_bytes, device, obstacle);
	if (c->names.st[0] == '\0')
		return refuse(err, err_bytes, device,
		    "the drive has no node of the tape driver: load it with "
		    "modprobe st");
	choose_st(device, wanted == SPLITTER_BACKEND_ST ? "" : obstacle, c);
	return 0;
}
