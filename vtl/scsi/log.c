/*
 * log.c: LOG SENSE, TapeAlert flags and counters.  Pages and parameters:
 *
 *     02h, 03h  3 errors corrected, 5 bytes, 6 errors not corrected
 *     14h       0 volumes loaded, 1 cleanings
 *     17h       1 loads of this volume
 *     30h       1 volumes loaded; writing: 2 blocks, 4 errors not corrected;
 *               reading: 7 blocks, 9 errors not corrected
 */
#include "vtl/scsi/impl.h"

#include <assert.h>
#include <string.h>

/* TapeAlert flags that the unit sets. */
enum {
	HARD_ERROR = 3,
	MEDIA = 4,
	READ_FAILURE = 5,
	WRITE_FAILURE = 6,
	MEDIA_LIFE = 7,
	WRITE_PROTECT = 9,
	CLEAN_NOW = 20,
	HARDWARE_A = 30,
	TEMPERATURE = 36,
	PREDICTIVE_FAILURE = 38
};

static const uint8_t supported[] = { HARD_ERROR, MEDIA, READ_FAILURE,
	WRITE_FAILURE, MEDIA_LIFE, WRITE_PROTECT, CLEAN_NOW, HARDWARE_A,
	TEMPERATURE, PREDICTIVE_FAILURE };

static uint64_t bit_of(unsigned flag)
{
	return UINT64_C(1) << (flag - 1);
}

uint64_t scsi_supported_alerts(void)
{
	uint64_t flags = 0;

	for (size_t i = 0; i < sizeof supported; i++)
		flags |= bit_of(supported[i]);
	return flags;
}

static void set(struct scsi *unit, unsigned flag)
{
	assert(scsi_supported_alerts() & bit_of(flag));
	unit->alerts |= bit_of(flag);
}

static void count_error(struct scsi *unit, enum scsi_operation doing,
    const struct sense *sense)
{
	if (doing == SCSI_OTHER)
		return;
	unit->counters[doing].corrected += sense->key == SENSE_RECOVERED;
	unit->counters[doing].uncorrected += sense->key == SENSE_MEDIUM_ERROR;
}

void scsi_set_alerts(struct scsi *unit, enum scsi_operation doing,
    const struct sense *sense)
{
	count_error(unit, doing, sense);
	if (sense->asc == 0 && sense->ascq == 0x17)
		set(unit, CLEAN_NOW);
	if (sense->asc == 0x0b && sense->ascq == 0x01)
		set(unit, TEMPERATURE);
	if (sense->asc == 0x5d)
		set(unit, PREDICTIVE_FAILURE);
	if (sense->asc == 0x27)
		set(unit, WRITE_PROTECT);
	if (sense->key == SENSE_HARDWARE_ERROR)
		set(unit, HARDWARE_A);
	if (sense->key != SENSE_MEDIUM_ERROR)
		return;
	set(unit, HARD_ERROR);
	set(unit, MEDIA);
	if (doing != SCSI_OTHER)
		set(unit, doing == SCSI_WRITING ? WRITE_FAILURE : READ_FAILURE);
}

void scsi_set_life_alert(struct scsi *unit)
{
	set(unit, MEDIA_LIFE);
}

static void put(struct scsi_log *log, uint16_t code, uint64_t value)
{
	log->parameters[log->count].code = code;
	log->parameters[log->count++].value = value;
}

static void put_flags(struct scsi *unit, struct scsi_log *log)
{
	for (uint16_t flag = 1; flag <= 64; flag++)
		put(log, flag, unit->alerts >> (flag - 1) & 1);
	unit->alerts = 0;
}

static void put_errors(const struct scsi_counters *c, struct scsi_log *log)
{
	put(log, 3, c->corrected);
	put(log, 5, c->bytes);
	put(log, 6, c->uncorrected);
}

static void put_usage(const struct scsi *unit, struct scsi_log *log)
{
	const struct scsi_counters *c = unit->counters;

	put(log, 1, unit->loads);
	put(log, 2, c[SCSI_WRITING].blocks);
	put(log, 4, c[SCSI_WRITING].uncorrected);
	put(log, 7, c[SCSI_READING].blocks);
	put(log, 9, c[SCSI_READING].uncorrected);
}

static void put_pages(struct scsi_log *log)
{
	static const uint8_t pages[] = { SCSI_LOG_SUPPORTED,
		SCSI_LOG_WRITE_ERRORS, SCSI_LOG_READ_ERRORS,
		SCSI_LOG_TAPEALERT_RESPONSE, SCSI_LOG_STATISTICS,
		SCSI_LOG_VOLUME, SCSI_LOG_TAPEALERT, SCSI_LOG_USAGE };

	for (size_t i = 0; i < sizeof pages; i++)
		put(log, pages[i], 0);
}

void scsi_log_sense(struct scsi *unit, uint8_t page, struct scsi_log *log,
    int64_t now_ns, struct scsi_result *result)
{
	memset(log, 0, sizeof *log);
	if (!scsi_begin(unit, now_ns, result))
		return;
	switch (page) {
	case SCSI_LOG_SUPPORTED:
		put_pages(log);
		break;
	case SCSI_LOG_WRITE_ERRORS:
		put_errors(&unit->counters[SCSI_WRITING], log);
		break;
	case SCSI_LOG_READ_ERRORS:
		put_errors(&unit->counters[SCSI_READING], log);
		break;
	case SCSI_LOG_TAPEALERT_RESPONSE:
		put(log, 0, unit->alerts);
		break;
	case SCSI_LOG_STATISTICS:
		put(log, 0, unit->loads);
		put(log, 1, unit->cleanings);
		break;
	case SCSI_LOG_VOLUME:
		put(log, 1, unit->volume_loads);
		break;
	case SCSI_LOG_TAPEALERT:
		put_flags(unit, log);
		break;
	case SCSI_LOG_USAGE:
		put_usage(unit, log);
		break;
	default:
		scsi_fail(result, &scsi_bad_field);
		break;
	}
}
