/* defect.h: prints the defects of a volume. */
#ifndef SIM_VTL_DEFECT_H
#define SIM_VTL_DEFECT_H

#include <jansson.h>

#include "vtl/volume/volume.h"

/* Returns all defects of the volume as a JSON array; NULL without memory. */
json_t *vtl_defects_json(const struct volume *volume);

/*
 * Returns the defect in JSON, with the keys and values of a fault of a scenario,
 * but sense data in numbers.  The caller frees it.  NULL without memory.
 */
char *vtl_defect_entry(const struct volume_defect *defect, const char *barcode);

/* Prints one line for each defect of the volume. */
void vtl_defects_print(const struct volume *volume);

#endif
