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
	int64_t filemark_ns;   /* synchronised */
	uint64_t buffer_bytes; /* of the drive */
	uint8_t density;       /* density code, 0: none */
};

/*
 * The model of that name, as people write it: "LTO-8", "IBM Ultrium 8", "LTO8
 * HH", "ULT3580-TD8" (spelling.h).  NULL if there is none.
 */
const struct model *model_find(const char *text);

/* All names, ended by NULL. */
const char *const *model_names(void);

#endif
