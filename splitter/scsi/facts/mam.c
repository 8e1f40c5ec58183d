/* mam.c: the medium auxiliary memory, and raw pages (facts.h). */
#include <stdlib.h>
#include <string.h>

#include "splitter/scsi/facts/facts.h"

enum { LAST_ATTRIBUTE = 0xffff, HEADER = 4 };

static void take_number(const struct scsi_attribute *a, bool *has,
    uint64_t *number)
{
	*has = true;
	*number = scsi_attribute_number(a);
}

void scsi_mam_take(struct scsi_mam *m, const struct scsi_attribute *a)
{
	bool ignored;

	switch (a->id) {
	case 0x0000:
		take_number(a, &ignored, &m->remaining_mib);
		break;
	case 0x0001:
		take_number(a, &m->has_capacity, &m->capacity_mib);
		break;
	case 0x0003:
		take_number(a, &m->has_loads, &m->loads);
		break;
	case 0x0009:
		m->has_change = true;
		m->change_reference = (uint32_t)scsi_attribute_number(a);
		break;
	case 0x0220:
		take_number(a, &m->has_life, &m->written_life_mib);
		break;
	case 0x0221:
		take_number(a, &ignored, &m->read_life_mib);
		break;
	case 0x0400:
		scsi_attribute_text(a, m->manufacturer, sizeof m->manufacturer);
		break;
	case 0x0401:
		scsi_attribute_text(a, m->serial, sizeof m->serial);
		break;
	case 0x0402:
		m->length_m = (uint32_t)scsi_attribute_number(a);
		break;
	case 0x0405:
		m->density = (uint8_t)scsi_attribute_number(a);
		break;
	case 0x0406:
		scsi_attribute_text(a, m->made_on, sizeof m->made_on);
		break;
	case 0x0408:
		m->has_type = true;
		m->type = (uint8_t)scsi_attribute_number(a);
		break;
	case 0x0801:
		scsi_attribute_text(a, m->application, sizeof m->application);
		break;
	case 0x0806:
		scsi_attribute_text(a, m->barcode, sizeof m->barcode);
		break;
	default:
		break;
	}
}

static void take(void *arg, const struct scsi_attribute *a)
{
	scsi_mam_take(arg, a);
}

void scsi_mam_read(struct scsi_unit *unit, struct scsi_mam *mam)
{
	memset(mam, 0, sizeof *mam);
	mam->valid = scsi_raw_attributes(unit, 0, take, mam) > 0;
}

size_t scsi_raw_attributes(struct scsi_unit *unit, uint8_t partition,
    void (*take_one)(void *arg, const struct scsi_attribute *attribute),
    void *arg)
{
	uint8_t *data = malloc(SCSI_ATTRIBUTES_BYTES);
	size_t bytes, count = 0;
	uint32_t first = 0;

	/* In pieces, if they do not fit. */
	while (data != NULL && first <= LAST_ATTRIBUTE &&
	    scsi_send_read_attributes(unit, partition, (uint16_t)first, data,
		SCSI_ATTRIBUTES_BYTES, &bytes)) {
		struct scsi_attribute a;
		uint32_t next = first;
		size_t at = 0;

		while (scsi_attribute_next(data, bytes, &at, &a)) {
			if (a.id < next)
				break; /* not ascending: no next piece */
			take_one(arg, &a);
			count++;
			next = a.id + 1u;
		}
		if (next == first || bytes + HEADER < SCSI_ATTRIBUTES_BYTES)
			break;
		first = next;
	}
	free(data);
	return count;
}

size_t scsi_raw_log_pages(struct scsi_unit *unit,
    void (*take_one)(void *arg, struct scsi_log_id id, const uint8_t *data,
	size_t bytes),
    void *arg)
{
	enum { TAPEALERT = 0x2e };
	struct scsi_log_id list[SCSI_LOG_PAGES_MAX];
	size_t listed = scsi_send_log_list(unit, list), count = 0, bytes;
	uint8_t *data = malloc(SCSI_LOG_BYTES);

	for (size_t i = 0; data != NULL && i < listed; i++) {
		/* Reading it clears the flags. */
		if (list[i].page == TAPEALERT ||
		    !scsi_send_log_sense(unit, list[i].page, list[i].subpage,
			data, SCSI_LOG_BYTES, &bytes))
			continue;
		take_one(arg, list[i], data, bytes);
		count++;
	}
	free(data);
	return count;
}
