/*
 * attribute_value.h: the attributes of the medium auxiliary memory that are
 * known, and the values of those that are computed (SPC-4).
 *
 * These attributes of SPC-4 are left out: the date of manufacture, since a
 * volume does not say when it was made; and the usage of partitions, which is
 * not counted.
 */
#ifndef VTL_SCSI_ATTRIBUTE_VALUE_H
#define VTL_SCSI_ATTRIBUTE_VALUE_H

#include "vtl/scsi/impl.h"

/* Formats of attributes. */
enum { SCSI_ATTRIBUTE_BINARY, SCSI_ATTRIBUTE_ASCII, SCSI_ATTRIBUTE_TEXT };

enum {
	SCSI_ATTRIBUTE_LOADS = 4, /* last loads that are known */
	SCSI_ATTRIBUTE_SERIAL_BYTES = 32,
	/* the longest computed value */
	SCSI_ATTRIBUTE_COMPUTED_BYTES = 90,
	SCSI_ATTRIBUTE_DATE = 0x0406, /* of manufacture, YYYYMMDD */
	SCSI_ATTRIBUTE_DATE_BYTES = 8,
	SCSI_ATTRIBUTE_COHERENCY = 0x080c,
	SCSI_ATTRIBUTE_COHERENCY_MAX = 1024
};

/* What the values are computed from. */
struct scsi_attribute_source {
	const struct scsi *unit;
	const char *vendor;
	struct volume *volume;
	unsigned partition;
	struct drive_capacity capacity;
	struct volume_position end;
	struct scsi_usage usage, partition_usage;
	uint64_t formats;
	char date[SCSI_ATTRIBUTE_DATE_BYTES + 1]; /* "": not known */
	uint64_t stored_bytes;
	/* serial numbers of the last drives, the last first; "": none */
	char serials[SCSI_ATTRIBUTE_LOADS][SCSI_ATTRIBUTE_SERIAL_BYTES + 1];
};

struct scsi_attribute_kind {
	uint16_t id, bytes;
	uint8_t format;
	/* Stores the value; NULL: hosts do. */
	void (*put)(const struct scsi_attribute_source *s, uint8_t *value);
};

/* Returns the known attributes, ascending by their identifiers. */
const struct scsi_attribute_kind *scsi_attribute_kinds(size_t *count);

/* Returns the known attribute with this identifier, or NULL. */
const struct scsi_attribute_kind *scsi_attribute_find(uint16_t id);

#endif
