/* fact.c: see fact.h. */
#include "sim/command/vtl/fact.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/vtl/volume.h"
#include "sim/command/vtl/vtl.h"
#include "sim/metrics/compare.h"
#include "splitter/base/text.h"
#include "vtl/serve/remote.h"

int fact_parse(const char *text, struct fact_expression *e)
{
	char *copy = strdup(text), err[512];
	struct text_quote quote;
	struct parser parser = { copy, copy, &e->column, err, sizeof err };
	size_t length;
	int rc;

	memset(e, 0, sizeof *e);
	e->text = text;
	if (copy == NULL) {
		vtl_fail("out of memory");
		return -1;
	}
	for (length = strlen(copy);
	     length > 0 && isspace((unsigned char)copy[length - 1]); length--)
		copy[length - 1] = '\0';
	rc = fact_parse_comparison(&parser, FACT_OF_LIBRARY, &e->comparison);
	if (rc != 0)
		vtl_fail("%s: %s", text_quote(&quote, text), err);
	free(copy);
	return rc;
}

void fact_free(struct fact_expression *e)
{
	metrics_expect_free(&e->comparison);
}

static enum fact_id id_of(const struct fact_expression *e)
{
	return fact_id_of(e->comparison.fact);
}

static void set_word(struct metrics_value *value, const char *word)
{
	value->text = strdup(word);
	value->defined = value->text != NULL;
}

static void set_flag(struct metrics_value *value, bool flag)
{
	set_word(value, flag ? "yes" : "no");
}

static void set_number(struct metrics_value *value, uint64_t number)
{
	value->number = number;
	value->defined = true;
}

static enum fact_result missing(char *found, const char *why)
{
	snprintf(found, FACT_FOUND_BYTES, "%s", why);
	return FACT_MISSING;
}

static enum fact_result changer_failed(const struct changer *changer,
    char *found)
{
	snprintf(found, FACT_FOUND_BYTES, "%.*s", FACT_FOUND_BYTES - 1,
	    changer_message(changer));
	return FACT_ERROR;
}

/* Gets the strikes of a fault, if there is one. */
static enum fact_result find_fault(struct changer *changer, int64_t id,
    uint64_t *strikes, bool *once, char *found)
{
	enum fact_result result = FACT_FAILS;
	struct changer_strikes *faults;
	size_t count, i;

	if (changer_list_strikes(changer, &faults, &count) != CHANGER_OK)
		return changer_failed(changer, found);
	for (i = 0; i < count; i++)
		if (faults[i].id == id) {
			*strikes = faults[i].strikes;
			*once = faults[i].once;
			result = FACT_HOLDS;
		}
	free(faults);
	return result == FACT_HOLDS
	    ? result
	    : missing(found, "the library has no such fault");
}

static enum fact_result get_fault(struct changer *changer,
    const struct fact_expression *e, int64_t until_ns,
    struct metrics_value *value, char *found)
{
	enum fact_result result;
	uint64_t strikes = 0;
	bool once = false;

	serve_remote_store_strikes(changer_folder(changer), until_ns);
	result = find_fault(changer, (int64_t)e->comparison.number, &strikes,
	    &once, found);
	if (result != FACT_HOLDS)
		return result;
	if (id_of(e) == FAULT_STRUCK)
		set_number(value, strikes);
	else
		set_flag(value, strikes > 0 && once);
	return FACT_HOLDS;
}

static enum fact_result get_drive(struct changer *changer,
    const struct fact_expression *e, struct metrics_value *value, char *found)
{
	const unsigned address = CHANGER_DRIVE_ADDRESS +
	    (unsigned)(e->comparison.number % CHANGER_SLOTS_MAX);
	struct changer_element *list;
	size_t count;

	if (changer_list_range(changer, address, address, 1, &list, &count) !=
	    CHANGER_OK)
		return changer_failed(changer, found);
	if (count == 0 || list[0].kind != CHANGER_KIND_DRIVE) {
		free(list);
		return missing(found, "the library has no such drive");
	}
	switch (id_of(e)) {
	case DRIVE_HOLDS:
		set_word(value, list[0].full ? list[0].barcode : "nothing");
		break;
	case DRIVE_LOADS:
		set_number(value, list[0].loads);
		break;
	case DRIVE_CLEANINGS:
		set_number(value, list[0].cleanings);
		break;
	default:
		set_flag(value, list[0].client.id != 0);
		break;
	}
	free(list);
	return FACT_HOLDS;
}

static enum fact_result get_element(struct changer *changer,
    const struct fact_expression *e, struct metrics_value *value)
{
	struct changer_element element;
	char name[32] = "nowhere", *path;

	if (changer_lock(changer, e->comparison.subject, &element, &path) ==
	    CHANGER_OK) {
		changer_unlock(changer);
		free(path);
		vtl_element_name(element.address, name);
	}
	set_word(value, name);
	return FACT_HOLDS;
}

/* Reads a volume that is in a drive of a server, or in no drive. */
static enum fact_result read_volume(struct changer *changer,
    const char *barcode, int64_t until_ns, struct serve_volume *v, char *found)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer_element element;
	struct volume *volume;

	if (serve_remote_volume(changer_folder(changer), barcode, until_ns, v))
		return FACT_HOLDS;
	volume = vtl_volume_open(changer, barcode, &element, message);
	if (volume == NULL) {
		snprintf(found, FACT_FOUND_BYTES, "%.*s", FACT_FOUND_BYTES - 1,
		    message);
		return element.address == 0 ? FACT_MISSING : FACT_FAILS;
	}
	serve_read_volume(volume, v);
	vtl_volume_close(changer, volume, message);
	return FACT_HOLDS;
}

static enum fact_result get_volume(struct changer *changer,
    const struct fact_expression *e, int64_t until_ns,
    struct metrics_value *value, char *found)
{
	enum fact_result result;
	struct serve_volume v;

	if (id_of(e) == VOLUME_ELEMENT)
		return get_element(changer, e, value);
	result =
	    read_volume(changer, e->comparison.subject, until_ns, &v, found);
	if (result != FACT_HOLDS)
		return result;
	switch (id_of(e)) {
	case VOLUME_FILES:
		set_number(value, v.files);
		break;
	case VOLUME_WRITTEN:
		set_number(value, v.written_bytes);
		break;
	case VOLUME_LOADS:
		set_number(value, v.loads);
		break;
	case VOLUME_HAS_END:
		set_flag(value, v.is_closed);
		break;
	default:
		set_flag(value, v.is_protected);
		break;
	}
	return FACT_HOLDS;
}

enum fact_result fact_evaluate(struct changer *changer,
    const struct fact_expression *e, int64_t until_ns,
    char found[FACT_FOUND_BYTES])
{
	struct metrics_value value = { .defined = false };
	enum fact_result result;

	switch (e->comparison.fact->subject) {
	case FACT_FAULT:
		result = get_fault(changer, e, until_ns, &value, found);
		break;
	case FACT_DRIVE:
		result = get_drive(changer, e, &value, found);
		break;
	default:
		result = get_volume(changer, e, until_ns, &value, found);
		break;
	}
	if (result != FACT_HOLDS)
		return result;
	compare_format(&e->comparison.fact->def, &value, found,
	    FACT_FOUND_BYTES);
	if (!fact_holds(&e->comparison, &value))
		result = FACT_FAILS;
	free(value.text);
	return result;
}
