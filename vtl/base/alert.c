/* alert.c: see alert.h. */
#include "vtl/base/alert.h"

enum {
	HARD_ERROR = 3,
	MEDIA = 4,
	READ_FAILURE = 5,
	WRITE_FAILURE = 6,
	MEDIA_LIFE = 7,
	WRITE_PROTECT = 9,
	NEARING_MEDIA_LIFE = 19,
	HARDWARE_A = 30,
	PREDICTIVE_FAILURE = 38
};

uint64_t alert_supported(void)
{
	return alert_bit(HARD_ERROR) | alert_bit(MEDIA) |
	    alert_bit(READ_FAILURE) | alert_bit(WRITE_FAILURE) |
	    alert_bit(MEDIA_LIFE) | alert_bit(WRITE_PROTECT) |
	    alert_bit(NEARING_MEDIA_LIFE) | alert_bit(ALERT_CLEAN_NOW) |
	    alert_bit(HARDWARE_A) | alert_bit(ALERT_TEMPERATURE) |
	    alert_bit(PREDICTIVE_FAILURE);
}

uint64_t alert_of_sense(enum alert_operation doing, const struct sense *sense)
{
	uint64_t flags = 0;

	if (sense->asc == 0 && sense->ascq == 0x17)
		flags |= alert_bit(ALERT_CLEAN_NOW);
	if (sense->asc == 0x0b && sense->ascq == 0x01)
		flags |= alert_bit(ALERT_TEMPERATURE);
	if (sense->asc == 0x5d)
		flags |= alert_bit(PREDICTIVE_FAILURE);
	if (sense->asc == 0x27)
		flags |= alert_bit(WRITE_PROTECT);
	if (sense->key == SENSE_HARDWARE_ERROR)
		flags |= alert_bit(HARDWARE_A);
	if (sense->key != SENSE_MEDIUM_ERROR)
		return flags;
	flags |= alert_bit(HARD_ERROR) | alert_bit(MEDIA);
	if (doing == ALERT_OTHER)
		return flags;
	return flags |
	    alert_bit(doing == ALERT_WRITING ? WRITE_FAILURE : READ_FAILURE);
}

uint64_t alert_of_wear(enum media_wear wear)
{
	return wear == MEDIA_WORN       ? alert_bit(MEDIA_LIFE)
	    : wear == MEDIA_NEARLY_WORN ? alert_bit(NEARING_MEDIA_LIFE)
					: 0;
}

void alert_count(struct alert_tally tallies[2], enum alert_operation doing,
    const struct sense *sense)
{
	if (doing == ALERT_OTHER)
		return;
	tallies[doing].corrected += sense->key == SENSE_RECOVERED;
	tallies[doing].uncorrected += sense->key == SENSE_MEDIUM_ERROR;
}
