/* volume_policy.c: may this volume be written to? */
#include "splitter/format/volume_policy.h"
#include "splitter/base/sentence.h"

#include <stdio.h>
#include <string.h>

bool volume_policy_has(const struct volume_policy_list *list,
    const char *barcode)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (strcmp(list->barcodes[i], barcode) == 0)
			return true;
	return false;
}

/* Returns whether barcode and label name two different volumes. */
static bool disagree(const struct volume_policy_volume *v)
{
	return v->found == VOLUME_POLICY_LABEL && v->barcode[0] != '\0' &&
	    strcmp(v->barcode, v->label->volume) != 0;
}

/* Returns whether each name of the volume is in `overwrite`. */
static bool may_overwrite(const struct volume_policy_rules *rules,
    const struct volume_policy_volume *v)
{
	const struct volume_policy_list *list = &rules->overwrite;

	if (v->found == VOLUME_POLICY_LABEL)
		return volume_policy_has(list, v->label->volume) &&
		    (v->barcode[0] == '\0' ||
			volume_policy_has(list, v->barcode));
	return v->barcode[0] != '\0' && volume_policy_has(list, v->barcode);
}

static enum volume_policy_verdict
refuse_label(const struct volume_policy_volume *v, char *why, size_t why_bytes)
{
	const struct header *label = v->label;

	if (disagree(v))
		snprintf(why, why_bytes,
		    "its label says that it is volume %s: find out which of "
		    "the two names is wrong; to overwrite it, name both volumes",
		    label->volume);
	else
		sentence(why, why_bytes,
		    "it holds the dump %s: name the volume to append to it or "
		    "to overwrite it",
		    label->dump);
	return VOLUME_POLICY_REFUSE;
}

static const char *refuse_blank(const struct volume_policy_volume *v)
{
	if (v->worm)
		return "it is a blank write-once medium (WORM): name it, or "
		       "allow blank volumes to be labelled";
	if (v->barcode[0] == '\0')
		return "it is blank and has no barcode: label it with a name "
		       "first";
	return "it is blank: label it first, or allow blank volumes to be "
	       "labelled";
}

static enum volume_policy_verdict
refuse(const struct volume_policy_rules *rules,
    const struct volume_policy_volume *v, char *why, size_t why_bytes)
{
	const char *advice = "";
	int room = 390; /* maximum length of the reason */

	if (v->barcode[0] == '\0') {
		advice = rules->unnamed
		    ? "; give it a name"
		    : "; without a barcode it can only be overwritten as an "
		      "unnamed volume";
		room = 300;
	}
	switch (v->found) {
	case VOLUME_POLICY_LABEL:
		return refuse_label(v, why, why_bytes);
	case VOLUME_POLICY_BLANK:
		snprintf(why, why_bytes, "%s", refuse_blank(v));
		break;
	case VOLUME_POLICY_FOREIGN:
		snprintf(why, why_bytes,
		    "its data was not written by tapelab (%.*s)%s", room,
		    v->why, advice);
		break;
	case VOLUME_POLICY_LOCKED:
		snprintf(why, why_bytes, "its label cannot be read (%.*s)%s",
		    room, v->why, advice);
		break;
	case VOLUME_POLICY_ERROR:
		sentence(why, why_bytes, "its label cannot be read (%s)",
		    v->why);
		break;
	}
	return VOLUME_POLICY_REFUSE;
}

/* Describes the volume for the person who decides. */
static enum volume_policy_verdict ask(const struct volume_policy_volume *v,
    char *what, size_t what_bytes)
{
	switch (v->found) {
	case VOLUME_POLICY_LABEL:
		snprintf(what, what_bytes, "volume %s of tapelab, %s%.60s",
		    v->label->volume,
		    v->label->type == HEADER_SCRATCH ? "scratch"
						     : "with the dump ",
		    v->label->type == HEADER_SCRATCH ? "" : v->label->dump);
		break;
	case VOLUME_POLICY_BLANK:
		snprintf(what, what_bytes, "nothing: it is blank");
		break;
	default:
		sentence(what, what_bytes, "no label of tapelab: %s", v->why);
	}
	return VOLUME_POLICY_ASK;
}

/* Returns whether the volume would have a name on its new label. */
static bool has_name(const struct volume_policy_volume *v)
{
	return v->barcode[0] != '\0' || v->found == VOLUME_POLICY_LABEL;
}

/*
 * Returns whether a label may be written without loss of data and without
 * asking.
 */
static bool is_free(const struct volume_policy_rules *rules,
    const struct volume_policy_volume *v)
{
	if (v->found == VOLUME_POLICY_LABEL)
		return v->label->type == HEADER_SCRATCH && !disagree(v);
	/* A write-once medium cannot be labelled scratch first. */
	return v->found == VOLUME_POLICY_BLANK && v->barcode[0] != '\0' &&
	    (rules->label_blank ||
		(v->worm && volume_policy_has(&rules->append, v->barcode)));
}

enum volume_policy_verdict
volume_policy_judge(const struct volume_policy_rules *rules,
    const struct volume_policy_volume *v, char *why, size_t why_bytes)
{
	bool overwrite = may_overwrite(rules, v);

	if (v->found == VOLUME_POLICY_ERROR)
		return refuse(rules, v, why, why_bytes);
	if (!overwrite && v->found == VOLUME_POLICY_LABEL && !disagree(v) &&
	    v->label->type == HEADER_LABEL &&
	    volume_policy_has(&rules->append, v->label->volume))
		return VOLUME_POLICY_APPEND;
	if (v->worm && v->found != VOLUME_POLICY_BLANK) {
		snprintf(why, why_bytes,
		    "it is a write-once medium (WORM), which cannot be "
		    "overwritten");
		return VOLUME_POLICY_REFUSE;
	}
	if (overwrite || is_free(rules, v))
		return VOLUME_POLICY_WRITE_LABEL;
	return rules->unnamed && has_name(v) ? ask(v, why, why_bytes)
					     : refuse(rules, v, why, why_bytes);
}
