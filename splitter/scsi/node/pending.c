/*
 * pending.c: commands that a device has not answered yet.
 *
 * The sg driver keeps a command of a killed process until the device answers.
 * /proc/scsi/sg/debug lists it (sg_proc_seq_show_debug in drivers/scsi/sg.c):
 *
 *      >>> device=sg3 2:0:0:1   em=0 sg_tablesize=256 excl=1 open_cnt=1
 *        FD(1): timeout=60000ms bufflen=32768 (res)sgat=1 low_dma=0
 *        cmd_q=0 f_packid=0 k_orphan=0 closed=0
 *          act: id=7 blen=0 t_o/elap=60000/1234ms sgat=0 op=0x01
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "splitter/scsi/node/names.h"

#define MS_NS INT64_C(1000000)

/* Returns whether the line begins the part of a device; `*ours`: of this one. */
static bool begins_device(const char *line, const char *node, bool *ours)
{
	char name[64];

	if (sscanf(line, " >>> device=%63s", name) != 1)
		return false;
	*ours = strcmp(name, node) == 0;
	return true;
}

static bool take_command(const char *line, struct scsi_pending *pending)
{
	const char *age = strstr(line, "t_o/elap=");
	const char *code = strstr(line, "op=0x");
	unsigned long long ms;
	unsigned opcode;

	if (strstr(line, "act: ") == NULL || age == NULL || code == NULL ||
	    sscanf(age, "t_o/elap=%*u/%llums", &ms) != 1 ||
	    sscanf(code, "op=0x%2x", &opcode) != 1 ||
	    ms > (unsigned long long)(INT64_MAX / MS_NS))
		return false;
	pending->opcode = (uint8_t)opcode;
	pending->age_ns = (int64_t)ms * MS_NS;
	return true;
}

bool scsi_find_pending(const struct scsi_names *names,
    const struct scsi_system *system, struct scsi_pending *pending)
{
	const char *slash = strrchr(names->sg, '/');
	const char *node = slash != NULL ? slash + 1 : names->sg;
	struct scsi_pending one;
	char path[PATH_MAX], line[512];
	bool ours = false, found = false;
	FILE *f;

	if (system == NULL)
		system = &scsi_system_running;
	snprintf(path, sizeof path, "%s/proc/scsi/sg/debug",
	    system->root != NULL ? system->root : "");
	f = fopen(path, "re");
	if (f == NULL)
		return false;
	while (fgets(line, sizeof line, f) != NULL) {
		if (begins_device(line, node, &ours) || !ours ||
		    !take_command(line, &one))
			continue;
		if (!found || one.age_ns > pending->age_ns)
			*pending = one;
		found = true;
	}
	fclose(f);
	return found;
}
