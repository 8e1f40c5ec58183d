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
	struct splitter_scan_volume volume;
	struct tape *tape;
	int64_t now_ns;
	struct splitter_label_result *result;
};

static void refuse(struct labelling *l, enum splitter_label_status status,
    const char *why)
{
	l->result->status = status;
	snprintf(l->result->message, sizeof l->result->message, "%s", why);
}

/* The content of the first block in the words of volume_policy.h. */
static enum volume_policy_found found_of(const struct splitter_scan_volume *v)
{
	switch (v->kind) {
	case SPLITTER_VOLUME_BLANK:
		return VOLUME_POLICY_BLANK;
	case SPLITTER_VOLUME_SCRATCH:
	case SPLITTER_VOLUME_DUMPS:
		return VOLUME_POLICY_LABEL;
	case SPLITTER_VOLUME_FOREIGN:
		return VOLUME_POLICY_FOREIGN;
	default:
		return v->locked ? VOLUME_POLICY_LOCKED : VOLUME_POLICY_ERROR;
	}
}

/* Whether the rules, or the program, allow it. */
static bool judge(struct labelling *l)
{
	const struct splitter_label_config *c = l->config;
	const struct splitter_scan_volume *v = &l->volume;
	const char *barcode = l->tape->barcode;
	bool scratch = v->kind == SPLITTER_VOLUME_SCRATCH;
	const struct volume_policy_rules rules = { .label_blank = true,
		.overwrite = { c->overwrite, c->overwrite_count },
		.unnamed = c->may_overwrite != NULL };
	struct header label = { .type =
				    scratch ? HEADER_SCRATCH : HEADER_LABEL };
	const struct volume_policy_volume volume = { .barcode = barcode,
		.found = found_of(v),
		.label = &label,
		.why = v->why };
	/* A volume with a good label is labelled again only on request. */
	bool asked = c->overwrite_count > 0 || c->may_overwrite != NULL;
	bool agree = barcode[0] == '\0' || strcmp(barcode, v->label) == 0;
	char why[TAPE_MESSAGE_BYTES];

	snprintf(label.volume, sizeof label.volume, "%s", v->label);
	snprintf(label.dump, sizeof label.dump, "%s", v->dump);
	if (scratch && agree && !asked) {
		refuse(l, SPLITTER_LABEL_IS_SCRATCH,
		    "it is labelled as scratch already");
		return false;
	}
	if (v->kind == SPLITTER_VOLUME_DUMPS && agree && !asked) {
		refuse(l, SPLITTER_LABEL_HAS_DUMPS, "there are dumps on it");
		return false;
	}
	switch (volume_policy_judge(&rules, &volume, why, sizeof why)) {
	case VOLUME_POLICY_WRITE_LABEL:
		return true;
	case VOLUME_POLICY_ASK:
		if (c->may_overwrite(c->arg, why))
			return true;
		snprintf(why, sizeof why, "overwriting it was not confirmed");
		break;
	default:
		break;
	}
	refuse(l, SPLITTER_LABEL_REFUSED, why);
	return false;
}

static bool may_label(struct labelling *l)
{
	const struct splitter_scan_volume *v = &l->volume;

	if (v->worm) {
		refuse(l, SPLITTER_LABEL_WORM,
		    "it is a write-once medium (WORM): a scratch label would "
		    "make it unusable");
		return false;
	}
	if (v->barcode[0] == '\0' && v->kind != SPLITTER_VOLUME_UNREADABLE) {
		refuse(l, SPLITTER_LABEL_NO_NAME, "it has no name");
		return false;
	}
	return judge(l);
}

static void write_label(struct labelling *l)
{
	uint64_t bytes = l->config->block_bytes;
	struct header h = { .type = HEADER_SCRATCH, .block_bytes = bytes };
	struct splitter_label_result *r = l->result;
	struct tape_result result;
	struct tape_limits limits = { .worm = false };
	char *block;

	r->status = SPLITTER_LABEL_FAILED;
	r->cause = TAPE_INVALID;
	l->tape->ops->limits(l->tape, &limits);
	if (limits.block_max_bytes > TAPE_BLOCK_MAX_BYTES)
		limits.block_max_bytes = TAPE_BLOCK_MAX_BYTES;
	if (bytes > limits.block_max_bytes) {
		snprintf(r->message, sizeof r->message,
		    "its drive takes blocks of %" PRIu64
		    " bytes at most, not of %" PRIu64,
		    limits.block_max_bytes, bytes);
		return;
	}
	block = malloc(bytes);
	if (block == NULL) {
		refuse(l, SPLITTER_LABEL_NO_MEMORY, "out of memory");
		return;
	}
	if (l->config->before_label != NULL)
		l->config->before_label(l->config->arg, &l->volume);
	snprintf(h.volume, sizeof h.volume, "%s", l->volume.barcode);
	header_format(&h, NULL, 0, block, bytes);
	l->tape->ops->label(l->tape, block, bytes, l->now_ns, &result);
	free(block);
	l->now_ns = result.done_ns;
	r->cause = result.cause;
	r->close = core_close_reason(result.cause, false);
	if (result.cause == TAPE_OK)
		r->status = SPLITTER_LABEL_WRITTEN;
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
	if (may_label(l))
		write_label(l);
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
			    "overwrite: element %zu is not a barcode", i);
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
		label(&l, scan);
	}
	loaded_clear(&loaded, l.now_ns);
	*now_ns = l.now_ns;
	struct_write(&full, sizeof full, result, result_bytes);
	return 0;
}
