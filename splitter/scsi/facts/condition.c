/* condition.c: counters and cartridge memory for tape_ops.condition (facts.h). */
#include <string.h>

#include "splitter/scsi/facts/facts.h"

/* The loads that makers of LTO cartridges promise. */
enum { LTO_LIFE_LOADS = 20000 };

enum { MIB = 1 << 20 };

struct reading {
	struct tape_condition *condition;
	enum tape_maker maker;
	struct scsi_mam mam;
	bool any;
};

static void take_page(void *arg, struct scsi_log_id id, const uint8_t *data,
    size_t bytes)
{
	struct reading *r = arg;
	struct tape_condition *c = r->condition;

	r->any = true;
	scsi_counters_take(&c->counters, r->maker, data, bytes);
	c->raw(c->raw_arg, false, (uint16_t)(id.page << 8 | id.subpage), data,
	    bytes);
}

static void take_attribute(void *arg, const struct scsi_attribute *a)
{
	struct reading *r = arg;
	struct tape_condition *c = r->condition;

	scsi_mam_take(&r->mam, a);
	r->mam.valid = true;
	if (c->raw != NULL)
		c->raw(c->raw_arg, true, a->id, a->value, a->bytes);
}

static uint64_t bytes_of(bool has, uint64_t mib)
{
	return has && mib <= UINT64_MAX / MIB ? mib * MIB
					      : TAPE_CONDITION_UNKNOWN;
}

static void take_mam(const struct scsi_mam *m, struct tape_condition *c)
{
	memcpy(c->serial, m->serial, sizeof c->serial);
	memcpy(c->maker, m->manufacturer, sizeof c->maker);
	memcpy(c->barcode, m->barcode, sizeof c->barcode);
	if (m->has_loads)
		c->loads = m->loads;
	c->capacity_bytes = bytes_of(m->has_capacity, m->capacity_mib);
	c->remaining_bytes = bytes_of(m->has_capacity, m->remaining_mib);
	c->written_life_bytes = bytes_of(m->has_life, m->written_life_mib);
	c->read_life_bytes = bytes_of(m->has_life, m->read_life_mib);
	if (strncmp(scsi_generation_name(m->density), "LTO", 3) == 0)
		c->life_loads = LTO_LIFE_LOADS;
}

void scsi_get_condition(struct scsi_unit *unit, struct tape_condition *c)
{
	struct reading r = { .condition = c };
	struct scsi_inquiry inquiry;

	if (!scsi_send_inquiry(unit, &inquiry))
		return;
	r.maker = tape_maker_of(inquiry.vendor);
	if (c->raw == NULL) {
		c->has_counters =
		    scsi_counters_read(unit, r.maker, &c->counters);
	} else {
		scsi_raw_log_pages(unit, take_page, &r);
		c->has_counters = r.any;
	}
	scsi_raw_attributes(unit, 0, take_attribute, &r);
	if (r.mam.valid)
		take_mam(&r.mam, c);
}
