/* device_choice.c: see device_choice.h. */
#include "splitter/api/device_choice.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "splitter/base/sentence.h"

static int refuse(char *err, size_t err_bytes, const char *device,
    const char *why)
{
	sentence(err, err_bytes, "%s: %s", device, why);
	return -1;
}

/* Why the sg node cannot be used; "": it can. */
static void find_obstacle(const struct scsi_names *names, char *why,
    size_t why_bytes)
{
	why[0] = '\0';
	if (names->sg[0] == '\0')
		snprintf(why, why_bytes, SCSI_NO_SG_NODE);
	else if (access(names->sg, R_OK | W_OK) != 0)
		snprintf(why, why_bytes, "%s: %s", names->sg,
		    scsi_open_text(SCSI_NODE_SG, errno));
}

/*
 * Whether SCSI commands go through the node of the tape driver, which needs
 * CAP_SYS_RAWIO: then memory and counters are read by them.
 */
static bool may_send_commands(void)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	return syscall(SYS_capget, &header, data) == 0 &&
	    (data[0].effective & 1u << CAP_SYS_RAWIO) != 0;
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
	sentence(c->why, sizeof c->why,
	    "%s: the tape driver, without reservation%s: %s", device,
	    may_send_commands() ? ""
				: ", cartridge memory (MAM) and error counters",
	    obstacle[0] != '\0'
		? obstacle
		: "it was chosen, and SCSI commands would be possible");
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
	int found;

	memset(c, 0, sizeof *c);
	found = scsi_find_drive(device, system, &c->names, err, err_bytes);
	if (found == -1 || (found != 0 && wanted == SPLITTER_BACKEND_SG))
		return -1;
	c->has_names = found == 0;
	if (!c->has_names) {
		choose_st(device, "", c);
		return 0;
	}
	find_obstacle(&c->names, obstacle, sizeof obstacle);
	if (wanted != SPLITTER_BACKEND_ST && obstacle[0] == '\0') {
		choose_sg(device, c);
		return 0;
	}
	if (wanted == SPLITTER_BACKEND_SG)
		return refuse(err, err_bytes, device, obstacle);
	if (c->names.st[0] == '\0')
		return refuse(err, err_bytes, device, SCSI_NO_ST_NODE);
	choose_st(device, obstacle, c);
	return 0;
}
