/*
 * model.h: drive models, which are data.
 *
 * A row a drive: what the model needs to say when an operation is complete.
 * The first model has one speed and fixed times; a row says where its figures
 * come from.
 */
#ifndef VTL_MODEL_H
#define VTL_MODEL_H

#include <stdint.h>

struct model {
	const char *name;
	uint64_t rate_bytes_per_s; /* 0: takes no time */
	uint64_t block_max_bytes;
	int64_t load_ns;
	int64_t unload_ns;
	int64_t rewind_ns;
	int64_t filemark_ns;   /* synchronised */
	uint64_t buffer_bytes; /* of the drive */
	uint8_t density;       /* density code, 0: none */
};

/*
 * The model that a person means, or NULL.  Its name is taken as people write
 * it: "LTO-8", "IBM Ultrium 8", "LTO8 HH", "ULT3580-TD8" (spelling.h).
 */
const struct model *model_find(const char *text);

/* All names, ended by NULL. */
const char *const *model_names(void);

#endif
