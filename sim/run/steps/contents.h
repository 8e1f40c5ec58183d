/* contents.h: exchanges what two cartridges hold. */
#ifndef SIM_STEPS_CONTENTS_H
#define SIM_STEPS_CONTENTS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Exchanges the objects on two volumes of one partition each: as if the
 * barcodes of the cartridges were exchanged.  Capacities and defects stay.
 * Returns 0, or -1 with a message.
 */
int contents_exchange(const char *first, const char *second, bool durable,
    char *err, size_t err_bytes);

#endif
