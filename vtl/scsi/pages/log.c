/*
 * log.c: LOG SENSE (SPC-4).
 *
 * Thresholds are not used: they are reported as the most that a counter can be.
 * The default value of a counter is 0.  TapeAlert flags have no thresholds:
 * their values are reported instead.
 */
#include "vtl/scsi/pages/impl.h"

#include <string.h>

enum {
	SAVE = 0x01,
	PARAMETER_POINTER = 0x02, /* PPC, obsolete */
	CURRENT = 1,              /* page control: the values, not thresholds */
	DEFAULT = 3,
	ALL_SUBPAGES = 0xff,
	SUBPAGE_FORMAT = 0x40,
	ALERTS = 64
};

/* Control bytes: counters, and lists that are binary or ASCII. */
enum { COUNTER = 0x60, BINARY_LIST = 0x43, ASCII_LIST = 0x41 };

/* The pages of a changer are its TapeAlert flags. */
static void put_alerts(struct scsi_log *log, uint64_t alerts)
{
	memset(log, 0, sizeof *log);
	for (uint16_t flag = 1; flag <= ALERTS; flag++) {
		struct scsi_log_parameter *p = &log->parameters[log->count++];

		p->code = flag;
		p->bytes = 1;
		p->value = alerts >> (flag - 1) & 1;
	}
}

static void put_changer_pages(struct scsi_log *log)
{
	memset(log, 0, sizeof *log);
	log->count = 2;
	log->parameters[0].code = SCSI_LOG_SUPPORTED;
	log->parameters[1].code = SCSI_LOG_TAPEALERT;
}

bool pages_get_log(struct device_call *call, uint8_t page, bool keep,
    struct scsi_log *log)
{
	struct scsi_result result;

	if (keep && page == SCSI_LOG_TAPEALERT) {
		put_alerts(log, 0);
		return true;
	}
	if (!pages_is_changer(call)) {
		scsi_log_sense(call->unit, page, log, call->now_ns, &result);
		return !result.check;
	}
	if (page == SCSI_LOG_TAPEALERT) {
		struct pages_changer *changer = call->unit;

		put_alerts(log, changer->alerts);
		changer->alerts = 0;
		return true;
	}
	put_changer_pages(log);
	return page == SCSI_LOG_SUPPORTED;
}

/* Appends a number; one that is too large is stored as the largest. */
static void put_value(struct pages_data *data, uint64_t value, unsigned bytes)
{
	if (bytes < 8 && value >> 8 * bytes > 0)
		value = UINT64_MAX;
	pages_put(data, value, bytes);
}

static uint8_t control_of(const struct scsi_log_parameter *p)
{
	switch (p->kind) {
	case SCSI_LOG_COUNTER:
		return COUNTER;
	case SCSI_LOG_ASCII:
		return ASCII_LIST;
	default:
		return BINARY_LIST;
	}
}

static void put_partitions(struct pages_data *data,
    const struct scsi_log_parameter *p)
{
	for (unsigned i = 0; i < p->partitions; i++) {
		pages_put(data, p->bytes + 3u, 1);
		pages_put(data, 0, 1);
		pages_put(data, i, 2);
		put_value(data, p->values[i], p->bytes);
	}
}

static void put_parameter(struct pages_data *data,
    const struct scsi_log_parameter *p, unsigned control)
{
	uint64_t value = p->value;
	size_t length;

	pages_put(data, p->code, 2);
	pages_put(data, control_of(p), 1);
	pages_put(data, 0, 1);
	length = data->used - 1;
	switch (p->kind) {
	case SCSI_LOG_COUNTER:
		if (control != CURRENT)
			value = control == DEFAULT ? 0 : UINT64_MAX;
		put_value(data, value, p->bytes);
		break;
	case SCSI_LOG_BINARY:
		put_value(data, value, p->bytes);
		break;
	case SCSI_LOG_FLAGS:
		pages_put_flags(data, value);
		break;
	case SCSI_LOG_ASCII:
		pages_put_text(data, p->text, p->bytes);
		break;
	case SCSI_LOG_PARTITIONS:
		put_partitions(data, p);
		break;
	}
	pages_set_length(data, length, 1);
}

static void put_list(struct pages_data *data, const struct scsi_log *log,
    bool subpages)
{
	for (size_t i = 0; i < log->count; i++) {
		uint8_t page = (uint8_t)log->parameters[i].code;

		pages_put(data, page, 1);
		if (!subpages)
			continue;
		pages_put(data, 0, 1);
		if (page == SCSI_LOG_SUPPORTED) {
			pages_put(data, page, 1);
			pages_put(data, ALL_SUBPAGES, 1);
		}
	}
}

void pages_log_sense(struct device_call *call)
{
	unsigned control = call->cdb[2] >> 6;
	uint8_t page = call->cdb[2] & 0x3f, subpage = call->cdb[3];
	uint16_t first = get_be16(call->cdb + 5);
	struct pages_data data = { 0 };
	struct scsi_log log;
	bool keep;

	if (call->cdb[1] & (SAVE | PARAMETER_POINTER)) {
		device_fail_field(call, 1, call->cdb[1] & SAVE ? 0 : 1);
		return;
	}
	if (subpage != 0 && (page != 0 || subpage != ALL_SUBPAGES)) {
		device_fail_field(call, 3, DEVICE_NO_BIT);
		return;
	}
	/* Flags have no thresholds: tapeinfo of mtx asks for those. */
	if (page == SCSI_LOG_TAPEALERT)
		control |= CURRENT;
	/* A refused command has no effect: no parameter is after the last. */
	keep = control != CURRENT || first > ALERTS;
	if (!pages_get_log(call, page, keep, &log)) {
		device_fail_field(call, 2, 5);
		return;
	}
	pages_put(&data, page | (subpage != 0 ? SUBPAGE_FORMAT : 0), 1);
	pages_put(&data, subpage, 1);
	pages_put(&data, 0, 2);
	if (page == SCSI_LOG_SUPPORTED) {
		put_list(&data, &log, subpage != 0);
	} else if (first > log.parameters[log.count - 1].code) {
		device_fail_field(call, 5, DEVICE_NO_BIT);
		return;
	} else {
		for (size_t i = 0; i < log.count; i++)
			if (log.parameters[i].code >= first)
				put_parameter(&data, &log.parameters[i],
				    control);
	}
	pages_set_length(&data, 2, 2);
	pages_reply(call, &data, get_be16(call->cdb + 7));
}
