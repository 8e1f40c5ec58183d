/* log.c: LOG SENSE and LOG SELECT; see log.h. */
#include "vtl/scsi/impl.h"

#include <assert.h>
#include <string.h>

static void put_response(struct scsi *unit, int64_t now_ns,
    struct scsi_log *log)
{
	(void)now_ns;
	scsi_log_put(log, 0, SCSI_LOG_FLAGS, 8, unit->alerts);
}

static void put_alerts(struct scsi *unit, int64_t now_ns, struct scsi_log *log)
{
	(void)now_ns;
	for (uint16_t flag = 1; flag <= 64; flag++)
		scsi_log_put(log, flag, SCSI_LOG_COUNTER, 1,
		    unit->alerts >> (flag - 1) & 1);
	unit->alerts = 0;
}

/* Ascending */
static const struct {
	uint8_t page;
	scsi_put_page *put; /* NULL: the list of these pages */
} pages[] = {
	{ SCSI_LOG_SUPPORTED, NULL },
	{ SCSI_LOG_WRITE_ERRORS, scsi_put_write_errors },
	{ SCSI_LOG_READ_ERRORS, scsi_put_read_errors },
	{ SCSI_LOG_NON_MEDIUM, scsi_put_non_medium },
	{ SCSI_LOG_DEVICE, scsi_put_device },
	{ SCSI_LOG_STATUS, scsi_put_status },
	{ SCSI_LOG_TAPEALERT_RESPONSE, put_response },
	{ SCSI_LOG_STATISTICS, scsi_put_statistics },
	{ SCSI_LOG_VOLUME, scsi_put_volume },
	{ SCSI_LOG_COMPRESSION, scsi_put_compression },
	{ SCSI_LOG_TAPEALERT, put_alerts },
	{ SCSI_LOG_USAGE, scsi_put_usage },
	{ SCSI_LOG_CAPACITY, scsi_put_capacity },
	{ SCSI_LOG_OLD_COMPRESSION, scsi_put_old_compression },
	{ SCSI_LOG_PERFORMANCE, scsi_put_performance },
};

enum { PAGES = sizeof pages / sizeof *pages };

static struct scsi_log_offset *find_offset(struct scsi *unit, uint8_t page,
    uint16_t code)
{
	for (size_t i = 0; i < unit->offset_count; i++)
		if (unit->offsets[i].page == page &&
		    unit->offsets[i].code == code)
			return &unit->offsets[i];
	return NULL;
}

static void add_offsets(struct scsi *unit, uint8_t page, struct scsi_log *log)
{
	const struct scsi_log_offset *offset;

	for (size_t i = 0; i < log->count; i++) {
		offset = find_offset(unit, page, log->parameters[i].code);
		if (offset != NULL)
			log->parameters[i].value += offset->add;
	}
}

/* Page 00h: those of all pages. */
static void forget_offsets(struct scsi *unit, uint8_t page)
{
	size_t kept = 0;

	for (size_t i = 0; i < unit->offset_count; i++)
		if (page != SCSI_LOG_SUPPORTED && unit->offsets[i].page != page)
			unit->offsets[kept++] = unit->offsets[i];
	unit->offset_count = kept;
}

void scsi_log_sense(struct scsi *unit, uint8_t page, struct scsi_log *log,
    int64_t now_ns, struct scsi_result *result)
{
	size_t i = 0;

	memset(log, 0, sizeof *log);
	if (!scsi_begin(unit, now_ns, result))
		return;
	while (i < PAGES && pages[i].page != page)
		i++;
	if (i == PAGES)
		scsi_fail(result, &scsi_bad_field);
	else if (pages[i].put != NULL)
		pages[i].put(unit, now_ns, log);
	add_offsets(unit, page, log);
	for (i = 0; i < PAGES && page == SCSI_LOG_SUPPORTED; i++)
		scsi_log_put(log, pages[i].page, SCSI_LOG_BINARY, 0, 0);
}

void scsi_log_set(struct scsi *unit, uint8_t page, uint16_t code,
    uint64_t value, int64_t now_ns)
{
	struct scsi_log_offset *offset;
	struct scsi_result result;
	struct scsi_log log;
	size_t i = 0;

	if (page == SCSI_LOG_TAPEALERT) {
		unit->alerts &= ~(UINT64_C(1) << (code - 1));
		return;
	}
	scsi_log_sense(unit, page, &log, now_ns, &result);
	while (i < log.count && log.parameters[i].code != code)
		i++;
	assert(!result.check && i < log.count);
	offset = find_offset(unit, page, code);
	if (offset == NULL) {
		assert(unit->offset_count < SCSI_LOG_OFFSETS);
		offset = &unit->offsets[unit->offset_count++];
		*offset =
		    (struct scsi_log_offset){ .page = page, .code = code };
	}
	offset->add += value - log.parameters[i].value;
}

bool scsi_log_reset(struct scsi *unit, uint8_t page, int64_t now_ns)
{
	struct scsi_counts *base = &unit->reset_counts;
	struct scsi_counts now;
	size_t i = 0;

	while (i < PAGES && pages[i].page != page)
		i++;
	if (i == PAGES)
		return false;
	forget_offsets(unit, page);
	scsi_get_counts(unit, now_ns, &now);
	switch (page) {
	case SCSI_LOG_NON_MEDIUM:
		base->non_medium = now.non_medium;
		break;
	case SCSI_LOG_TAPEALERT:
	case SCSI_LOG_TAPEALERT_RESPONSE:
		unit->alerts = 0;
		break;
	case SCSI_LOG_WRITE_ERRORS:
		base->operations[SCSI_WRITING] = now.operations[SCSI_WRITING];
		base->retries = now.retries;
		break;
	case SCSI_LOG_READ_ERRORS:
		base->operations[SCSI_READING] = now.operations[SCSI_READING];
		break;
	case SCSI_LOG_SUPPORTED:
		unit->alerts = 0;
		*base = now;
		break;
	case SCSI_LOG_DEVICE:
	case SCSI_LOG_COMPRESSION:
	case SCSI_LOG_OLD_COMPRESSION:
	case SCSI_LOG_USAGE:
		now.non_medium = base->non_medium;
		*base = now;
		break;
	default:
		break; /* it has no counters */
	}
	scsi_attention_establish(&unit->nexuses, SCSI_LOG_CHANGED, unit->nexus);
	return true;
}
