/*
 * read_capacity_preload.c: lets iscsi-test-cu of libiscsi test a tape drive.
 *
 * The program begins with READ CAPACITY(10), which a tape drive does not have,
 * and ends if that fails.  With this library in LD_PRELOAD the command is
 * answered here: 1024 blocks of 512 bytes.  All others go to the drive.
 */
#include <dlfcn.h>
#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>
#include <stdlib.h>
#include <string.h>

enum { READ_CAPACITY_10 = 0x25 };

struct scsi_task *iscsi_scsi_command_sync(struct iscsi_context *iscsi, int lun,
    struct scsi_task *task, struct iscsi_data *data)
{
	static const unsigned char answer[8] = { 0, 0, 3, 0xff, 0, 0, 2, 0 };
	struct scsi_task *(*next)(struct iscsi_context *, int,
	    struct scsi_task *, struct iscsi_data *);

	if (task->cdb[0] != READ_CAPACITY_10) {
		*(void **)&next = dlsym(RTLD_NEXT, "iscsi_scsi_command_sync");
		return next == NULL ? NULL : next(iscsi, lun, task, data);
	}
	/* scsi_free_scsi_task() frees the data. */
	task->datain.data = malloc(sizeof answer);
	if (task->datain.data == NULL)
		return NULL;
	memcpy(task->datain.data, answer, sizeof answer);
	task->datain.size = sizeof answer;
	task->status = SCSI_STATUS_GOOD;
	return task;
}
