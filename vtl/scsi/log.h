/*
 * log.h: the log pages of a drive (SPC-4, SSC-4), with typed values.
 *
 * Counters count since the unit was made, or from where LOG SELECT has set them.
 * Those of page
 * 17h belong to the volume; its errors count since its load.
 */
#ifndef VTL_SCSI_LOG_H
#define VTL_SCSI_LOG_H

#include "vtl/scsi/scsi.h"

enum {
	SCSI_LOG_SUPPORTED = 0x00,
	SCSI_LOG_WRITE_ERRORS = 0x02,
	SCSI_LOG_READ_ERRORS = 0x03,
	SCSI_LOG_NON_MEDIUM = 0x06,
	SCSI_LOG_DEVICE = 0x0c,
	SCSI_LOG_STATUS = 0x11,
	SCSI_LOG_TAPEALERT_RESPONSE = 0x12,
	SCSI_LOG_STATISTICS = 0x14,
	SCSI_LOG_VOLUME = 0x17,
	SCSI_LOG_COMPRESSION = 0x1b,
	SCSI_LOG_TAPEALERT = 0x2e,
	SCSI_LOG_USAGE = 0x30,
	SCSI_LOG_CAPACITY = 0x31,
	SCSI_LOG_OLD_COMPRESSION = 0x32, /* of LTO-5 drives */
	SCSI_LOG_PERFORMANCE = 0x37,
	SCSI_LOG_PARAMETERS = 64,
	SCSI_LOG_TEXT_BYTES = 32
};

enum scsi_log_kind {
	SCSI_LOG_COUNTER, /* LOG SELECT may reset it */
	SCSI_LOG_BINARY,
	SCSI_LOG_FLAGS, /* bit N - 1: flag N, which is bit N of the parameter */
	SCSI_LOG_ASCII,
	SCSI_LOG_PARTITIONS /* a value of each partition */
};

struct scsi_log_parameter {
	uint16_t code;
	enum scsi_log_kind kind;
	uint8_t bytes; /* of the value, of one value, or of the text */
	uint64_t value;
	char text[SCSI_LOG_TEXT_BYTES + 1];
	unsigned partitions;
	uint64_t values[VOLUME_PARTITIONS_MAX];
};

/* Parameters ascend by code. */
struct scsi_log {
	size_t count;
	struct scsi_log_parameter parameters[SCSI_LOG_PARAMETERS];
};

/*
 * Reads a log page.  Page 00h has a parameter for each page; its code is the
 * page.  The result for an unknown page is 5/24/00.
 */
void scsi_log_sense(struct scsi *unit, uint8_t page, struct scsi_log *log,
    int64_t now_ns, struct scsi_result *result);

/*
 * LOG SELECT with PCR: resets the counters of a page, some of which other pages
 * report too, and of all pages, with the TapeAlert flags, for page 00h.  The
 * other nexuses get a unit attention.  Returns false for an unknown page.
 */
bool scsi_log_reset(struct scsi *unit, uint8_t page, int64_t now_ns);

/*
 * LOG SELECT with a list: sets a counter of a page, both of which the unit has;
 * it counts on from there.  A TapeAlert flag is cleared.
 */
void scsi_log_set(struct scsi *unit, uint8_t page, uint16_t code,
    uint64_t value, int64_t now_ns);

/* Returns the TapeAlert flags that a unit sets.  Bit N - 1 is flag N. */
uint64_t scsi_supported_alerts(void);

#endif
