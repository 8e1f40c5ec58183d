/* counters_impl.h: the table of names (counter_names.c). */
#ifndef SPLITTER_SCSI_COUNTERS_IMPL_H
#define SPLITTER_SCSI_COUNTERS_IMPL_H

#include "splitter/scsi/facts/counters.h"

struct counter_name {
	uint8_t page;
	uint16_t code;
	enum scsi_maker maker; /* OTHER: all that have no row of their own */
	enum scsi_counter_unit unit;
	bool grows;
	const char *name;
};

/* Returns the row of a parameter, or NULL. */
const struct counter_name *counter_name(enum scsi_maker maker, uint8_t page,
    uint16_t code);

#endif
