/*
 * model.h: drive models, which are data.
 *
 * A model has one rate and fixed times: what is needed to know when an
 * operation is complete.  Each row says where its figures come from.
 */
#ifndef VTL_MODEL_H
#define VTL_MODEL_H

#include <stdint.h>

struct model {
	const char *name;
	uint64_t rate_bytes_per_s; /* 0: transfers take no time */
	uint64_t block_max_bytes;
	int64_t load_ns;
	int64_t unload_ns;
	int64_t rewind_ns;
	int64_t filemark_ns;   /* time of a synchronised filemark */
	uint64_t buffer_bytes; /* size of the drive's buffer */
	uint8_t density;       /* density code, 0: none */
};

/*
 * Finds a model by a name as people write it: "LTO-8", "IBM Ultrium 8", "LTO8
 * HH", "ULT3580-TD8" (spelling.h).  Returns NULL if there is no such model.
 */
const struct model *model_find(const char *text);

/* Returns all names.  NULL ends the list. */
const char *const *model_names(void);

#endif
