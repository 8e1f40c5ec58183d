/*
 * facts.h: what is known of a drive, its medium and its host adapter.
 *
 * Texts that are not known are "", numbers have a flag or are 0.
 */
#ifndef SPLITTER_SCSI_FACTS_H
#define SPLITTER_SCSI_FACTS_H

#include "splitter/scsi/facts/counters.h"
#include "splitter/scsi/node/names.h"
#include "splitter/scsi/facts/settings.h"
#include "splitter/tape/condition.h"

/* Programs that pretend to be a drive. */
enum scsi_virtual {
	SCSI_NOT_VIRTUAL,
	SCSI_VIRTUAL_TAPELAB,
	SCSI_VIRTUAL_SCSI_DEBUG,
	SCSI_VIRTUAL_MHVTL,
	SCSI_VIRTUAL_TGT,
	SCSI_VIRTUAL_QUADSTOR,
	SCSI_VIRTUAL_THUR
};

/* What the medium auxiliary memory says of the cartridge. */
struct scsi_mam {
	bool valid;           /* it could be read */
	char manufacturer[9]; /* 0400 */
	char serial[33];      /* 0401 */
	uint32_t length_m;    /* 0402 */
	uint8_t density;      /* 0405; 0: unknown */
	char made_on[17];     /* 0406: YYYYMMDD */
	bool has_type;
	uint8_t type;         /* 0408: 00 data, 01 cleaning, 80 WORM */
	char barcode[33];     /* 0806 */
	char application[33]; /* 0801 */
	bool has_capacity;
	uint64_t capacity_mib;  /* 0001, of partition 0 */
	uint64_t remaining_mib; /* 0000 */
	bool has_loads;
	uint64_t loads; /* 0003 */
	bool has_life;
	uint64_t written_life_mib, read_life_mib; /* 0220, 0221 */
	bool has_change;
	/* volume change reference, 0009: grows when the contents change */
	uint32_t change_reference;
};

struct scsi_medium {
	enum scsi_readiness readiness;
	bool loaded; /* the rest is known */
	bool write_protected;
	bool worm;
	uint8_t type;        /* medium type of MODE SENSE */
	uint8_t density;     /* of MODE SENSE */
	char generation[16]; /* "LTO-8", "LTO-7 M8", "3592", or "" */
	struct scsi_mam mam;
};

struct scsi_facts {
	struct scsi_inquiry inquiry;
	char serial[SCSI_SERIAL_BYTES];
	struct scsi_identification identification;
	enum scsi_virtual virtual_by;
	enum tape_maker maker;
	unsigned generation; /* of LTO; 0: unknown or not LTO */
	bool worm_capable;   /* page B0h */
	struct scsi_block_limits_data blocks;
	/* the longest block: the smaller limit of drive and adapter */
	uint32_t largest_block_bytes;
	struct scsi_settings settings; /* as found */
	bool has_encryption;
	bool encrypts; /* by SECURITY PROTOCOL IN, data encryption status */
	struct scsi_names names; /* nodes, driver, link speed, st options */
	char kernel[65];         /* release of the kernel */
	struct scsi_medium medium;
};

/*
 * Reads all facts: commands that neither move nor change anything.
 * `largest_bytes` is the limit of the port.  `names` may be NULL.  Returns
 * false with a sentence in `err` if the device does not answer INQUIRY, or is
 * no tape drive.  The time-outs of the unit are set.
 */
bool scsi_facts_read(struct scsi_unit *unit, const struct scsi_names *names,
    uint32_t largest_bytes, struct scsi_facts *facts, char *err,
    size_t err_bytes);

/* Reads the facts of the medium again, such as after a load. */
void scsi_medium_read(struct scsi_unit *unit, struct scsi_medium *medium);

/* Returns whether page 1Dh, medium configuration, says write-once. */
bool scsi_medium_is_worm(struct scsi_unit *unit);

/* Reads the medium auxiliary memory alone. */
void scsi_mam_read(struct scsi_unit *unit, struct scsi_mam *mam);

/* Takes an attribute of the first partition. */
void scsi_mam_take(struct scsi_mam *mam,
    const struct scsi_attribute *attribute);

/*
 * Reads the log pages and the medium auxiliary memory for tape_ops.condition.
 * Members that the drive does not report stay as they are.
 */
void scsi_get_condition(struct scsi_unit *unit,
    struct tape_condition *condition);

/* Returns "LTO-8" and the like; "": no known density code. */
const char *scsi_generation_name(uint8_t density);

/*
 * The generation of an LTO drive by its product: "ULT3580-TD8", "ULTRIUM-HH9",
 * "Ultrium 8-SCSI", "LTO-9 HH", "ULTRIUM-TDA".  0: not LTO, or unknown.
 */
unsigned scsi_product_generation(const char *product);

/*
 * Asks for what the drive reports of its cartridge; see tape_ops.identity.
 * Members that it does not report stay as they are, as does blank_proof.
 */
void scsi_identify(struct scsi_unit *unit, struct tape_identity *identity);

/* Returns "tapelab", "mhvtl", ...; NULL for SCSI_NOT_VIRTUAL. */
const char *scsi_virtual_name(enum scsi_virtual virtual_by);

/*
 * Calls `take` with each log page of the drive, as received, with its header.
 * Page 2Eh is left out: reading it clears the flags.  Returns how many.
 */
size_t scsi_raw_log_pages(struct scsi_unit *unit,
    void (*take)(void *arg, struct scsi_log_id id, const uint8_t *data,
	size_t bytes),
    void *arg);

/*
 * Calls `take` with each attribute of the medium auxiliary memory of a
 * partition.  Returns how many.
 */
size_t scsi_raw_attributes(struct scsi_unit *unit, uint8_t partition,
    void (*take)(void *arg, const struct scsi_attribute *attribute), void *arg);

#endif
