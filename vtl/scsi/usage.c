/* usage.c: how much hosts wrote to and read from the volume in a drive. */
#include <string.h>

#include "vtl/scsi/impl.h"

void scsi_get_usage(const struct scsi *unit, int partition,
    struct scsi_usage *usage)
{
	memset(usage, 0, sizeof *usage);
	if (drive_volume(unit->drive) == NULL)
		return;
	usage->loads = unit->wear.loads;
	volume_usage_get(&unit->usage, partition, &usage->bytes);
}
