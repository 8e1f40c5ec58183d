/*
 * attribute_fixture.h: READ ATTRIBUTE and WRITE ATTRIBUTE for tests, on the
 * device of ssc_fixture.h.
 */
#ifndef VTL_SSC_ATTRIBUTE_FIXTURE_H
#define VTL_SSC_ATTRIBUTE_FIXTURE_H

#include "vtl/scsi/ssc/tests/ssc_fixture.h"

enum { ATTRIBUTE_ALL = 60000 }; /* an allocation length for all attributes */

/* Reads the attributes of a partition, from an identifier upwards. */
void attribute_read(struct ssc_fixture *on, unsigned partition, unsigned id,
    uint32_t allocation);

/*
 * Returns the value of an attribute, in `on->in`; NULL if the medium does not
 * have it.  Checks that it has the format and length.
 */
const uint8_t *attribute_value(struct ssc_fixture *on, unsigned partition,
    unsigned id, uint8_t format, uint16_t bytes);

/* Returns the value of a number, which the medium must have. */
uint64_t attribute_number(struct ssc_fixture *on, unsigned partition,
    unsigned id);

/* Writes the attributes, which are given in hexadecimal without the length. */
void attribute_write(struct ssc_fixture *on, unsigned partition,
    const char *hex);

/* Formats the medium into two partitions. */
void ssc_format_two(struct ssc_fixture *on);

#endif
