/* vtape.c: the tape interface of a virtual drive; see vtape.h. */
#include "vtl/library/vtape.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct vtape {
	struct tape tape; /* must be first: it is cast to this */
	struct drive *drive;
	bool labelled;
	bool written;
};

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

static enum tape_cause medium_cause(const struct drive_result *answer)
{
	if (answer->sense.asc == 0x3b && answer->sense.ascq == 0)
		return TAPE_POSITION_LOST;
	return answer->deferred ? TAPE_DEFERRED_ERROR : TAPE_MEDIUM_ERROR;
}

static enum tape_cause cause_of(const struct vtape *vtape,
    const struct drive_result *answer)
{
	const struct sense *sense = &answer->sense;
	struct volume_position end = { .object = 0 };

	if (!answer->check)
		return TAPE_OK;
	if (answer->storage)
		return TAPE_STORAGE_FAILED;
	switch (sense->key) {
	case SENSE_NO_SENSE:
		return sense->filemark ? TAPE_FILEMARK : TAPE_OK;
	case SENSE_RECOVERED:
		return TAPE_OK;
	case SENSE_MEDIUM_ERROR:
		return medium_cause(answer);
	case SENSE_HARDWARE_ERROR:
		return TAPE_HARDWARE_ERROR;
	case SENSE_ILLEGAL_REQUEST:
		return TAPE_INVALID;
	case SENSE_UNIT_ATTENTION:
		return sense->asc == 0x28 || sense->asc == 0x29
		    ? TAPE_POSITION_LOST
		    : TAPE_UNKNOWN_ERROR;
	case SENSE_DATA_PROTECT:
		return TAPE_WRITE_PROTECTED;
	case SENSE_BLANK_CHECK:
		volume_end(drive_volume(vtape->drive), &end);
		return end.object == 0 ? TAPE_BLANK : TAPE_EOD;
	case SENSE_VOLUME_OVERFLOW:
		return TAPE_PEOM;
	}
	return TAPE_UNKNOWN_ERROR;
}

/* Returns the meaning of an error, and what to do about it. */
static const char *explain(const struct drive *drive, enum tape_cause cause,
    const char *doing, const struct sense *sense)
{
	if (cause == TAPE_STORAGE_FAILED)
		return sense->asc == 0x11 ? "this host cannot read its file"
					  : "this host cannot write its file";
	if (sense->asc == 0x74)
		return "the drive refuses because of its encryption settings";
	if (sense->asc == 0x27 && drive_media_use(drive) == MEDIA_READ)
		return "the drive can only read this type of medium";
	if (sense->asc == 0x30 && sense->ascq == 0)
		return "incompatible medium: use another drive";
	if (sense->asc == 0x30 && sense->ascq == 0x0c)
		return "written data on a write-once (WORM) medium cannot be "
		       "overwritten";
	switch (cause) {
	case TAPE_MEDIUM_ERROR:
		return strncmp(doing, "write", 5) == 0
		    ? "medium error: do not write to this volume again"
		    : tape_cause_text(cause);
	case TAPE_INVALID:
		return sense->asc == 0x24
		    ? "the block is longer than the drive allows"
		    : "the block is longer than the buffer";
	default:
		return sense->key == SENSE_NOT_READY ? "the drive is not ready"
						     : tape_cause_text(cause);
	}
}

/* Translates the result of an operation at `place`, like vtape_translate(). */
static void translate_at(const struct tape *tape, const char *doing,
    const struct volume_position *place, const struct drive_result *answer,
    struct tape_result *result)
{
	const struct vtape *vtape = const_vtape_of(tape);
	const struct sense *sense = &answer->sense;

	tape_result_init(result, answer->done_ns);
	result->cause = cause_of(vtape, answer);
	result->bytes = answer->bytes;
	result->leom = drive_is_past_warning(vtape->drive) ||
	    (answer->check && answer->sense.key == SENSE_NO_SENSE &&
		answer->sense.eom);
	if (!answer->check)
		return;
	result->sense.key = sense->key;
	result->sense.asc = sense->asc;
	result->sense.ascq = sense->ascq;
	result->sense.valid = true;
	if (result->cause == TAPE_OK)
		return;
	snprintf(result->message, sizeof result->message,
	    "volume %s, file %" PRIu64 ", object %" PRIu64 ", byte %" PRIu64
	    ": %s: %s (sense %X/%02X/%02X)%s%s",
	    tape->barcode, place->file, place->object, place->byte, doing,
	    explain(vtape->drive, result->cause, doing, sense), sense->key,
	    sense->asc, sense->ascq, answer->detail != NULL ? ": " : "",
	    answer->detail != NULL ? answer->detail : "");
}

void vtape_translate(const struct tape *tape, const char *doing,
    const struct drive_result *answer, struct tape_result *result)
{
	struct volume_position place;

	drive_position(const_vtape_of(tape)->drive, &place);
	translate_at(tape, doing, &place, answer, result);
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

static void label(struct tape *tape, const void *block, uint64_t bytes,
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

static void start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	struct drive_result answer;

	write_text(vtape_of(tape), block, bytes, now_ns, &answer);
	vtape_translate(tape, "write a header", &answer, result);
}

static void write_run(struct tape *tape, const struct tape_run *run,
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

static void filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result)
{
	struct vtape *vtape = vtape_of(tape);
	struct drive_result answer;

	drive_write_filemarks(vtape->drive, 1, !sync, now_ns, &answer);
	vtape_translate(tape, "write a filemark", &answer, result);
	vtape->written |= result->cause == TAPE_OK;
}

static void read_block(struct tape *tape, void *buf, uint64_t buf_bytes,
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
	translate_at(tape, "read", &place, &answer, result);
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
	return answer.bytes;
}

static void locate(struct tape *tape, uint64_t file, int64_t now_ns,
    struct tape_result *result)
{
	struct drive_result answer;
	char doing[48];

	drive_locate_file(vtape_of(tape)->drive, file, now_ns, &answer);
	snprintf(doing, sizeof doing, "go to file %" PRIu64, file);
	vtape_translate(tape, doing, &answer, result);
}

static void locate_eod(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	struct drive_result answer;

	drive_space_eod(vtape_of(tape)->drive, now_ns, &answer);
	vtape_translate(tape, "go to the end of data", &answer, result);
}

static void rewind_tape(struct tape *tape, int64_t now_ns,
    struct tape_result *result)
{
	struct drive_result answer;

	drive_rewind(vtape_of(tape)->drive, now_ns, &answer);
	vtape_translate(tape, "rewind", &answer, result);
}

void vtape_finish(struct tape *tape, int64_t now_ns, struct tape_result *result)
{
	struct vtape *vtape = vtape_of(tape);
	struct volume_position end, at;

	tape_result_init(result, now_ns);
	if (!vtape->written ||
	    !volume_ends_in_block(drive_volume(vtape->drive)))
		return;
	locate_eod(tape, now_ns, result);
	if (result->cause != TAPE_OK)
		return;
	drive_position(vtape->drive, &end);
	filemark(tape, true, result->done_ns, result);
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

static const struct tape_ops ops = {
	.name = "vtape",
	.limits = limits,
	.position = position,
	.label = label,
	.start_file = start_file,
	.write = write_run,
	.filemark = filemark,
	.read = read_block,
	.locate = locate,
	.locate_eod = locate_eod,
	.rewind = rewind_tape,
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
	return &vtape->tape;
}

void vtape_free(struct tape *tape)
{
	free(tape);
}
