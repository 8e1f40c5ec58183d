/*
 * model.h: drive models, which are data.
 *
 * A model is a plain value: it can be copied, and owns nothing.  The models of
 * this program are profiles (profile.h) that are compiled in.
 *
 * Invariants of a model that model_find() returns, other than "instant":
 *  1. There is at least one medium; the first is that of the drive's own
 *     generation.  Each has at least one speed, and they rise.
 *  2. Sizes and the number of wraps are above 0; no time is negative.
 *  3. 1 <= restart_permille <= 1000.
 *
 * "instant" has one medium without speeds: transfers and moves take no time.
 */
#ifndef VTL_MODEL_MODEL_H
#define VTL_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vtl/base/media.h"

enum {
	MODEL_NAME_BYTES = 32,
	MODEL_TITLE_BYTES = 80,
	MODEL_MEDIUM_BYTES = 8,
	MODEL_SPEEDS_MAX = 24,
	MODEL_MEDIA_MAX = 4
};

/* The speed with which a medium starts, for a given feed. */
enum model_rule {
	MODEL_BEST,  /* receives the most data; the slowest of equals */
	MODEL_BELOW, /* the highest that is not above the feed */
	MODEL_ABOVE, /* the lowest that is not below the feed */
	MODEL_TOP    /* the highest */
};

/*
 * How a drive handles one type of medium.
 *
 * The tape is `wraps` wraps, one after another, alternately towards its end and
 * back.  A wrap has capacity_bytes / wraps bytes, whatever the capacity of a
 * volume: a short volume is a volume of few wraps.
 */
struct model_medium {
	char medium[MODEL_MEDIUM_BYTES]; /* as in media.h; "none": any */
	uint64_t capacity_bytes;
	/* What the medium takes at each of its speeds, uncompressed. */
	uint64_t speeds_bytes_per_s[MODEL_SPEEDS_MAX];
	size_t speeds;
	uint32_t wraps, bands;
	uint32_t length_mm;
	uint64_t early_warning_bytes; /* before the end */
	int64_t rewind_ns;            /* from the far end of the tape */

	/* A locate: see place.h. */
	int64_t locate_length_ns; /* along the whole length */
	int64_t locate_start_ns;  /* any move */
	int64_t locate_wrap_ns;   /* to another wrap */
	int64_t locate_band_ns;   /* to another band */
	int64_t locate_turn_ns;   /* to a wrap of the other direction */

	/*
	 * How much longer the first load of a new cartridge takes: see
	 * model_first_load_ns().  0: no longer.
	 */
	int64_t first_load_mean_ns, first_load_most_ns, first_load_max_ns;
};

struct model {
	char name[MODEL_NAME_BYTES];   /* "lto5-ibm" */
	char title[MODEL_TITLE_BYTES]; /* for people: "IBM Ultrium 5" */
	char maker[MODEL_NAME_BYTES];
	/*
	 * The text of the user's own profile that this is, which outlives the
	 * model; NULL: it is compiled in.
	 */
	const char *profile;
	uint8_t density; /* of the first medium, 0: no code */
	uint64_t block_max_bytes;

	/* The host's side: a block takes command_ns, and its time on the bus. */
	int64_t command_ns;
	uint64_t bus_bytes_per_s; /* 0: the bus takes no time */

	uint64_t buffer_bytes;
	uint32_t restart_permille; /* of the buffer: a medium starts */
	int64_t write_delay_ns;    /* a block waits so long at most; 0: ever */

	/* The motion of the medium: see motion.h. */
	enum model_rule rule;
	int64_t hitch_ns;        /* a backhitch at the highest speed */
	uint32_t hitch_permille; /* of that, at a speed near 0 */
	int64_t turn_ns;         /* at the end of a wrap */
	int64_t window_ns;       /* 0: the speed is never forced */
	uint32_t forced_permille;
	bool sync_without_hitch; /* a flush does not stop the medium */

	int64_t load_ns, unload_ns; /* without rewind */
	/*
	 * The rewind of an unload by what was read and written since the load:
	 * less than 5 GB, less than 50 GB, more.  0: it is a rewind like any
	 * other.
	 */
	int64_t unload_rewind_ns[3];

	uint32_t ratio_permille; /* compression of usual data */
	uint32_t
	    ratio_max_permille; /* most that the compressor passes; 0: any */

	size_t media_count; /* those that it writes */
	struct model_medium media[MODEL_MEDIA_MAX];
	size_t reads_count; /* those that it only reads */
	char reads[MODEL_MEDIA_MAX][MODEL_MEDIUM_BYTES];
};

/*
 * Finds a model by a name as people write it: "LTO-8", "IBM Ultrium 8", "LTO8
 * HH", "ULT3580-TD8" (spelling.h).  Where makers differ, a name without a maker
 * is IBM's.  The model stays until the program ends.  Returns NULL if there is
 * no such model.  Any thread may call this at any time.
 */
const struct model *model_find(const char *text);

/*
 * Returns the name of the other maker's model, if makers differ and the text
 * names none: "lto5-hp" for "LTO-5".  Otherwise NULL.
 */
const char *model_of_other_maker(const char *text);

/* Returns the names of all models.  NULL ends the list. */
const char *const *model_names(void);

/*
 * Returns how the model handles media of this type.  A type without an entry of
 * its own (a write-once medium) has that of the medium with its density, and
 * any other, or NULL, the first.
 */
const struct model_medium *model_medium(const struct model *model,
    const struct media_type *type);

/* Returns the bytes of a wrap; 0: the medium is one endless wrap. */
uint64_t model_wrap_bytes(const struct model_medium *medium);

/*
 * Returns how much longer the first load of a new cartridge takes, drawn by
 * `random`, any number: with 19 of 20, up to first_load_most_ns, otherwise from
 * there to first_load_max_ns, and the mean is first_load_mean_ns.
 */
int64_t model_first_load_ns(const struct model_medium *medium, uint64_t random);

/* Returns the least of these times. */
int64_t model_first_load_least_ns(const struct model_medium *medium);

/*
 * Returns the usual distance of the early warning from the end of a volume of
 * this type: that of the model (25 MiB if it has none), and at most a tenth of
 * the capacity.
 */
uint64_t model_early_warning_bytes(const struct model *model,
    const struct media_type *type, uint64_t capacity_bytes);

/*
 * Returns whether the model takes any medium, because its own has no type in
 * media.h, whatever the barcode says.
 */
bool model_takes_all(const struct model *model);

/* Returns what the model can do with a medium; NULL: of unknown type. */
enum media_use model_use(const struct model *model,
    const struct media_type *type);

/*
 * Returns the type of new cartridges for these drives: the newest own medium of
 * one of them that all of them write; else the newest that all write; else that
 * of the first LTO drive.  NULL: no drive is an LTO drive.
 */
const struct media_type *model_common_medium(const struct model *const *models,
    size_t count);

#endif
