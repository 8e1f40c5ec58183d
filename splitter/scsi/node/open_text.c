/* open_text.c: why a node cannot be opened, in the same words everywhere. */
#include <errno.h>
#include <string.h>

#include "splitter/scsi/node/names.h"

static const char *no_permission(enum scsi_node_kind kind)
{
	return kind == SCSI_NODE_ST
	    ? "Permission denied: root and the group of the node, which is "
	      "usually tape, may open it"
	    : "Permission denied: this udev rule lets the group tape open "
	      "it: " SCSI_NODE_UDEV_RULE;
}

const char *scsi_open_text(enum scsi_node_kind kind, int error)
{
	switch (error) {
	case EBUSY:
		return "another program has it open: wait until it ends, or "
		       "end it";
	case EACCES:
	case EPERM:
		return no_permission(kind);
	case ENOENT:
		return "No such file or directory: name a drive such as "
		       "/dev/nst0 or /dev/sg3";
	case ENXIO:
	case ENODEV:
		return "No such device: has the driver found the drive?";
	default:
		return strerror(error);
	}
}
