/* scsi_mode.c: modes and limits. */
#include "vtl/scsi/impl.h"

#include <string.h>

enum { MB = 1000000 };

static const struct sense bad_parameter = { SENSE_ILLEGAL_REQUEST, 0x26, 0, 0,
	0 };

/* In MODE SELECT, as many densities: it stays as it is. */
enum { NO_CHANGE = 0x7f };

void scsi_read_block_limits(struct scsi *unit, struct scsi_limits *limits,
    int64_t now_ns, struct scsi_answer *answer)
{
	limits->block_min_bytes = 1;
	limits->block_max_bytes = drive_model(unit->drive)->block_max_bytes;
	scsi_begin(unit, now_ns, answer);
}

/* The density of the medium; 0: there is none that the drive can use. */
static uint8_t density_of(const struct scsi *unit)
{
	const struct media_type *medium = drive_medium(unit->drive);
	uint8_t own = drive_model(unit->drive)->density;

	if (drive_media_use(unit->drive) == MEDIA_NONE)
		return 0;
	/* What is not an LTO drive has no such media. */
	return medium != NULL && own != 0 ? medium->density : own;
}

/* Whether the drive writes media of this density. */
static bool writes(const struct scsi *unit, uint8_t density)
{
	const struct model *model = drive_model(unit->drive);
	const char *const *code;

	for (code = media_codes(); *code != NULL; code++) {
		const struct media_type *type = media_type(*code, "");

		if (type != NULL && type->density == density &&
		    media_use(model->name, type) == MEDIA_WRITE)
			return true;
	}
	return density == model->density;
}

static bool may_have(const struct scsi *unit, uint8_t density)
{
	if (density == 0 || density == NO_CHANGE)
		return true;
	return drive_volume(unit->drive) != NULL ? density == density_of(unit)
						 : writes(unit, density);
}

void scsi_mode_sense(struct scsi *unit, struct scsi_mode *mode, int64_t now_ns,
    struct scsi_answer *answer)
{
	const struct volume *volume = drive_volume(unit->drive);

	*mode = unit->mode;
	mode->density = density_of(unit);
	mode->protected = volume != NULL &&
	    (drive_media_use(unit->drive) == MEDIA_READ ||
		volume_is_protected(volume));
	scsi_begin(unit, now_ns, answer);
}

/* Of what the drive was made with; rounded up, so that 0 is none. */
static uint16_t programmed_mb(const struct scsi *unit)
{
	uint64_t bytes = unit->options.programmed_bytes;
	uint64_t mb = bytes / MB + (bytes % MB != 0);

	return mb < UINT16_MAX ? (uint16_t)mb : UINT16_MAX;
}

/* Has the drive work in these modes. */
static void apply(struct scsi *unit)
{
	struct drive_options options = unit->options;

	options.buffered = unit->mode.buffered;
	/* MODE SENSE rounds it: given back, it is what it was. */
	if (unit->mode.programmed_mb != programmed_mb(unit))
		options.programmed_bytes =
		    (uint64_t)unit->mode.programmed_mb * MB;
	if (!unit->mode.compression) {
		options.zlib = false;
		options.layout.ratio_permille = 0;
		options.ratio_spread_permille = 0;
	}
	drive_set_options(unit->drive, &options);
}

void scsi_mode_default(struct scsi *unit)
{
	const struct drive_options *o = &unit->options;

	memset(&unit->mode, 0, sizeof unit->mode);
	unit->mode.buffered = o->buffered;
	unit->mode.compression = o->zlib || o->layout.ratio_permille != 0;
	unit->mode.programmed_mb = programmed_mb(unit);
	apply(unit);
}

static bool same(const struct scsi_mode *a, const struct scsi_mode *b)
{
	return a->block_bytes == b->block_bytes && a->buffered == b->buffered &&
	    a->compression == b->compression &&
	    a->programmed_mb == b->programmed_mb;
}

void scsi_mode_select(struct scsi *unit, const struct scsi_mode *mode,
    int64_t now_ns, struct scsi_answer *answer)
{
	const struct model *model = drive_model(unit->drive);
	struct drive_answer a;
	bool ready;

	if (!scsi_begin(unit, now_ns, answer))
		return;
	if (mode->block_bytes > model->block_max_bytes ||
	    !may_have(unit, mode->density)) {
		scsi_fail(answer, &bad_parameter);
		return;
	}
	/* Modes can be set without a medium, or a position on it, too. */
	ready = drive_is_ready(unit->drive);
	drive_flush(unit->drive, now_ns, &a);
	if (ready || a.deferred)
		scsi_take(unit, SCSI_OTHER, &a, answer);
	if (answer->check)
		return;
	if (same(&unit->mode, mode))
		return;
	unit->mode = *mode;
	apply(unit);
	scsi_raise(unit, SCSI_MODE_CHANGED);
}
