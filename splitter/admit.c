/* admit.c: may this volume be written to? */
#include "splitter/admit.h"

#include <stdio.h>
#include <string.h>

bool admit_has(const struct admit_list *list, const char *barcode)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (strcmp(list->barcodes[i], barcode) == 0)
			return true;
	return false;
}

static enum admit_answer admit_labelled(const struct admit_rules *rules,
    const struct admit_volume *v, char *why, size_t why_bytes)
{
	const struct header *label = v->label;

	if (v->barcode[0] != '\0' && strcmp(v->barcode, label->volume) != 0) {
		snprintf(why, why_bytes, "its label says that it is volume "
		    "%s: find out which of the two is wrong", label->volume);
		return ADMIT_REFUSE;
	}
	if (label->type == HEADER_SCRATCH)
		return ADMIT_WRITE_LABEL;
	if (admit_has(&rules->append, label->volume))
		return ADMIT_APPEND;
	snprintf(why, why_bytes, "it holds the dump %.60s, and was not named "
	    "to be written to", label->dump);
	return ADMIT_REFUSE;
}

enum admit_answer admit(const struct admit_rules *rules,
    const struct admit_volume *v, char *why, size_t why_bytes)
{
	const char *name = v->barcode[0] == '\0' && v->found == ADMIT_LABEL ?
	    v->label->volume : v->barcode;

	if (name[0] != '\0' && admit_has(&rules->overwrite, name))
		return ADMIT_WRITE_LABEL;
	switch (v->found) {
	case ADMIT_LABEL:
		return admit_labelled(rules, v, why, why_bytes);
	case ADMIT_BLANK:
		if (v->barcode[0] == '\0')
			snprintf(why, why_bytes, "it is blank and has no "
			    "barcode: give it a label with a name first");
		else if (!rules->label_blank)
			snprintf(why, why_bytes, "it is blank: label it "
			    "first, or have blank volumes labelled");
		else
			return ADMIT_WRITE_LABEL;
		return ADMIT_REFUSE;
	case ADMIT_FOREIGN:
		snprintf(why, why_bytes, "what is on it is not of tapelab "
		    "(%.80s)", v->why);
		return ADMIT_REFUSE;
	case ADMIT_UNREADABLE:
		break;
	}
	snprintf(why, why_bytes, "its label cannot be read (%.100s)", v->why);
	return ADMIT_REFUSE;
}
