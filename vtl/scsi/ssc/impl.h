/*
 * impl.h: the rows of a drive.  Each file of rows has only functions of its
 * own; ssc.c collects them.
 *
 *     transfer.c   READ, WRITE, VERIFY, READ BLOCK LIMITS
 *     position.c   SPACE, LOCATE, REWIND, READ POSITION
 *     medium.c     TEST UNIT READY, LOAD UNLOAD, PREVENT ALLOW MEDIUM REMOVAL,
 *                  WRITE FILEMARKS, ERASE
 *     format.c     FORMAT MEDIUM, SET CAPACITY, ALLOW OVERWRITE
 *     attribute.c  READ ATTRIBUTE, WRITE ATTRIBUTE
 *     ssc.c        the type of the device
 */
#ifndef VTL_SSC_IMPL_H
#define VTL_SSC_IMPL_H

#include "vtl/scsi/device/row.h"

extern const struct device_rows ssc_transfer_rows;
extern const struct device_rows ssc_position_rows;
extern const struct device_rows ssc_medium_rows;
extern const struct device_rows ssc_format_rows;
extern const struct device_rows ssc_attribute_rows;

enum { SSC_KEEP_MAX_BYTES = 1 << 20 }; /* see ssc.h, invariant 2 */

/* Recommended time-outs, in seconds, as those of an LTO-9 drive. */
enum {
	SSC_ERASE_S = 74400,
	SSC_FORMAT_S = 3000,
	SSC_LOAD_S = 14000, /* the first load of a new cartridge */
	SSC_LOCATE_S = 2940,
	SSC_READ_S = 2340,
	SSC_REWIND_S = 600,
	SSC_WRITE_S = 1500,
	SSC_FILEMARKS_S = 1620
};

#endif
