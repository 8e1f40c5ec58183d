/* volume_policy.c: may this volume be written to? */
#include "splitter/format/volume_policy.h"

#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/tape/barcode.h"

enum { NAMES_MAX = 5, NAMES_TEXT_BYTES = 224 };

/* Names of a volume, without repetition. */
struct names {
	const char *list[NAMES_MAX];
	size_t count;
};

bool volume_policy_has(const struct volume_policy_list *list,
    const char *barcode)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (strcmp(list->barcodes[i], barcode) == 0)
			return true;
	return false;
}

static const char *serial_of(const struct volume_policy_volume *v)
{
	return v->serial != NULL ? v->serial : "";
}

static bool has_label(const struct volume_policy_volume *v)
{
	return v->found == VOLUME_POLICY_LABEL;
}

static bool differ(const char *a, const char *b)
{
	return a[0] != '\0' && b[0] != '\0' && strcmp(a, b) != 0;
}

/* Returns whether barcode and label name two different volumes. */
static bool volumes_differ(const struct volume_policy_volume *v)
{
	return has_label(v) && differ(v->barcode, v->label->volume);
}

/* Returns whether the label was written to another cartridge. */
static bool serials_differ(const struct volume_policy_volume *v)
{
	return has_label(v) && differ(serial_of(v), v->label->serial);
}

/* Returns whether the medium has another barcode in its memory. */
static bool barcodes_differ(const struct volume_policy_volume *v)
{
	return v->mam_barcode != NULL &&
	    barcodes_disagree(v->barcode, v->mam_barcode);
}

static bool disagree(const struct volume_policy_volume *v)
{
	return volumes_differ(v) || serials_differ(v) || barcodes_differ(v);
}

static void add_name(struct names *n, const char *name)
{
	size_t i;

	for (i = 0; i < n->count; i++)
		if (strcmp(n->list[i], name) == 0)
			return;
	if (name[0] != '\0')
		n->list[n->count++] = name;
}

/* Gets the names that disagree, all of which must be given. */
static struct names disagreeing(const struct volume_policy_volume *v)
{
	struct names n = { .count = 0 };

	if (volumes_differ(v)) {
		add_name(&n, v->barcode);
		add_name(&n, v->label->volume);
	}
	if (barcodes_differ(v)) {
		add_name(&n, v->barcode);
		add_name(&n, v->mam_barcode);
	}
	if (serials_differ(v)) {
		add_name(&n, serial_of(v));
		add_name(&n, v->label->serial);
	}
	return n;
}

/* Returns whether more than the word of a person says the barcode. */
static bool is_barcode_known(const struct volume_policy_volume *v)
{
	return !v->claimed || serial_of(v)[0] == '\0' ||
	    (v->mam_barcode != NULL && strcmp(v->mam_barcode, v->barcode) == 0);
}

/* Gets the names of which one is enough; the first is the best. */
static struct names agreeing(const struct volume_policy_volume *v)
{
	struct names n = { .count = 0 };

	if (is_barcode_known(v))
		add_name(&n, v->barcode);
	add_name(&n, serial_of(v));
	if (has_label(v))
		add_name(&n, v->label->volume);
	return n;
}

/* Returns whether the caller has named this very volume. */
static bool is_named(const struct volume_policy_list *list,
    const struct volume_policy_volume *v)
{
	const struct names all = disagreeing(v), any = agreeing(v);
	size_t i;

	for (i = 0; i < all.count; i++)
		if (!volume_policy_has(list, all.list[i]))
			return false;
	if (all.count > 0)
		return true;
	for (i = 0; i < any.count; i++)
		if (volume_policy_has(list, any.list[i]))
			return true;
	return false;
}

/*
 * Gets the names that the medium has itself, all of which must be given before a
 * person may decide about it.
 */
static struct names own(const struct volume_policy_volume *v)
{
	struct names n = { .count = 0 };

	if (v->mam_barcode != NULL)
		add_name(&n, v->mam_barcode);
	add_name(&n, serial_of(v));
	if (serials_differ(v))
		add_name(&n, v->label->serial);
	return n;
}

/* Returns whether a person may decide: the volume has no name, or it is given. */
static bool may_ask(const struct volume_policy_rules *rules,
    const struct volume_policy_volume *v)
{
	const struct names names = own(v);
	size_t i;

	for (i = 0; i < names.count; i++)
		if (!volume_policy_has(&rules->overwrite, names.list[i]))
			return false;
	return rules->unnamed && !v->reported;
}

/* Writes the names that must be given, such as "name it: V001". */
static const char *advise(const struct volume_policy_rules *rules,
    const struct volume_policy_volume *v, char text[NAMES_TEXT_BYTES])
{
	struct names n =
	    rules->unnamed && !v->reported ? own(v) : disagreeing(v);
	size_t used, i;

	if (n.count == 0) {
		n = agreeing(v);
		n.count = n.count > 0;
	}
	if (n.count == 0)
		return "without a barcode and a medium serial number it can "
		       "only be overwritten as an unnamed volume";
	used = (size_t)snprintf(text, NAMES_TEXT_BYTES,
	    n.count == 1 ? "to overwrite it, name it: "
			 : "to overwrite it, give each of these names: ");
	for (i = 0; i < n.count; i++)
		used += (size_t)snprintf(text + used, NAMES_TEXT_BYTES - used,
		    "%s%s", i > 0 ? ", " : "", n.list[i]);
	return text;
}

static bool is_for_tests(const struct header *label)
{
	return strcmp(label->purpose, HEADER_PURPOSE_TEST) == 0;
}

/* Returns whether the label has a purpose that is not that of the caller. */
static bool has_other_purpose(const struct volume_policy_rules *rules,
    const struct header *label)
{
	return label->purpose[0] != '\0' &&
	    !(rules->test && is_for_tests(label));
}

/* The medium itself says that it is another one. */
static void refuse_medium(const struct volume_policy_volume *v,
    const char *advice, char *why, size_t why_bytes)
{
	snprintf(why, why_bytes,
	    "its barcode is %s, but the memory of the medium (MAM) has the "
	    "barcode %s: find out which is wrong; %s",
	    v->barcode, v->mam_barcode, advice);
}

static void refuse_disagreement(const struct volume_policy_volume *v,
    const char *advice, char *why, size_t why_bytes)
{
	const struct header *label = v->label;
	/* The serial numbers of virtual media are their barcodes. */
	bool same = strcmp(v->barcode, serial_of(v)) == 0 &&
	    strcmp(label->volume, label->serial) == 0;

	if (!serials_differ(v) || same)
		snprintf(why, why_bytes,
		    "its barcode is %s, but its label says that it is volume "
		    "%s: find out which is wrong; %s",
		    v->barcode, label->volume, advice);
	else if (!volumes_differ(v))
		snprintf(why, why_bytes,
		    "its medium serial number is %s, but its label was written "
		    "to the medium %s: find out which cartridge it is; %s",
		    serial_of(v), label->serial, advice);
	else
		snprintf(why, why_bytes,
		    "its barcode is %s and its medium serial number %s, but "
		    "its label says that it is volume %s on the medium %s: "
		    "find out which cartridge it is; %s",
		    v->barcode, serial_of(v), label->volume, label->serial,
		    advice);
}

static void refuse_label(const struct volume_policy_rules *rules,
    const struct volume_policy_volume *v, const char *advice, char *why,
    size_t why_bytes)
{
	const struct header *label = v->label;

	if (disagree(v))
		refuse_disagreement(v, advice, why, why_bytes);
	else if (has_other_purpose(rules, label))
		snprintf(why, why_bytes, "its label has the purpose %s%s; %s",
		    label->purpose,
		    is_for_tests(label)
			? ": only an acceptance run writes to it"
			: "",
		    advice);
	else
		sentence(why, why_bytes,
		    "it holds the dump %s: name it to append to it; %s",
		    label->dump, advice);
}

static void refuse_blank(const struct volume_policy_volume *v,
    const char *advice, char *why, size_t why_bytes)
{
	if (v->worm)
		snprintf(why, why_bytes,
		    "it is a blank write-once medium (WORM), and what is "
		    "written to it stays for ever; %s",
		    advice);
	else if (v->barcode[0] == '\0')
		snprintf(why, why_bytes,
		    "it is blank and has no barcode: label it with a name "
		    "first; %s",
		    advice);
	else
		snprintf(why, why_bytes,
		    "it is blank: label it first, or allow blank volumes to be "
		    "labelled");
}

/* The reason of the tape is cut off where the advice would not fit. */
enum { REASON_BYTES = 200 };

static enum volume_policy_verdict
refuse(const struct volume_policy_rules *rules,
    const struct volume_policy_volume *v, char *why, size_t why_bytes)
{
	char names[NAMES_TEXT_BYTES];
	const char *advice = advise(rules, v, names);

	if (may_ask(rules, v))
		advice = "give it a name";
	switch (v->found) {
	case VOLUME_POLICY_LABEL:
		refuse_label(rules, v, advice, why, why_bytes);
		break;
	case VOLUME_POLICY_BLANK:
		refuse_blank(v, advice, why, why_bytes);
		break;
	case VOLUME_POLICY_FOREIGN:
		snprintf(why, why_bytes,
		    "its data was not written by tapelab (%.*s); %s",
		    REASON_BYTES, v->why, advice);
		break;
	case VOLUME_POLICY_LOCKED:
		snprintf(why, why_bytes, "its label cannot be read (%.*s); %s",
		    REASON_BYTES, v->why, advice);
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
	const char *serial = serial_of(v);
	bool other = barcodes_differ(v);
	char medium[192];

	snprintf(medium, sizeof medium, "%s%s%s%s%s",
	    serial[0] != '\0' ? "; medium serial number " : "", serial,
	    other ? "; barcode in the memory of the medium " : "",
	    other ? v->mam_barcode : "",
	    v->partitioned ? "; several partitions, which are formatted as one"
			   : "");
	switch (v->found) {
	case VOLUME_POLICY_LABEL:
		snprintf(what, what_bytes, "volume %s of tapelab, %s%.60s%s",
		    v->label->volume,
		    v->label->type == HEADER_SCRATCH ? "scratch"
						     : "with the dump ",
		    v->label->type == HEADER_SCRATCH ? "" : v->label->dump,
		    medium);
		break;
	case VOLUME_POLICY_BLANK:
		snprintf(what, what_bytes, "nothing: it is blank%s%s", medium,
		    v->worm ? "; a write-once medium: it stays for ever" : "");
		break;
	default:
		snprintf(what, what_bytes, "no label of tapelab: %.*s%s",
		    REASON_BYTES, v->why, medium);
	}
	return VOLUME_POLICY_ASK;
}

/* Returns whether the volume would have a name on its new label. */
static bool has_name(const struct volume_policy_volume *v)
{
	return agreeing(v).count > 0;
}

/*
 * Returns whether a label may be written without loss of data and without
 * asking.
 */
static bool is_free(const struct volume_policy_rules *rules,
    const struct volume_policy_volume *v)
{
	if (has_label(v))
		return !disagree(v) && !has_other_purpose(rules, v->label) &&
		    (v->label->type == HEADER_SCRATCH ||
			is_for_tests(v->label));
	if (v->found != VOLUME_POLICY_BLANK || v->barcode[0] == '\0' ||
	    disagree(v))
		return false;
	/* A write-once medium cannot be labelled scratch first. */
	return v->worm ? is_named(&rules->append, v) : rules->label_blank;
}

static bool may_append(const struct volume_policy_rules *rules,
    const struct volume_policy_volume *v)
{
	return has_label(v) && !disagree(v) &&
	    !has_other_purpose(rules, v->label) &&
	    v->label->type == HEADER_LABEL &&
	    volume_policy_has(&rules->append, v->label->volume);
}

/* Nothing is written to one of several partitions. */
static enum volume_policy_verdict
judge_partitioned(const struct volume_policy_rules *rules,
    const struct volume_policy_volume *v, char *why, size_t why_bytes)
{
	char names[NAMES_TEXT_BYTES];

	if (rules->format && !v->worm) {
		if (is_named(&rules->overwrite, v))
			return VOLUME_POLICY_FORMAT;
		if (may_ask(rules, v) && has_name(v))
			return ask(v, why, why_bytes);
	}
	snprintf(why, why_bytes,
	    "its medium has several partitions%s%.*s%s%s; %s",
	    v->why[0] != '\0' ? " (" : "", REASON_BYTES, v->why,
	    v->why[0] != '\0' ? ")" : "",
	    /* tapelab run has no --format */
	    rules->test
		? ": format it as one first, with tapelab label --format"
		: ", and is formatted as one only with --format",
	    v->worm ? "as a write-once medium it cannot be formatted"
		    : advise(rules, v, names));
	return VOLUME_POLICY_REFUSE;
}

enum volume_policy_verdict
volume_policy_judge(const struct volume_policy_rules *rules,
    const struct volume_policy_volume *v, char *why, size_t why_bytes)
{
	char names[NAMES_TEXT_BYTES];
	bool named = is_named(&rules->overwrite, v);

	if (v->found == VOLUME_POLICY_ERROR)
		return refuse(rules, v, why, why_bytes);
	if (barcodes_differ(v) && !named && !may_ask(rules, v)) {
		refuse_medium(v, advise(rules, v, names), why, why_bytes);
		return VOLUME_POLICY_REFUSE;
	}
	if (v->partitioned)
		return judge_partitioned(rules, v, why, why_bytes);
	if (!named && may_append(rules, v))
		return VOLUME_POLICY_APPEND;
	if (v->worm && v->found != VOLUME_POLICY_BLANK) {
		snprintf(why, why_bytes,
		    "it is a write-once medium (WORM), which cannot be "
		    "overwritten");
		return VOLUME_POLICY_REFUSE;
	}
	if (named || is_free(rules, v))
		return VOLUME_POLICY_WRITE_LABEL;
	return may_ask(rules, v) && has_name(v)
	    ? ask(v, why, why_bytes)
	    : refuse(rules, v, why, why_bytes);
}
