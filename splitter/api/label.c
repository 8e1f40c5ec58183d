/* label.c: labels a volume as scratch, if that is allowed. */
#include "splitter/api/label.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/api/loaded.h"
#include "splitter/api/struct.h"
#include "splitter/core/core.h"
#include "splitter/format/volume_policy.h"
#include "splitter/read/look.h"

static const struct splitter_label_config defaults = {
	.block_bytes = 32 << 10,
};

void splitter_label_config_init(struct splitter_label_config *config,
    size_t config_bytes, unsigned api)
{
	struct_init(config, config_bytes, api, &defaults, sizeof defaults);
}

/* A volume that is being labelled. */
struct labelling {
	const struct splitter_label_config *config;
	struct volume_policy_rules rules;
	struct splitter_scan_volume volume;
	struct tape *tape;
	struct cursor c; /* reads into `block` */
	char *block;     /* the old label, and then the new one */
	struct look look;
	bool must_format;
	int64_t now_ns;
	struct splitter_label_result *result;
};

static void refuse(struct labelling *l, enum splitter_label_status status,
    const char *why)
{
	l->result->status = status;
	snprintf(l->result->message, sizeof l->result->message, "%s", why);
}

/* Looks at the beginning of the volume.  Returns false if it is not reached. */
static bool look(struct labelling *l)
{
	if (cursor_locate(&l->c, 0))
		look_at_volume(&l->look, &l->c, l->tape->barcode);
	else
		refuse(l, SPLITTER_LABEL_REFUSED,
		    tape_result_text(&l->c.result));
	l->now_ns = l->c.now_ns;
	return l->result->status != SPLITTER_LABEL_REFUSED;
}

/*
 * Asks a person about the contents of the volume, and then looks at the volume
 * again, because the cartridge may have been exchanged meanwhile.
 */
static bool ask(struct labelling *l, const char *what)
{
	char again[TAPE_MESSAGE_BYTES] = "";

	if (!l->config->may_overwrite(l->config->arg, what)) {
		refuse(l, SPLITTER_LABEL_REFUSED,
		    "overwriting it was not confirmed");
		return false;
	}
	if (!look(l))
		return false;
	if (volume_policy_judge(&l->rules, &l->look.volume, again,
		sizeof again) == VOLUME_POLICY_ASK &&
	    strcmp(what, again) == 0)
		return true;
	refuse(l, SPLITTER_LABEL_REFUSED,
	    "its contents have changed since overwriting was confirmed");
	return false;
}

/* Whether the rules, or the program, allow it. */
static bool judge(struct labelling *l)
{
	const struct splitter_label_config *c = l->config;
	const struct look *found = &l->look;
	const struct header *label = &found->header;
	const char *barcode = l->tape->barcode;
	/* A volume with a good label is labelled again only on request. */
	/* An acceptance run labels scratch volumes and its own again. */
	bool asked =
	    c->overwrite_count > 0 || c->may_overwrite != NULL || c->test;
	bool agree = found->volume.found == VOLUME_POLICY_LABEL &&
	    (barcode[0] == '\0' || strcmp(barcode, label->volume) == 0);
	char why[TAPE_MESSAGE_BYTES];

	if (agree && label->type == HEADER_SCRATCH && !asked) {
		refuse(l, SPLITTER_LABEL_IS_SCRATCH,
		    "it is labelled as scratch already");
		return false;
	}
	if (agree && label->type != HEADER_SCRATCH && !asked) {
		refuse(l, SPLITTER_LABEL_HAS_DUMPS, "there are dumps on it");
		return false;
	}
	switch (volume_policy_judge(&l->rules, &found->volume, why,
	    sizeof why)) {
	case VOLUME_POLICY_WRITE_LABEL:
		return true;
	case VOLUME_POLICY_FORMAT:
		l->must_format = true;
		return true;
	case VOLUME_POLICY_ASK:
		l->must_format = found->volume.partitioned;
		return ask(l, why);
	default:
		break;
	}
	refuse(l, SPLITTER_LABEL_REFUSED, why);
	return false;
}

static bool may_label(struct labelling *l)
{
	const struct splitter_scan_volume *v = &l->volume;

	/* The program learns of the volume by the scan, and decides by this. */
	if (v->kind != SPLITTER_VOLUME_UNREADABLE || v->locked) {
		if (!look(l))
			return false;
	} else {
		l->look.volume.found = VOLUME_POLICY_ERROR;
		l->look.volume.barcode = l->tape->barcode;
		l->look.volume.label = &l->look.header;
		l->look.volume.why = v->why;
		l->look.volume.worm = v->worm;
	}
	if (l->look.volume.worm) {
		refuse(l, SPLITTER_LABEL_WORM,
		    "it is a write-once medium (WORM): a scratch label would "
		    "make it unusable");
		return false;
	}
	if (v->barcode[0] == '\0' && l->look.identity.serial[0] == '\0' &&
	    v->kind != SPLITTER_VOLUME_UNREADABLE) {
		refuse(l, SPLITTER_LABEL_NO_NAME, "it has no name");
		return false;
	}
	return judge(l);
}

/* Returns whether the drive takes a label of this size. */
static bool check_block(struct labelling *l)
{
	struct splitter_label_result *r = l->result;
	uint64_t bytes = l->config->block_bytes;

	/* The room is a block, or the most that the drive takes. */
	if (bytes == l->c.room_bytes)
		return true;
	r->status = SPLITTER_LABEL_FAILED;
	r->cause = TAPE_INVALID;
	snprintf(r->message, sizeof r->message,
	    "its drive takes blocks of %" PRIu64
	    " bytes at most, not of %" PRIu64,
	    l->c.room_bytes, bytes);
	return false;
}

/* The cartridge may have been exchanged since it was looked at. */
static bool is_same_medium(struct labelling *l)
{
	char why[TAPE_MESSAGE_BYTES];

	if (look_is_same_medium(l->tape, &l->look.identity, false, why,
		sizeof why))
		return true;
	refuse(l, SPLITTER_LABEL_REFUSED, why);
	return false;
}

/* Formats the medium if that is necessary, and writes the label. */
static void write_label(struct labelling *l)
{
	uint64_t bytes = l->config->block_bytes;
	struct header h = { .type = HEADER_SCRATCH, .block_bytes = bytes };
	struct splitter_label_result *r = l->result;
	struct tape_result result = { .cause = TAPE_OK };

	if (l->config->before_label != NULL)
		l->config->before_label(l->config->arg, &l->volume);
	snprintf(h.volume, sizeof h.volume, "%s",
	    l->volume.barcode[0] != '\0' ? l->volume.barcode
					 : l->look.identity.serial);
	memcpy(h.serial, l->look.identity.serial, sizeof h.serial);
	if (l->config->test)
		strcpy(h.purpose, HEADER_PURPOSE_TEST);
	header_format(&h, NULL, 0, l->block, bytes);
	if (l->must_format) {
		l->tape->ops->format(l->tape, l->now_ns, &result);
		l->now_ns = result.done_ns;
	}
	if (result.cause == TAPE_OK)
		l->tape->ops->label(l->tape, l->block, bytes, l->now_ns,
		    &result);
	l->now_ns = result.done_ns;
	r->cause = result.cause;
	r->close = core_close_reason(result.cause, false);
	r->status = result.cause == TAPE_OK ? SPLITTER_LABEL_WRITTEN
					    : SPLITTER_LABEL_FAILED;
	snprintf(r->message, sizeof r->message, "%s", result.message);
}

/* Reads the label of the volume, and writes the new one. */
static void label(struct labelling *l, struct splitter_scan *scan)
{
	size_t before = splitter_scan_volume_count(scan);

	if (splitter_scan_label(scan, l->tape, &l->now_ns) != 0 ||
	    splitter_scan_volume_count(scan) == before ||
	    splitter_scan_get_volume(scan, before, &l->volume,
		sizeof l->volume) != 0) {
		refuse(l, SPLITTER_LABEL_NO_MEMORY,
		    "out of memory for the contents of the volume");
		return;
	}
	l->c = (struct cursor){ .tape = l->tape, .now_ns = l->now_ns };
	l->c.room_bytes = cursor_block_max_bytes(&l->c);
	if (l->config->block_bytes < l->c.room_bytes)
		l->c.room_bytes = l->config->block_bytes;
	l->c.block = l->block = malloc(l->c.room_bytes);
	if (l->block == NULL) {
		refuse(l, SPLITTER_LABEL_NO_MEMORY, "out of memory");
		return;
	}
	if (may_label(l) && check_block(l) && is_same_medium(l))
		write_label(l);
	free(l->block);
}

static int check(const struct splitter_label_config *c, char *err,
    size_t err_bytes)
{
	size_t i;

	if (c->block_bytes < TAPE_BLOCK_MIN_BYTES) {
		snprintf(err, err_bytes,
		    "block_bytes: too small for a label; use at least %d",
		    TAPE_BLOCK_MIN_BYTES);
		return -1;
	}
	for (i = 0; i < c->overwrite_count; i++)
		if (c->overwrite == NULL || c->overwrite[i] == NULL ||
		    !header_barcode_valid(c->overwrite[i])) {
			snprintf(err, err_bytes,
			    "overwrite: element %zu is not a barcode or serial "
			    "number",
			    i);
			return -1;
		}
	return 0;
}

int splitter_label_volume(struct splitter_scan *scan, struct tape *tape,
    const struct splitter_label_config *config, int64_t *now_ns,
    struct splitter_label_result *result, size_t result_bytes, char *err,
    size_t err_bytes)
{
	struct splitter_label_config c = defaults;
	struct splitter_label_result full = { .close = TAPE_CLOSE_REFUSED };
	struct labelling l = {
		.config = &c, .now_ns = *now_ns, .result = &full
	};
	struct loaded loaded;
	struct tape_result loading;

	if (struct_read(config, &c, sizeof c, err, err_bytes) != 0 ||
	    check(&c, err, err_bytes) != 0)
		return -1;
	if (loaded_init(&loaded, tape, *now_ns, &loading) != 0) {
		refuse(&l, SPLITTER_LABEL_REFUSED, loading.message);
	} else {
		l.tape = loaded.tape;
		l.rules = (struct volume_policy_rules){ .label_blank = true,
			.overwrite = { c.overwrite, c.overwrite_count },
			.unnamed = c.may_overwrite != NULL,
			.format = c.format,
			.test = c.test };
		label(&l, scan);
	}
	loaded_clear(&loaded, l.now_ns);
	*now_ns = l.now_ns;
	struct_write(&full, sizeof full, result, result_bytes);
	return 0;
}
