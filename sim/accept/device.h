/*
 * device.h: the drive that an acceptance run tests.
 *
 * A drive is a table of functions: a SCSI device (scsi.h), or in tests a drive
 * in memory.  The run knows nothing else of it.
 */
#ifndef SIM_ACCEPT_DEVICE_H
#define SIM_ACCEPT_DEVICE_H

#include "reports/acceptance.h"
#include "sim/accept/evidence.h"
#include "sim/accept/others.h"
#include "splitter/scsi/facts/counters.h"
#include "splitter/tape/tape.h"
#include "splitter/tool/tapes.h"
#include "vtl/model/model.h"

struct accept_device;

struct accept_device_ops {
	/*
	 * Sets vendor, product, firmware, serial and virtual_drive, and adds the
	 * facts of drive, host and medium.  Returns 0, or -1 with a sentence: the
	 * drive cannot be tested, and why.
	 */
	int (*facts)(struct accept_device *, struct acceptance *record,
	    char *err, size_t err_bytes);
	/*
	 * Looks at the cartridge that was loaded: sets `capacity_bytes`,
	 * `medium` and `other_generation`.  Adds its facts to `record`; NULL: it
	 * was loaded before.  May be NULL.
	 */
	void (*medium)(struct accept_device *, struct acceptance *record,
	    const char *name);
	/*
	 * Reads the counters.  Returns false if the drive has none.  Is called
	 * while a cartridge is loaded, before its unload.
	 */
	bool (*counters)(struct accept_device *, struct tape_counters *);
	/* Adds all log pages and medium attributes to the evidence. */
	void (*collect)(struct accept_device *, struct evidence *,
	    const char *when);
	/*
	 * Returns the volumes, of which only `names` are used; as
	 * story_device.open.
	 */
	struct tape_library *(*open)(struct accept_device *,
	    const struct tapes_use *use, char *err, size_t err_bytes);
	void (*close)(struct accept_device *, struct tape_library *tapes);
	/* Returns false with a message if that is impossible.  May be NULL. */
	bool (*set_compression)(struct accept_device *, bool on, char *err,
	    size_t err_bytes);
	/*
	 * Unloads the cartridge but holds it in the drive, and loads it again;
	 * the results have the times of these commands, after `now_ns`.  Returns
	 * false with a message, and does nothing, if the drive cannot hold it.
	 * May be NULL.
	 */
	bool (*reload)(struct accept_device *, int64_t now_ns,
	    struct tape_result *unloaded, struct tape_result *loaded, char *err,
	    size_t err_bytes);
	/*
	 * Stores what other programs and hosts did to the drive, or to its host
	 * adapter, since the last call.  May be NULL: not known.
	 */
	void (*others)(struct accept_device *, struct accept_others *);
	/* The evidence is closed after this call.  May be NULL. */
	void (*end)(struct accept_device *);
};

/* A program puts this struct first in its own struct for a drive. */
struct accept_device {
	const struct accept_device_ops *ops;
	const struct model *model; /* of the drive; NULL: not known */
	/*
	 * The slower model that the drive may be as well, because it does not say
	 * which of the two it is; NULL: it is `model`.
	 */
	const struct model *slower;
	uint64_t capacity_bytes; /* of the cartridge in it; 0: not known */
	/* The largest block that it and its adapter take; 0: not known. */
	uint32_t block_max_bytes;
	/* The type of the cartridge in it; NULL: not known. */
	const struct media_type *medium;
	/* "LTO-7 in an LTO-8 drive"; "": both are of one generation. */
	char other_generation[64];
	/* What the link to the drive delivers; 0: not known. */
	double link_bytes_per_s;
	/* The cartridge in it when the run begins was loaded before. */
	bool was_loaded;
};

#endif
