/*
 * timing.c: the times of a drive, from its model and the loaded medium.
 *
 * A buffered drive that takes time has a motion model (motion.h).  Another
 * drive writes at the highest speed, with a turn at the end of each wrap; so
 * does each drive read.
 */
#include "vtl/drive/impl.h"

#include "vtl/motion/place.h"

#define SECOND UINT64_C(1000000000)

bool drive_takes_time(const struct drive *drive)
{
	return !drive->instant && drive->section->speeds > 0;
}

bool drive_is_buffered(const struct drive *drive)
{
	const struct drive_options *o = &drive->options;

	if (o->buffering == DRIVE_BUFFERED_AS_MODEL)
		return o->buffer_bytes > 0 || drive->model->media[0].speeds > 0;
	return o->buffering == DRIVE_BUFFERED;
}

bool drive_has_motion(const struct drive *drive)
{
	return drive_is_buffered(drive) && !drive->options.holds_buffer &&
	    drive_takes_time(drive);
}

int64_t drive_model_ns(const struct drive *drive, int64_t model_ns)
{
	return drive->instant ? 0 : model_ns;
}

uint64_t drive_buffer_room(const struct drive *drive)
{
	return drive->options.buffer_bytes > 0 ? drive->options.buffer_bytes
					       : drive->model->buffer_bytes;
}

uint64_t drive_wrap_bytes(const struct drive *drive)
{
	return model_wrap_bytes(drive->section);
}

/*
 * Returns the rate at which the drive takes data: that of its bus, or that of
 * its compressor, which passes at most ratio_max_permille of what the medium
 * takes.
 */
static uint64_t intake_bytes_per_s(const struct drive *drive)
{
	const struct model *model = drive->model;
	const struct model_medium *section = drive->section;
	uint64_t most;

	if (section->speeds == 0 || model->ratio_max_permille == 0 ||
	    drive->layout.ratio_permille <= model->ratio_max_permille)
		return model->bus_bytes_per_s;
	most = section->speeds_bytes_per_s[section->speeds - 1] / 1000 *
	    model->ratio_max_permille;
	return model->bus_bytes_per_s > 0 && model->bus_bytes_per_s < most
	    ? model->bus_bytes_per_s
	    : most;
}

static struct motion_model motion_model(const struct drive *drive)
{
	struct motion_model m;

	motion_model_of(drive->model, drive->section, drive_buffer_room(drive),
	    &m);
	if (drive->options.has_write_delay)
		m.write_delay_ns = drive->options.write_delay_ns;
	m.bus_bytes_per_s = intake_bytes_per_s(drive);
	return m;
}

void drive_set_timing(struct drive *drive)
{
	const struct motion_model model = motion_model(drive);

	motion_set_model(drive->motion, &model);
	drive->is_moved = true;
}

/* Adds the counts of the medium that is unloaded. */
static void add_counts(struct drive_motion_counts *to,
    const struct motion_counts *counts, size_t section)
{
	to->stops_for_data += counts->stops_for_data;
	to->stops_for_flush += counts->stops_for_flush;
	to->stops_forced += counts->stops_forced;
	to->retries += counts->retries;
	to->turns += counts->turns;
	to->starts += counts->starts;
	to->hitch_ns = later_add(to->hitch_ns, counts->hitch_ns);
	to->turn_ns = later_add(to->turn_ns, counts->turn_ns);
	to->starved_ns = later_add(to->starved_ns, counts->starved_ns);
	to->waited_ns = later_add(to->waited_ns, counts->waited_ns);
	for (size_t i = 0; i < MODEL_SPEEDS_MAX; i++)
		to->speed_ns[section][i] =
		    later_add(to->speed_ns[section][i], counts->speed_ns[i]);
	to->fill_byte_ns += counts->fill_byte_ns;
}

static size_t section_index(const struct drive *drive)
{
	return (size_t)(drive->section - drive->model->media);
}

void drive_begin_timing(struct drive *drive, int64_t now_ns, int64_t done_ns)
{
	struct motion_model model;

	drive->section = model_medium(drive->model, drive->medium);
	model = motion_model(drive);
	motion_reset(drive->motion, &model, done_ns);
	drive->is_moved = false;
	drive->used_bytes = 0;
	drive->loaded_ns = now_ns;
	drive_spend_time(drive, DRIVE_LOADING, now_ns, done_ns);
}

void drive_end_timing(struct drive *drive, int64_t done_ns)
{
	struct motion_counts counts;

	motion_get_counts(drive->motion, done_ns, &counts);
	add_counts(&drive->counts, &counts, section_index(drive));
	if (done_ns > drive->loaded_ns)
		drive->counts.loaded_ns = later_add(drive->counts.loaded_ns,
		    done_ns - drive->loaded_ns);
}

void drive_spend_time(struct drive *drive, enum drive_motion what,
    int64_t from_ns, int64_t until_ns)
{
	struct drive_motion_counts *counts = &drive->counts;
	int64_t ns = until_ns - from_ns, *sum;

	switch (what) {
	case DRIVE_LOADING:
		sum = &counts->load_ns;
		break;
	case DRIVE_UNLOADING:
		sum = &counts->unload_ns;
		break;
	case DRIVE_REWINDING:
		sum = &counts->rewind_ns;
		break;
	case DRIVE_LOCATING:
		sum = &counts->locate_ns;
		break;
	case DRIVE_READING:
		sum = &counts->read_ns;
		break;
	case DRIVE_BACKHITCH:
		sum = &counts->hitch_ns;
		break;
	case DRIVE_TURNING:
		sum = &counts->turn_ns;
		break;
	default:
		sum = drive_takes_time(drive)
		    ? &counts->speed_ns[section_index(drive)]
				       [drive->section->speeds - 1]
		    : NULL;
		break;
	}
	if (sum != NULL)
		*sum = later_add(*sum, ns);
	drive->activity = what;
	drive->activity_ns = until_ns;
}

void drive_moved(struct drive *drive, int64_t now_ns, int64_t until_ns)
{
	drive->is_moved = false;
	motion_place(drive->motion, drive_medium_byte(drive, &drive->position),
	    now_ns, until_ns);
}

uint64_t drive_block_medium_bytes(const struct drive *drive,
    uint64_t block_bytes)
{
	uint64_t bytes =
	    extent_fit_medium_byte(&drive->layout, block_bytes, 1, 0);

	return bytes > 0 ? bytes : 1;
}

/* Returns the time of a block at the highest speed. */
static int64_t block_ns(const struct drive *drive, uint64_t medium_bytes)
{
	const struct model_medium *section = drive->section;
	uint64_t rate = section->speeds_bytes_per_s[section->speeds - 1];

	return later_scale(medium_bytes, SECOND, rate);
}

int64_t drive_block_ns(const struct drive *drive, uint64_t medium_bytes)
{
	return drive_takes_time(drive) ? block_ns(drive, medium_bytes) : 0;
}

void drive_transfer(struct drive *drive, uint64_t from_byte, uint64_t to_byte,
    enum drive_motion what, int64_t take_ns, struct drive_result *result)
{
	uint64_t wrap = drive_wrap_bytes(drive), turns = 0;
	int64_t begin = result->done_ns, turning;

	drive->used_bytes += to_byte - from_byte;
	if (!drive_takes_time(drive))
		return;
	if (wrap > 0)
		turns = to_byte / wrap - from_byte / wrap;
	turning = later_times(drive->model->turn_ns, turns);
	drive->counts.turns += turns;
	drive_spend_time(drive, DRIVE_TURNING, begin,
	    later_add(begin, turning));
	drive_add_ns(result, turning);
	begin = result->done_ns;
	drive_add_ns(result, take_ns);
	drive_spend_time(drive, what, begin, result->done_ns);
}

void drive_add_filemark_ns(struct drive *drive, struct drive_result *result)
{
	int64_t begin = result->done_ns;

	if (!drive_takes_time(drive) || drive->model->sync_without_hitch)
		return;
	drive_add_ns(result, drive->model->hitch_ns);
	drive->counts.stops_for_flush++;
	drive_spend_time(drive, DRIVE_BACKHITCH, begin, result->done_ns);
}

/*
 * Returns the byte of the tape at a position.  A partition is a number of whole
 * wraps, after those of the partitions before it: real drives divide a tape
 * that way, so that writing one does not touch another.
 */
static uint64_t tape_byte(const struct drive *drive,
    const struct volume_position *position)
{
	uint64_t wrap = drive_wrap_bytes(drive), begin = 0, bytes;
	unsigned i, partition = volume_get_active(drive->volume);

	for (i = 0; i < partition; i++) {
		bytes = volume_get_partition(drive->volume, i)->capacity_bytes;
		/* without wraps, as if they had one byte */
		begin += wrap > 0 ? ((bytes - 1) / wrap + 1) * wrap : bytes;
	}
	return begin + drive_medium_byte(drive, position);
}

/* The tape is at `to` after a move of `ns`. */
static void go(struct drive *drive, const struct volume_position *to,
    int64_t ns, struct drive_result *result)
{
	int64_t begin = result->done_ns;

	drive_add_ns(result, drive_model_ns(drive, ns));
	drive_spend_time(drive,
	    to->object == 0 ? DRIVE_REWINDING : DRIVE_LOCATING, begin,
	    result->done_ns);
	drive->position = *to;
	drive->is_elsewhere = false;
	drive->allow = DRIVE_ALLOW_NONE;
	drive->overflowed = false;
	drive->miscounted = false;
	drive->zone_blocks = 0;
	drive->state = DRIVE_READY;
	if (drive_has_motion(drive))
		drive_moved(drive, begin, result->done_ns);
}

uint64_t drive_place_byte(const struct drive *drive)
{
	return drive->is_elsewhere ? drive->elsewhere_byte
				   : tape_byte(drive, &drive->position);
}

void drive_go(struct drive *drive, const struct volume_position *to,
    struct drive_result *result)
{
	const struct model_medium *section = drive->section;
	uint64_t from = 0;
	int64_t ns = 0;

	if (!drive_takes_time(drive)) {
		go(drive, to, 0, result);
		return;
	}
	/* From a lost position, the drive goes to BOT first. */
	if (drive->state == DRIVE_LOST)
		ns = section->rewind_ns;
	else
		from = drive_place_byte(drive);
	ns += to->object == 0 && volume_get_active(drive->volume) == 0
	    ? place_rewind_ns(section, from)
	    : place_locate_ns(section, from, tape_byte(drive, to));
	go(drive, to, ns, result);
}

void drive_go_unload(struct drive *drive, struct drive_result *result)
{
	static const struct volume_position bot;
	const struct model_medium *section = drive->section;

	go(drive, &bot,
	    !drive_takes_time(drive) ? 0
		: drive->state == DRIVE_LOST
		? section->rewind_ns
		: place_unload_rewind_ns(drive->model, section,
		      drive_place_byte(drive), drive->used_bytes),
	    result);
}

/* Returns the time of all that is not standing. */
static int64_t busy_ns(const struct drive_motion_counts *counts)
{
	int64_t sum = later_add(counts->load_ns, counts->unload_ns);

	sum = later_add(sum, counts->rewind_ns);
	sum = later_add(sum, counts->locate_ns);
	sum = later_add(sum, counts->read_ns);
	sum = later_add(sum, counts->hitch_ns);
	sum = later_add(sum, counts->turn_ns);
	for (size_t i = 0; i < MODEL_MEDIA_MAX; i++)
		for (size_t k = 0; k < MODEL_SPEEDS_MAX; k++)
			sum = later_add(sum, counts->speed_ns[i][k]);
	return sum;
}

/* Returns the instant, or the last one that an answer has determined. */
static int64_t known_until(const struct drive *drive, int64_t now_ns)
{
	int64_t at_ns = drive->activity_ns > drive->answered_ns
	    ? drive->activity_ns
	    : drive->answered_ns;

	return now_ns > at_ns ? now_ns : at_ns;
}

void drive_get_motion_counts(struct drive *drive, int64_t now_ns,
    struct drive_motion_counts *counts)
{
	int64_t at_ns = known_until(drive, now_ns);
	struct motion_counts motion;

	*counts = drive->counts;
	if (drive->volume != NULL) {
		motion_get_counts(drive->motion, at_ns, &motion);
		add_counts(counts, &motion, section_index(drive));
		if (at_ns > drive->loaded_ns)
			counts->loaded_ns = later_add(counts->loaded_ns,
			    at_ns - drive->loaded_ns);
	}
	counts->standing_ns = counts->loaded_ns - busy_ns(counts);
	if (counts->standing_ns < 0)
		counts->standing_ns = 0;
}

enum drive_motion drive_get_motion(struct drive *drive, int64_t now_ns,
    uint64_t *bytes_per_s)
{
	static const enum drive_motion states[] = {
		[MOTION_STANDING] = DRIVE_STANDING,
		[MOTION_STREAMING] = DRIVE_STREAMING,
		[MOTION_BACKHITCH] = DRIVE_BACKHITCH,
		[MOTION_TURNING] = DRIVE_TURNING,
	};
	const struct model_medium *section = drive->section;
	enum drive_motion motion;
	size_t speed = section->speeds > 0 ? section->speeds - 1 : 0;

	*bytes_per_s = 0;
	if (now_ns < drive->activity_ns)
		motion = drive->activity;
	else if (drive->volume == NULL)
		return DRIVE_UNLOADED;
	else if (drive_has_motion(drive))
		motion =
		    states[motion_get_state(drive->motion, now_ns, &speed)];
	else
		motion = DRIVE_STANDING;
	if (motion == DRIVE_STREAMING)
		*bytes_per_s = section->speeds_bytes_per_s[speed];
	return motion;
}

uint64_t drive_get_fill(struct drive *drive, int64_t now_ns)
{
	if (drive->volume == NULL)
		return 0;
	return drive_has_motion(drive)
	    ? motion_buffered_bytes(drive->motion, now_ns)
	    : drive->queue.bytes;
}
