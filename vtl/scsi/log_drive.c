/*
 * log_drive.c: log pages of the drive (SPC-4, SSC-4).
 *
 * The drive does not say what each transfer took on the medium after
 * compression: that is computed with the ratio of the partition.
 */
#include "vtl/scsi/impl.h"

#include <string.h>

enum { MB = 1000000, RATIO_ONE = 100 };

#define HOUR_NS INT64_C(3600000000000)
#define MS_NS   INT64_C(1000000)

/* A number of a parameter whose value is not known (SSC-4) */
#define UNKNOWN UINT64_C(0xffffffff)

void scsi_log_put(struct scsi_log *log, uint16_t code, enum scsi_log_kind kind,
    uint8_t bytes, uint64_t value)
{
	log->parameters[log->count++] = (struct scsi_log_parameter){
		.code = code, .kind = kind, .bytes = bytes, .value = value
	};
}

void scsi_log_put_text(struct scsi_log *log, uint16_t code, uint8_t bytes,
    const char *text)
{
	size_t n = strnlen(text, SCSI_LOG_TEXT_BYTES);

	scsi_log_put(log, code, SCSI_LOG_ASCII, bytes, 0);
	memcpy(log->parameters[log->count - 1].text, text, n);
}

static void count(struct scsi_log *log, uint16_t code, uint8_t bytes,
    uint64_t value)
{
	scsi_log_put(log, code, SCSI_LOG_COUNTER, bytes, value);
}

static void state(struct scsi_log *log, uint16_t code, uint8_t bytes,
    uint64_t value)
{
	scsi_log_put(log, code, SCSI_LOG_BINARY, bytes, value);
}

static void get_counts(struct scsi *unit, int64_t now_ns,
    struct scsi_counts *counts)
{
	scsi_get_counts_since(unit, &unit->reset_counts, now_ns, counts);
}

/*
 * What was read and written since LOG SELECT, and what that takes on the medium.
 */
struct amounts {
	struct scsi_capacity capacity;
	uint64_t read, written, medium_read, medium_written;
};

static void get_amounts(struct scsi *unit, int64_t now_ns, struct amounts *a)
{
	struct scsi_counts counts;

	get_counts(unit, now_ns, &counts);
	scsi_get_capacity(unit, drive_partition(unit->drive), &a->capacity);
	a->written = counts.operations[SCSI_WRITING].bytes;
	a->read = counts.operations[SCSI_READING].bytes;
	a->medium_written = scsi_medium_bytes(&a->capacity, a->written);
	a->medium_read = scsi_medium_bytes(&a->capacity, a->read);
}

/* Errors are corrected with delay: the drive repeats the operation. */
static void put_errors(struct scsi_log *log, const struct alert_tally *c,
    uint64_t retries)
{
	count(log, 0, 4, 0);
	count(log, 1, 4, c->corrected);
	count(log, 2, 4, retries);
	count(log, 3, 4, c->corrected);
	count(log, 4, 4, c->corrected);
	count(log, 5, 8, c->bytes);
	count(log, 6, 4, c->uncorrected);
}

void scsi_put_write_errors(struct scsi *unit, int64_t now_ns,
    struct scsi_log *log)
{
	struct scsi_counts counts;

	get_counts(unit, now_ns, &counts);
	put_errors(log, &counts.operations[SCSI_WRITING], counts.retries);
}

void scsi_put_read_errors(struct scsi *unit, int64_t now_ns,
    struct scsi_log *log)
{
	struct scsi_counts counts;

	get_counts(unit, now_ns, &counts);
	put_errors(log, &counts.operations[SCSI_READING], 0);
}

void scsi_put_non_medium(struct scsi *unit, int64_t now_ns,
    struct scsi_log *log)
{
	struct scsi_counts counts;

	get_counts(unit, now_ns, &counts);
	count(log, 0, 4, counts.non_medium);
}

static void put_places(struct scsi *unit, int64_t now_ns, struct scsi_log *log)
{
	unsigned partition = drive_partition(unit->drive);
	struct scsi_capacity capacity;
	struct volume_position position;
	uint64_t warning;

	if (!scsi_get_capacity(unit, partition, &capacity)) {
		for (uint16_t code = 4; code <= 8; code++)
			state(log, code, 4, UNKNOWN);
		return;
	}
	warning = volume_get_partition(drive_volume(unit->drive), partition)
		      ->early_warning_bytes;
	drive_position(unit->drive, &position);
	state(log, 4, 4, capacity.medium.used_bytes / MB);
	state(log, 5, 4, (capacity.medium.capacity_bytes - warning) / MB);
	state(log, 6, 4, warning / MB);
	state(log, 7, 4, scsi_medium_bytes(&capacity, position.byte) / MB);
	state(log, 8, 4, drive_get_fill(unit->drive, now_ns) / MB);
}

void scsi_put_device(struct scsi *unit, int64_t now_ns, struct scsi_log *log)
{
	enum { CLEAN_NOW = 20 };
	const struct alert_tally *total = unit->counters;
	struct amounts a;

	get_amounts(unit, now_ns, &a);
	count(log, 0, 8, a.written);
	count(log, 1, 8, a.medium_written);
	count(log, 2, 8, a.medium_read);
	count(log, 3, 8, a.read);
	put_places(unit, now_ns, log);
	state(log, 0x100, 8, unit->alerts >> (CLEAN_NOW - 1) & 1);
	state(log, 0x8000, 4,
	    (total[0].bytes + total[1].bytes - unit->clean_bytes) / MB);
	state(log, 0x8001, 4, unit->loads);
	state(log, 0x8002, 4, unit->cleanings);
}

/* Device activity of page 11h (SSC-4). */
static unsigned activity_of(struct scsi *unit, int64_t now_ns)
{
	static const uint8_t codes[] = {
		[DRIVE_UNLOADED] = 0x00,
		[DRIVE_LOADING] = 0x02,
		[DRIVE_STANDING] = 0x00,
		[DRIVE_STREAMING] = 0x06,
		[DRIVE_BACKHITCH] = 0x06,
		[DRIVE_TURNING] = 0x04,
		[DRIVE_READING] = 0x05,
		[DRIVE_LOCATING] = 0x07,
		[DRIVE_REWINDING] = 0x08,
		[DRIVE_UNLOADING] = 0x03,
	};
	enum { CLEANING = 0x01 };
	uint64_t speed;

	if (!scsi_has_cartridge(unit) && now_ns < unit->ready_ns)
		return CLEANING;
	return codes[drive_get_motion(unit->drive, now_ns, &speed)];
}

void scsi_put_status(struct scsi *unit, int64_t now_ns, struct scsi_log *log)
{
	enum {
		PREVENTED = 0x80,   /* PAMR */
		MAM = 0x20,         /* MACC: the MAM can be read */
		COMPRESSES = 0x10,  /* CMPR */
		PROTECTED = 0x08,   /* WRTP */
		CLEAN = 0x02,       /* CRQRD */
		INITIALISED = 0x01, /* DINIT */
		TRANSITION = 0x80,  /* INXTN */
		ROBOT = 0x20,       /* RAA: a robot may take the cartridge */
		PRESENT = 0x10,     /* MPRSNT */
		THREADED = 0x06,    /* MSTD, MTHRD */
		MOUNTED = 0x01,
		ALERTS = 0x01, /* TAFC: there are TapeAlert flags */
		CLEAN_NOW = 20,
		POLLING_MS = 1000
	};
	const struct volume *volume = drive_volume(unit->drive);
	unsigned flags = INITIALISED, medium = 0;
	uint64_t alerts = unit->alerts;

	flags |= unit->nexuses.prevented != 0 ? PREVENTED : 0;
	flags |= volume != NULL ? MAM : 0;
	flags |= unit->mode.compression ? COMPRESSES : 0;
	flags |= scsi_is_protected(unit) ? PROTECTED : 0;
	flags |= alerts >> (CLEAN_NOW - 1) & 1 ? CLEAN : 0;
	medium |= scsi_has_cartridge(unit) ? PRESENT : 0;
	medium |= volume == NULL ? ROBOT : THREADED;
	if (now_ns < unit->ready_ns)
		medium |= TRANSITION;
	else if (volume != NULL)
		medium |= MOUNTED;
	state(log, 0, 4,
	    (uint64_t)flags << 24 | medium << 16 |
		activity_of(unit, now_ns) << 8 | (alerts != 0 ? ALERTS : 0));
	state(log, 1, 2, POLLING_MS);
}

/* Returns the length of tape that bytes of the medium take. */
static uint64_t metres_of(const struct scsi *unit, uint64_t bytes)
{
	const struct model_medium *m =
	    model_medium(drive_model(unit->drive), drive_medium(unit->drive));

	if (m->capacity_bytes == 0)
		return 0;
	return (uint64_t)((unsigned __int128)bytes * m->wraps * m->length_mm /
	    m->capacity_bytes / 1000);
}

/*
 * How much of the time since power-on the drive spent so, in percent.  A command
 * in progress may be counted until its end.
 */
static void put_duty(struct scsi_log *log, uint16_t code, int64_t ns,
    int64_t now_ns)
{
	unsigned __int128 percent = 0;

	if (ns > 0 && now_ns > 0)
		percent = (unsigned __int128)ns * 100 / (uint64_t)now_ns;
	state(log, code, 1, percent < 100 ? (uint64_t)percent : 100);
}

static void put_duties(struct scsi_log *log,
    const struct drive_motion_counts *motion, int64_t now_ns)
{
	int64_t write_ns = motion->hitch_ns;

	for (int m = 0; m < MODEL_MEDIA_MAX; m++)
		for (int i = 0; i < MODEL_SPEEDS_MAX; i++)
			write_ns += motion->speed_ns[m][i];
	state(log, 0x0010, 8, (uint64_t)(now_ns / MS_NS));
	put_duty(log, 0x0011, motion->read_ns, now_ns);
	put_duty(log, 0x0012, write_ns, now_ns);
	put_duty(log, 0x0013, scsi_moving_ns(motion), now_ns);
	put_duty(log, 0x0014, now_ns - motion->loaded_ns, now_ns);
	put_duty(log, 0x0015,
	    motion->loaded_ns - motion->load_ns - motion->unload_ns, now_ns);
}

void scsi_put_statistics(struct scsi *unit, int64_t now_ns,
    struct scsi_log *log)
{
	enum { TEMPERATURE = 36 };
	const struct alert_tally *total = unit->counters;
	struct drive_motion_counts motion;
	struct scsi_capacity capacity;

	drive_get_motion_counts(unit->drive, now_ns, &motion);
	scsi_get_capacity(unit, drive_partition(unit->drive), &capacity);
	state(log, 0x0000, 8, unit->loads);
	state(log, 0x0001, 8, unit->cleanings);
	state(log, 0x0002, 8, (uint64_t)(now_ns / HOUR_NS));
	state(log, 0x0003, 8, (uint64_t)(scsi_moving_ns(&motion) / HOUR_NS));
	state(log, 0x0004, 8,
	    metres_of(unit,
		scsi_medium_bytes(&capacity, total[0].bytes + total[1].bytes)));
	state(log, 0x0008, 8,
	    (uint64_t)((scsi_moving_ns(&motion) - unit->clean_moving_ns) /
		HOUR_NS));
	state(log, 0x000c, 8, unit->power_cycles);
	state(log, 0x000d, 8, unit->loads);
	state(log, 0x000e, 8, total[SCSI_WRITING].uncorrected);
	state(log, 0x000f, 8, total[SCSI_READING].uncorrected);
	put_duties(log, &motion, now_ns);
	scsi_log_put_text(log, 0x0040, SCSI_LOG_TEXT_BYTES, unit->serial);
	scsi_log_put_text(log, 0x0041, SCSI_LOG_TEXT_BYTES, unit->serial);
	state(log, 0x0080, 1, unit->nexuses.prevented != 0);
	state(log, 0x0081, 1, unit->alerts >> (TEMPERATURE - 1) & 1);
}

/* Stores what went between host and medium; returns the next code. */
static void put_amounts(struct scsi_log *log, uint16_t code, uint64_t bytes)
{
	count(log, code, 4, bytes / MB);
	count(log, code + 1, 4, bytes % MB);
}

static uint64_t ratio_of(const struct scsi_capacity *capacity)
{
	uint64_t used = capacity->medium.used_bytes;

	return used > 0 ? (uint64_t)((unsigned __int128)capacity->end.byte *
			      RATIO_ONE / used)
			: RATIO_ONE;
}

void scsi_put_old_compression(struct scsi *unit, int64_t now_ns,
    struct scsi_log *log)
{
	struct amounts a;

	get_amounts(unit, now_ns, &a);
	count(log, 0, 2, ratio_of(&a.capacity));
	count(log, 1, 2, ratio_of(&a.capacity));
	put_amounts(log, 2, a.read);
	put_amounts(log, 4, a.medium_read);
	put_amounts(log, 6, a.written);
	put_amounts(log, 8, a.medium_written);
}

void scsi_put_compression(struct scsi *unit, int64_t now_ns,
    struct scsi_log *log)
{
	scsi_put_old_compression(unit, now_ns, log);
	state(log, 0x100, 1, unit->mode.compression);
}

/* Efficiency: the share of blocks that were written once. */
void scsi_put_performance(struct scsi *unit, int64_t now_ns,
    struct scsi_log *log)
{
	struct scsi_counts counts;
	uint64_t blocks;

	scsi_get_counts_since(unit, &unit->load_counts, now_ns, &counts);
	blocks = counts.operations[SCSI_WRITING].blocks;
	state(log, 1, 1,
	    blocks * 100 / (blocks + counts.retries + (blocks == 0)));
}
