/* alert.c: TapeAlert flags, and the errors that logs count. */
#include "vtl/scsi/impl.h"

#include <assert.h>

/* TapeAlert flags that the unit sets. */
enum {
	HARD_ERROR = 3,
	MEDIA = 4,
	READ_FAILURE = 5,
	WRITE_FAILURE = 6,
	MEDIA_LIFE = 7,
	WRITE_PROTECT = 9,
	NEARING_MEDIA_LIFE = 19,
	CLEAN_NOW = 20,
	HARDWARE_A = 30,
	TEMPERATURE = 36,
	PREDICTIVE_FAILURE = 38
};

static const uint8_t supported[] = { HARD_ERROR, MEDIA, READ_FAILURE,
	WRITE_FAILURE, MEDIA_LIFE, WRITE_PROTECT, NEARING_MEDIA_LIFE, CLEAN_NOW,
	HARDWARE_A, TEMPERATURE, PREDICTIVE_FAILURE };

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
	unit->has_new_alerts |= (unit->alerts & bit_of(flag)) == 0;
	unit->alerts |= bit_of(flag);
}

static void count_error(struct scsi *unit, enum scsi_operation doing,
    const struct sense *sense)
{
	unit->non_medium += sense->key == SENSE_HARDWARE_ERROR;
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

void scsi_set_life_alert(struct scsi *unit, enum media_wear wear)
{
	if (wear == MEDIA_WORN)
		set(unit, MEDIA_LIFE);
	if (wear == MEDIA_NEARLY_WORN)
		set(unit, NEARING_MEDIA_LIFE);
}

bool scsi_take_exception(struct scsi *unit, enum scsi_mrie mrie)
{
	if (!unit->mode.exceptions || unit->mode.mrie != mrie ||
	    !unit->has_new_alerts)
		return false;
	unit->has_new_alerts = false;
	return true;
}
