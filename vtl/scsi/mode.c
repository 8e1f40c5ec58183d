/* mode.c: MODE SENSE, MODE SELECT, READ BLOCK LIMITS. */
#include "vtl/scsi/impl.h"

#include <string.h>

static const struct sense bad_parameter = { SENSE_ILLEGAL_REQUEST, 0x26, 0, 0,
	0 };

/* The density code of MODE SELECT that leaves the density as it is. */
enum { NO_CHANGE = 0x7f };

uint32_t scsi_block_bytes(const struct scsi *unit)
{
	return unit->mode.block_bytes;
}

void scsi_read_block_limits(struct scsi *unit, struct scsi_block_limits *limits,
    int64_t now_ns, struct scsi_result *result)
{
	limits->block_min_bytes = 1;
	limits->block_max_bytes = drive_model(unit->drive)->block_max_bytes;
	scsi_begin(unit, now_ns, result);
}

/* Returns the density of the medium; 0 if there is no usable medium. */
static uint8_t density_of(const struct scsi *unit)
{
	const struct model *model = drive_model(unit->drive);
	const struct media_type *medium = drive_medium(unit->drive);

	if (drive_media_use(unit->drive) == MEDIA_NONE)
		return 0;
	/* Only LTO drives have media of other densities. */
	return medium != NULL && !model_takes_all(model) ? medium->density
							 : model->density;
}

/* Returns whether the drive writes media of this density. */
static bool writes(const struct scsi *unit, uint8_t density)
{
	const struct model *model = drive_model(unit->drive);
	const char *const *code;

	for (code = media_codes(); *code != NULL && !model_takes_all(model);
	     code++) {
		const struct media_type *type = media_find_type(*code, "");

		if (type != NULL && type->density == density &&
		    model_use(model, type) == MEDIA_WRITE)
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

bool scsi_has_descriptor_sense(const struct scsi *unit)
{
	return unit->mode.descriptor_sense;
}

void scsi_mode_sense(struct scsi *unit, struct scsi_mode *mode, int64_t now_ns,
    struct scsi_result *result)
{
	*mode = unit->mode;
	mode->density = density_of(unit);
	mode->protected = scsi_is_protected(unit);
	scsi_begin(unit, now_ns, result);
}

static bool same(const struct scsi_mode *a, const struct scsi_mode *b)
{
	return a->block_bytes == b->block_bytes && a->buffered == b->buffered &&
	    a->compression == b->compression &&
	    a->decompression == b->decompression && a->pews_mb == b->pews_mb &&
	    a->append_only == b->append_only &&
	    a->write_delay_ds == b->write_delay_ds &&
	    a->write_protected == b->write_protected &&
	    a->exceptions == b->exceptions && a->mrie == b->mrie &&
	    a->descriptor_sense == b->descriptor_sense;
}

void scsi_mode_select(struct scsi *unit, const struct scsi_mode *mode,
    int64_t now_ns, struct scsi_result *result)
{
	const struct model *model = drive_model(unit->drive);
	struct drive_result a;
	bool ready;

	if (!scsi_begin(unit, now_ns, result))
		return;
	if (mode->block_bytes > model->block_max_bytes ||
	    !may_have(unit, mode->density)) {
		scsi_fail(result, &bad_parameter);
		return;
	}
	/* Modes can be set even without a medium or a known position. */
	ready = drive_is_ready(unit->drive);
	drive_flush(unit->drive, now_ns, &a);
	if (ready || a.deferred)
		scsi_take_result(unit, SCSI_OTHER, &a, result);
	if (result->check)
		return;
	if (same(&unit->mode, mode))
		return;
	unit->mode = *mode;
	scsi_mode_apply(unit);
	scsi_attention_establish(&unit->nexuses, SCSI_MODE_CHANGED,
	    unit->nexus);
}
