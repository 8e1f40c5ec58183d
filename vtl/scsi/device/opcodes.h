/* opcodes.h: REPORT SUPPORTED OPERATION CODES (SPC-4), from the rows. */
#ifndef VTL_DEVICE_OPCODES_H
#define VTL_DEVICE_OPCODES_H

#include "vtl/scsi/device/row.h"

void device_report_opcodes(struct device_call *call);

#endif
