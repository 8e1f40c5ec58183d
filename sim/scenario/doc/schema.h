/*
 * schema.h: what the files of the JSON Schema share.
 *
 * Private to this room.
 */
#ifndef SIM_SCENARIO_DOC_SCHEMA_H
#define SIM_SCENARIO_DOC_SCHEMA_H

#include <jansson.h>

/* Regular expressions. */
#define NUMBER     "[0-9]+(\\.[0-9]+)?"
#define SIZE_UNITS "(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)"
#define TIME_UNITS "(ns|us|ms|s|min|h)"

/*
 * Returns the schemas of the comparisons that an expectation may be, one for
 * each metric and fact.  The caller owns them.
 */
json_t *schema_comparisons(void);

#endif
