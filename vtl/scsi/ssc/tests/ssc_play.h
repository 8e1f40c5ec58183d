/*
 * ssc_play.h: the commands of scsi_play.h as bytes.  The sense data is decoded
 * from descriptors, and the fixed format must say the same.
 */
#ifndef VTL_SSC_PLAY_H
#define VTL_SSC_PLAY_H

#include "vtl/scsi/tests/scsi_play.h"

extern const struct play_way ssc_play;

#endif
