/* vtape.c: the tape interface of a virtual drive; see vtape.h. */
#include "vtl/library/vtape.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/base/media.h"
#include "vtl/library/impl.h"

struct vtape {
	struct tape tape; /* must be first: it is cast to this */
	struct drive *drive;
	struct pace *pace;
	bool labelled;
	bool written;
	uint64_t remarks; /* since vtape_new(): each result has them */
	struct vtape_tally tally;
};

/* The pace of a tape that is not paced; never changed. */
static struct pace no_pace;

_Static_assert((int)TAPE_BARCODE_BYTES == (int)VOLUME_BARCODE_BYTES,
    "struct tape holds every barcode");

static struct vtape *vtape_of(struct tape *tape)
{
	return (struct vtape *)tape;
}

static const struct vtape *const_vtape_of(const struct tape *tape)
{
	return (const struct vtape *)tape;
}

static void translate_at(struct vtape *vtape, const char *doing,
    const struct volume_position *place, const struct drive_result *answer,
    struct tape_result *result)
{
	vtape_translate_at(&vtape->tape, vtape->drive, doing, place, answer,
	    result);
	vtape_tally_take(&vtape->tally, doing, answer);
	vtape->remarks |= result->remarks;
	result->remarks = vtape->remarks;
}

void vtape_translate(struct tape *tape, const char *doing,
    const struct drive_result *answer, struct tape_result *result)
{
	struct volume_position place;

	drive_position(vtape_of(tape)->drive, &place);
	translate_at(vtape_of(tape), doing, &place, answer, result);
}

void vtape_log_use(struct tape *tape, struct volume *volume)
{
	vtape_tally_end(&vtape_of(tape)->tally, volume);
}

void vtape_note_load(struct tape *tape, int64_t now_ns)
{
	struct vtape_tally *tally = &vtape_of(tape)->tally;

	vtape_tally_begin(tally, vtape_of(tape)->drive, now_ns);
	switch (media_wear(tally->wear.loads, tally->wear.life_loads)) {
	case MEDIA_WORN:
		vtape_of(tape)->remarks |= TAPE_REMARK_WORN;
		break;
	case MEDIA_NEARLY_WORN:
		vtape_of(tape)->remarks |= TAPE_REMARK_NEARLY_WORN;
		break;
	case MEDIA_GOOD:
		break;
	}
}

static void limits(struct tape *tape, struct tape_limits *out)
{
	const struct media_type *medium = drive_medium(vtape_of(tape)->drive);

	out->block_min_bytes = 1;
	out->block_max_bytes =
	    drive_model(vtape_of(tape)->drive)->block_max_bytes;
	/* A virtual drive can wait for data. */
	out->streaming = SPLITTER_STREAMING_NONE;
	out->worm = medium != NULL && medium->worm;
}

static void position(struct tape *tape, struct tape_position *out)
{
	struct volume_position place;

	drive_position(vtape_of(tape)->drive, &place);
	out->file = place.file;
	out->object = place.object;
	out->byte = place.byte;
}

/* Writes a label or a header: a block that is stored for every payload. */
static void write_text(struct vtape *vtape, const void *block, uint64_t bytes,
    int64_t now_ns, struct drive_result *answer)
{
	const struct volume_run run = {
		.data = block,
		.bytes = bytes,
		.block_bytes = bytes,
		.keep = true,
	};

	drive_write(vtape->drive, &run, now_ns, answer);
	vtape->written |= answer->bytes > 0;
}

static void write_label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	struct vtape *vtape = vtape_of(tape);
	struct drive_result answer;

	drive_rewind(vtape->drive, now_ns, &answer);
	vtape_translate(tape, "write the label", &answer, result);
	if (result->cause != TAPE_OK)
		return;
	write_text(vtape, block, bytes, answer.done_ns, &answer);
	vtape_translate(tape, "write the label", &answer, result);
	if (result->cause != TAPE_OK)
		return;
	drive_write_filemarks(vtape->drive, 1, false, answer.done_ns, &answer);
	vtape_translate(tape, "write the filemark after the label", &answer,
	    result);
	if (result->cause != TAPE_OK)
		return;
	result->bytes = bytes;
	vtape->labelled = true;
}

static void write_header(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	struct drive_result answer;

	write_text(vtape_of(tape), block, bytes, now_ns, &answer);
	vtape_translate(tape, "write a header", &answer, result);
}

static void write_blocks(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *result)
{
	struct vtape *vtape = vtape_of(tape);
	const struct volume_run blocks = {
		.data = run->data,
		.bytes = run->bytes,
		.block_bytes = run->block_bytes,
		.dump_id = run->dump_id,
		.offset = run->offset,
	};
	struct drive_result answer;

	drive_write(vtape->drive, &blocks, now_ns, &answer);
	vtape->written |= answer.bytes > 0;
	vtape_translate(tape, "write", &answer, result);
}

/* Paced tapes exist in real time only, where nothing is repeated. */
static uint64_t repeat(struct tape *tape, const struct tape_repeat *repeat,
    struct tape_result *result)
{
	struct vtape *vtape = vtape_of(tape);
	const struct tape_run *run = &repeat->run;
	const struct drive_repeat writes = {
		.run = {
			.bytes = run->bytes,
			.block_bytes = run->block_bytes,
			.dump_id = run->dump_id,
			.offset = run->offset,
		},
		.times = repeat->times,
		.begin_ns = repeat->begin_ns,
		.every_ns = repeat->every_ns,
		.take_ns = repeat->take_ns,
	};
	struct drive_result answer;
	uint64_t done;

	if (vtape->pace->clock != NULL)
		return 0;
	done = drive_repeat(vtape->drive, &writes, &answer);
	if (done == 0)
		return 0;
	vtape->written |= done > 1 || answer.bytes > 0;
	vtape->tally.done[ALERT_WRITING].bytes += (done - 1) * run->bytes;
	vtape_translate(tape, "write", &answer, result);
	return done;
}

static void write_filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result)
{
	struct vtape *vtape = vtape_of(tape);
	struct drive_result answer;

	drive_write_filemarks(vtape->drive, 1, !sync, now_ns, &answer);
	vtape_translate(tape, "write a filemark", &answer, result);
	vtape->written |= result->cause == TAPE_OK;
}

static void read_one(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *result)
{
	struct volume_object object;
	struct volume_position place;
	struct drive_result answer;

	/*
	 * Get the position first: the drive passes a block that it cannot read.
	 */
	drive_position(vtape_of(tape)->drive, &place);
	drive_read(vtape_of(tape)->drive, buf, buf_bytes, &object, now_ns,
	    &answer);
	translate_at(vtape_of(tape), "read", &place, &answer, result);
	block->bytes = object.bytes;
	block->has_data = object.has_data;
	block->dump_id = object.dump_id;
	block->offset = object.offset;
}

uint64_t vtape_read_alike(struct tape *tape, const struct tape_block *block,
    uint64_t bytes)
{
	struct drive_result answer;

	if (block->has_data || block->bytes == 0)
		return 0;
	drive_read_alike(vtape_of(tape)->drive, block->bytes, bytes, 0,
	    &answer);
	vtape_of(tape)->tally.done[ALERT_READING].bytes += answer.bytes;
	return answer.bytes;
}

static void locate_file(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result)
{
	struct drive_result answer;
	char doing[48];

	drive_locate_file(vtape_of(tape)->drive, file, now_ns, &answer);
	snprintf(doing, sizeof doing, "go to file %" PRIu64, file);
	vtape_translate(tape, doing, &answer, result);
}

static void space_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	struct drive_result answer;

	drive_space_eod(vtape_of(tape)->drive, now_ns, &answer);
	vtape_translate(tape, "go to the end of data", &answer, result);
}

static void rewind_to_bot(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	struct drive_result answer;

	drive_rewind(vtape_of(tape)->drive, now_ns, &answer);
	vtape_translate(tape, "rewind", &answer, result);
}

static void identity(struct tape *tape, struct tape_identity *out)
{
	const struct drive *drive = vtape_of(tape)->drive;
	const struct media_type *medium = drive_medium(drive);
	struct volume *volume = drive_volume(drive);

	volume_get_serial(volume, out->serial);
	volume_get_text(volume, VOLUME_ATTRIBUTE_BARCODE, out->barcode);
	strcpy(out->maker, VOLUME_MAKER);
	if (medium != NULL)
		snprintf(out->generation, sizeof out->generation, "%s",
		    medium->name);
	out->change_reference = volume_change_reference(volume);
	out->partitions = volume_partitions(volume);
	out->write_once =
	    medium != NULL && medium->worm ? TAPE_KNOWN_YES : TAPE_KNOWN_NO;
	out->blank_proof = TAPE_BLANK_PROOF_SENSE;
}

static void condition(struct tape *tape, struct tape_condition *out)
{
	vtape_get_condition(vtape_of(tape)->drive, &vtape_of(tape)->tally, out);
}

static void format_medium(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	static const struct drive_target begin = { .changes_partition = true };
	struct drive *drive = vtape_of(tape)->drive;
	const uint64_t bytes = volume_usable_bytes(drive_volume(drive));
	struct drive_result answer;

	drive_locate(drive, &begin, now_ns, &answer);
	if (!answer.check)
		drive_format(drive, bytes, &bytes, 1, answer.done_ns, &answer);
	vtape_translate(tape, "format", &answer, result);
	vtape_of(tape)->written |= result->cause == TAPE_OK;
}

void vtape_finish(struct tape *tape, int64_t now_ns, struct tape_result *result)
{
	struct vtape *vtape = vtape_of(tape);
	struct volume_position end, at;
	uint64_t objects, bytes;
	struct drive_result answer;

	tape_result_init(result, now_ns);
	if (!vtape->written)
		return;
	/* The last block may be in the buffer. */
	drive_buffered(vtape->drive, &objects, &bytes);
	if (objects > 0) {
		drive_flush(vtape->drive, now_ns, &answer);
		vtape_translate(tape, "write the buffer", &answer, result);
		if (result->cause != TAPE_OK)
			return;
		now_ns = result->done_ns;
	}
	if (!volume_ends_in_block(drive_volume(vtape->drive)))
		return;
	space_eod(tape, now_ns, result);
	if (result->cause != TAPE_OK)
		return;
	drive_position(vtape->drive, &end);
	write_filemark(tape, true, result->done_ns, result);
	drive_position(vtape->drive, &at);
	if (result->cause != TAPE_OK || at.object == end.object + 1)
		return;
	result->cause = TAPE_POSITION_LOST;
	snprintf(result->message, sizeof result->message,
	    "volume %s: the drive moved the tape by itself before the last "
	    "filemark, which is object %" PRIu64 " instead of %" PRIu64
	    ": scan the volume to see what is left",
	    tape->barcode, at.object - 1, end.object);
}

bool vtape_is_labelled(const struct tape *tape)
{
	return const_vtape_of(tape)->labelled;
}

bool vtape_is_written(const struct tape *tape)
{
	return const_vtape_of(tape)->written;
}

struct drive *vtape_drive(const struct tape *tape)
{
	return const_vtape_of(tape)->drive;
}

/*
 * The operations of the interface: those above, at the model time of the drive,
 * and until they are complete.
 */

static void label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	struct pace *pace = vtape_of(tape)->pace;
	struct pace_call call = pace_begin(pace, now_ns);

	write_label(tape, block, bytes, call.begun_ns, result);
	result->done_ns = pace_end(pace, &call, result->done_ns);
}

static void start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	struct pace *pace = vtape_of(tape)->pace;
	struct pace_call call = pace_begin(pace, now_ns);

	write_header(tape, block, bytes, call.begun_ns, result);
	result->done_ns = pace_end(pace, &call, result->done_ns);
}

static void write_run(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *result)
{
	struct pace *pace = vtape_of(tape)->pace;
	struct pace_call call = pace_begin(pace, now_ns);

	write_blocks(tape, run, call.begun_ns, result);
	result->done_ns = pace_end(pace, &call, result->done_ns);
}

static void filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result)
{
	struct pace *pace = vtape_of(tape)->pace;
	struct pace_call call = pace_begin(pace, now_ns);

	write_filemark(tape, sync, call.begun_ns, result);
	result->done_ns = pace_end(pace, &call, result->done_ns);
}

static void read_block(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *result)
{
	struct pace *pace = vtape_of(tape)->pace;
	struct pace_call call = pace_begin(pace, now_ns);

	read_one(tape, buf, buf_bytes, block, call.begun_ns, result);
	result->done_ns = pace_end(pace, &call, result->done_ns);
}

static void locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result)
{
	struct pace *pace = vtape_of(tape)->pace;
	struct pace_call call = pace_begin(pace, now_ns);

	locate_file(tape, file, call.begun_ns, result);
	result->done_ns = pace_end(pace, &call, result->done_ns);
}

static void locate_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	struct pace *pace = vtape_of(tape)->pace;
	struct pace_call call = pace_begin(pace, now_ns);

	space_eod(tape, call.begun_ns, result);
	result->done_ns = pace_end(pace, &call, result->done_ns);
}

static void rewind_tape(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	struct pace *pace = vtape_of(tape)->pace;
	struct pace_call call = pace_begin(pace, now_ns);

	rewind_to_bot(tape, call.begun_ns, result);
	result->done_ns = pace_end(pace, &call, result->done_ns);
}

static void format(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	struct pace *pace = vtape_of(tape)->pace;
	struct pace_call call = pace_begin(pace, now_ns);

	format_medium(tape, call.begun_ns, result);
	result->done_ns = pace_end(pace, &call, result->done_ns);
}

static const struct tape_ops ops = {
	.name = "vtape",
	.limits = limits,
	.position = position,
	.label = label,
	.start_file = start_file,
	.write = write_run,
	.repeat = repeat,
	.filemark = filemark,
	.read = read_block,
	.locate = locate,
	.locate_eod = locate_eod,
	.rewind = rewind_tape,
	.identity = identity,
	.format = format,
	.condition = condition,
};

struct tape *vtape_new(struct drive *drive, unsigned number)
{
	struct vtape *vtape = calloc(1, sizeof *vtape);

	if (vtape == NULL)
		return NULL;
	vtape->tape.ops = &ops;
	vtape->tape.drive = number;
	strcpy(vtape->tape.barcode,
	    volume_get_spec(drive_volume(drive))->barcode);
	vtape->drive = drive;
	vtape->pace = &no_pace;
	return &vtape->tape;
}

void vtape_set_pace(struct tape *tape, struct pace *pace)
{
	vtape_of(tape)->pace = pace;
}

void vtape_free(struct tape *tape)
{
	free(tape);
}
