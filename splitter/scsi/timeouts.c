/* timeouts.c: see timeouts.h. */
#include "splitter/scsi/timeouts.h"

#include "splitter/base/big_endian.h"

enum {
	VERIFY_6 = 0x13,
	VERIFY_16 = 0x8f,
	ERASE_6 = 0x19,
	ERASE_16 = 0x93,
	LOAD_UNLOAD = 0x1b,
	/* of the slowest drive of the table below, half as much again */
	ERASE_TIMEOUT_S = 250000,
	/* every drive may load for this time */
	LEAST_LOAD_S = 960,
	GENERATIONS = 6,
	FIRST_GENERATION = 5
};

/*
 * Seconds by generation, LTO-5 to LTO-10: the larger value of full-height and
 * half-height drives of IBM.  An LTO-9 or LTO-10 drive may initialize a new
 * cartridge for two hours when it is loaded.
 */
static const struct {
	uint8_t opcode;
	uint32_t seconds[GENERATIONS];
} table[] = {
	{ 0x01, { 780, 780, 600, 600, 600, 600 } },       /* REWIND */
	{ 0x04, { 1980, 3840, 3240, 3240, 3240, 3240 } }, /* FORMAT */
	{ 0x08, { 1920, 1920, 2340, 2340, 2340, 2340 } }, /* READ */
	{ 0x0a, { 1920, 1920, 1560, 1560, 1560, 1560 } }, /* WRITE */
	{ 0x0b, { 960, 960, 960, 960, 960, 960 } },       /* SET CAPACITY */
	{ 0x10, { 1740, 1740, 1680, 1680, 1680, 1680 } }, /* FILEMARKS */
	{ 0x80, { 1740, 1740, 1680, 1680, 1680, 1680 } },
	{ 0x11, { 2700, 2940, 2940, 2940, 2940, 3940 } }, /* SPACE */
	{ 0x91, { 2700, 2940, 2940, 2940, 2940, 3940 } },
	{ VERIFY_6, { 19980, 30000, 28860, 54360, 63300, 104880 } },
	{ VERIFY_16, { 19980, 30000, 28860, 54360, 63300, 104880 } },
	{ ERASE_6, { 19200, 29400, 27540, 121448, 166370, 166370 } },
	{ ERASE_16, { 19200, 29400, 27540, 121448, 166370, 166370 } },
	{ LOAD_UNLOAD,
	    { 1020, 1020, 960, 960, SCSI_LONG_TIMEOUT_S,
		SCSI_LONG_TIMEOUT_S } },
	{ 0x1d, { 3120, 3120, 2040, 2040, 2040, 2040 } }, /* DIAGNOSTIC */
	{ 0x2b, { 2700, 2940, 2940, 2940, 2940, 3940 } }, /* LOCATE */
	{ 0x92, { 2700, 2940, 2940, 2940, 2940, 3940 } },
	{ 0x3b, { 720, 720, 540, 540, 540, 540 } }, /* WRITE BUFFER */
	{ 0x3c, { 660, 660, 480, 480, 480, 480 } }, /* READ BUFFER */
};

bool scsi_moves_medium(uint8_t opcode)
{
	switch (opcode) {
	case 0x0f: /* READ REVERSE */
	case 0x81:
	case 0x14: /* RECOVER BUFFERED DATA */
	case 0x82: /* ALLOW OVERWRITE */
	case 0xa5: /* MOVE MEDIUM */
	case 0xa6: /* EXCHANGE MEDIUM */
	case 0x07: /* INITIALIZE ELEMENT STATUS */
	case 0x37: /* the same WITH RANGE */
		return true;
	default:
		break;
	}
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (table[i].opcode == opcode)
			return true;
	return false;
}

static uint32_t by_generation(unsigned generation, uint8_t opcode)
{
	if (generation < FIRST_GENERATION ||
	    generation >= FIRST_GENERATION + GENERATIONS)
		return 0;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (table[i].opcode == opcode)
			return table[i].seconds[generation - FIRST_GENERATION];
	return 0;
}

static uint32_t longest(uint8_t opcode)
{
	if (opcode == ERASE_6 || opcode == ERASE_16 || opcode == VERIFY_6 ||
	    opcode == VERIFY_16)
		return ERASE_TIMEOUT_S;
	return scsi_moves_medium(opcode) ? SCSI_LONG_TIMEOUT_S
					 : SCSI_SHORT_TIMEOUT_S;
}

/* The longest that the device reported for the command; 0: none. */
static uint32_t reported(const struct scsi_timeouts *timeouts, uint8_t opcode,
    int action)
{
	uint32_t seconds = 0;

	for (size_t i = 0; i < timeouts->count; i++) {
		const struct scsi_timeout *t = &timeouts->reported[i];

		if (t->opcode == opcode &&
		    (t->action == SCSI_ANY_ACTION || t->action == action ||
			action == SCSI_ANY_ACTION) &&
		    t->seconds > seconds)
			seconds = t->seconds;
	}
	return seconds;
}

uint32_t scsi_timeout_s(const struct scsi_timeouts *timeouts, uint8_t opcode,
    int action)
{
	uint32_t seconds = reported(timeouts, opcode, action);

	if (timeouts->source == SCSI_TIMEOUTS_UNKNOWN &&
	    longest(opcode) < SCSI_LONG_TIMEOUT_S)
		return SCSI_LONG_TIMEOUT_S;
	if (seconds == 0)
		seconds = by_generation(timeouts->generation, opcode);
	if (seconds == 0)
		seconds = longest(opcode);
	return seconds > SCSI_SHORT_TIMEOUT_S ? seconds : SCSI_SHORT_TIMEOUT_S;
}

int64_t scsi_load_wait_ns(const struct scsi_timeouts *timeouts,
    unsigned generation, int64_t most_ns)
{
	uint32_t own = timeouts != NULL
	    ? reported(timeouts, LOAD_UNLOAD, SCSI_ANY_ACTION)
	    : 0;
	uint32_t known = by_generation(generation, LOAD_UNLOAD);
	int64_t ns;

	if (generation == 0 && own == 0)
		own = SCSI_LONG_TIMEOUT_S;
	if (own < known)
		own = known;
	if (own < LEAST_LOAD_S)
		own = LEAST_LOAD_S;
	ns = INT64_C(1000000000) * own;
	return most_ns < ns ? most_ns : ns;
}

bool scsi_timeouts_take(struct scsi_timeouts *timeouts, const uint8_t *data,
    size_t bytes)
{
	enum { CTDP = 0x02, SERVACTV = 0x01, HEAD = 4, ROW = 8, LIMIT = 12 };
	size_t at = HEAD, end = bytes;

	timeouts->count = 0;
	if (bytes < HEAD)
		return false;
	if (get_be32(data) < bytes - HEAD)
		end = HEAD + get_be32(data);
	while (at + ROW <= end && timeouts->count < SCSI_TIMEOUTS) {
		const uint8_t *row = data + at;
		bool has_limit = row[5] & CTDP;

		at += ROW;
		if (!has_limit)
			continue;
		if (at + LIMIT > end)
			break;
		if (get_be32(data + at + 8) != 0)
			timeouts->reported[timeouts->count++] =
			    (struct scsi_timeout){ .opcode = row[0],
				    .action = row[5] & SERVACTV
					? (int16_t)get_be16(row + 2)
					: SCSI_ANY_ACTION,
				    .seconds = get_be32(data + at + 8) };
		at += 2 + (size_t)get_be16(data + at);
	}
	if (timeouts->count > 0)
		timeouts->source = SCSI_TIMEOUTS_REPORTED;
	return timeouts->count > 0;
}
