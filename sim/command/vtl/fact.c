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

enum subject { FAULT, DRIVE, VOLUME, SUBJECTS };

static const char *const subjects[SUBJECTS + 1] = {
	[FAULT] = "fault", [DRIVE] = "drive", [VOLUME] = "volume", NULL
};

enum what {
	FAULT_STRIKES,
	FAULT_STRUCK,
	FAULT_SPENT,
	DRIVE_HOLDS,
	DRIVE_LOADS,
	DRIVE_CLEANINGS,
	DRIVE_USED,
	VOLUME_ELEMENT,
	VOLUME_FILES,
	VOLUME_WRITTEN,
	VOLUME_CLOSED,
	VOLUME_PROTECTED
};

/* A row of the table. */
struct fact {
	enum subject subject;
	enum what what;
	struct metrics_def def;
};

static const char *const yes_no[] = { "yes", "no", NULL };

static const struct fact facts[] = {
	{ FAULT, FAULT_STRIKES,
	    { .name = "strikes",
		.type = METRIC_NUMBER,
		.meaning = "how often the fault has applied" } },
	{ FAULT, FAULT_STRUCK,
	    { .name = "struck",
		.type = METRIC_WORD,
		.words = yes_no,
		.meaning = "whether the fault has applied" } },
	{ FAULT, FAULT_SPENT,
	    { .name = "spent",
		.type = METRIC_WORD,
		.words = yes_no,
		.meaning = "whether the fault applied once, as it should" } },
	{ DRIVE, DRIVE_HOLDS,
	    { .name = "holds",
		.type = METRIC_WORD,
		.meaning =
		    "barcode of the cartridge in the drive, or nothing" } },
	{ DRIVE, DRIVE_LOADS,
	    { .name = "loads",
		.type = METRIC_NUMBER,
		.meaning = "number of loads since the last cleaning" } },
	{ DRIVE, DRIVE_CLEANINGS,
	    { .name = "cleanings",
		.type = METRIC_NUMBER,
		.meaning = "number of cleanings" } },
	{ DRIVE, DRIVE_USED,
	    { .name = "used",
		.type = METRIC_WORD,
		.words = yes_no,
		.meaning = "whether a program uses the drive" } },
	{ VOLUME, VOLUME_ELEMENT,
	    { .name = "element",
		.type = METRIC_WORD,
		.meaning =
		    "where the cartridge lies: slot:1, drive:0, ie:1, or "
		    "nowhere" } },
	{ VOLUME, VOLUME_FILES,
	    { .name = "files",
		.type = METRIC_NUMBER,
		.meaning = "number of files, also of one that no filemark "
			   "ends" } },
	{ VOLUME, VOLUME_WRITTEN,
	    { .name = "written",
		.type = METRIC_SIZE,
		.meaning = "bytes before the end of data" } },
	{ VOLUME, VOLUME_CLOSED,
	    { .name = "closed",
		.type = METRIC_WORD,
		.words = yes_no,
		.meaning = "whether a filemark ends the last file" } },
	{ VOLUME, VOLUME_PROTECTED,
	    { .name = "protected",
		.type = METRIC_WORD,
		.words = yes_no,
		.meaning = "whether the volume is write-protected" } },
};
enum { FACTS = sizeof facts / sizeof *facts };

/* Takes the next word of the text.  Returns false if it is too long. */
static bool take_word(const char **at, const char *ends, char *word,
    size_t bytes)
{
	size_t length;

	while (isspace((unsigned char)**at))
		++*at;
	length = strcspn(*at, ends);
	if (length >= bytes)
		return false;
	memcpy(word, *at, length);
	word[length] = '\0';
	*at += length;
	return true;
}

static int fail(const char *text, const char *why)
{
	struct text_quote quote;

	vtl_fail("%s: %s", text_quote(&quote, text), why);
	return -1;
}

/* Reports an unknown word, and a similar one. */
static int unknown(const char *text, const char *what, const char *word,
    const char *const *words)
{
	struct text_quote quote;
	char message[512];

	snprintf(message, sizeof message, "unknown %s %s", what,
	    text_quote(&quote, word));
	text_suggest(message, sizeof message, word, words);
	return fail(text, message);
}

static int find_subject(const char *text, const char *word,
    enum subject *subject)
{
	int i;

	for (i = 0; i < SUBJECTS; i++)
		if (strcmp(subjects[i], word) == 0) {
			*subject = (enum subject)i;
			return 0;
		}
	return unknown(text, "subject", word, subjects);
}

static int find_fact(const char *text, enum subject subject, const char *word,
    const struct fact **fact)
{
	const char *names[FACTS + 1];
	size_t i, count = 0;

	for (i = 0; i < FACTS; i++) {
		if (facts[i].subject != subject)
			continue;
		if (strcmp(facts[i].def.name, word) == 0) {
			*fact = &facts[i];
			return 0;
		}
		names[count++] = facts[i].def.name;
	}
	names[count] = NULL;
	return unknown(text, "fact", word, names);
}

static bool is_number(const char *text)
{
	size_t n = strspn(text, "0123456789");

	return n > 0 && n < 10 && text[n] == '\0';
}

int fact_parse(const char *text, struct fact_expression *e)
{
	const char *at = text;
	char word[32], fact[32], err[512], *rest;
	enum subject subject = FAULT;
	size_t column, length;
	int rc;

	memset(e, 0, sizeof *e);
	e->text = text;
	if (!take_word(&at, " \t", word, sizeof word))
		return fail(text, "begin with fault, drive or volume");
	if (find_subject(text, word, &subject) != 0)
		return -1;
	if (!take_word(&at, " \t", e->subject, sizeof e->subject) ||
	    (subject != VOLUME && !is_number(e->subject)) ||
	    e->subject[0] == '\0')
		return fail(text,
		    subject == VOLUME
			? "name a volume by its barcode"
			: "give the number of the drive or fault");
	if (!take_word(&at, " \t=!<>~:", fact, sizeof fact))
		return fail(text, "this is no fact");
	if (find_fact(text, subject, fact, &e->fact) != 0)
		return -1;
	rest = strdup(at + strspn(at, " \t"));
	if (rest == NULL)
		return fail(text, "out of memory");
	for (length = strlen(rest);
	     length > 0 && isspace((unsigned char)rest[length - 1]); length--)
		rest[length - 1] = '\0';
	e->is_bare = rest[0] == '\0';
	if (e->is_bare && !compare_is_quantity(&e->fact->def) &&
	    e->fact->def.words == NULL)
		rc = fail(text, "compare this fact with == or !=");
	else if (e->is_bare)
		rc = 0;
	else
		rc = compare_parse(rest, &e->fact->def, &e->op, &e->value,
		    &column, err, sizeof err);
	if (rc != 0 && !e->is_bare)
		fail(text, err);
	free(rest);
	return rc;
}

void fact_free(struct fact_expression *e)
{
	free(e->value.text);
	e->value.text = NULL;
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

static enum fact_result undefined(char *found, const char *why)
{
	snprintf(found, FACT_FOUND_BYTES, "%s", why);
	return FACT_FAILS;
}

static enum fact_result changer_failed(const struct changer *changer,
    char *found)
{
	snprintf(found, FACT_FOUND_BYTES, "%.*s", FACT_FOUND_BYTES - 1,
	    changer_message(changer));
	return FACT_ERROR;
}

/* Gets the strikes of a fault.  Returns FACT_FAILS if there is no such fault. */
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
	    : undefined(found, "the library has no such fault");
}

static enum fact_result get_fault(struct changer *changer,
    const struct fact_expression *e, struct metrics_value *value, char *found)
{
	enum fact_result result;
	uint64_t strikes = 0;
	bool once = false;

	result = find_fault(changer, strtoll(e->subject, NULL, 10), &strikes,
	    &once, found);
	if (result != FACT_HOLDS)
		return result;
	if (e->fact->what == FAULT_STRIKES)
		set_number(value, strikes);
	else
		set_flag(value,
		    strikes > 0 && (e->fact->what == FAULT_STRUCK || once));
	return FACT_HOLDS;
}

static enum fact_result get_drive(struct changer *changer,
    const struct fact_expression *e, struct metrics_value *value, char *found)
{
	const unsigned address = CHANGER_DRIVE_ADDRESS +
	    (unsigned)strtoul(e->subject, NULL, 10) % CHANGER_SLOTS_MAX;
	struct changer_element *list;
	size_t count;

	if (changer_list_range(changer, address, address, 1, &list, &count) !=
	    CHANGER_OK)
		return changer_failed(changer, found);
	if (count == 0 || list[0].kind != CHANGER_KIND_DRIVE) {
		free(list);
		return undefined(found, "the library has no such drive");
	}
	switch (e->fact->what) {
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

	if (changer_lock(changer, e->subject, &element, &path) == CHANGER_OK) {
		changer_unlock(changer);
		free(path);
		vtl_element_name(element.address, name);
	}
	set_word(value, name);
	return FACT_HOLDS;
}

/* Reads a volume that is in a drive of a server, or in no drive. */
static enum fact_result read_volume(struct changer *changer,
    const char *barcode, struct serve_volume *v, char *found)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer_element element;
	struct volume *volume;

	if (serve_remote_volume(changer_folder(changer), barcode, v))
		return FACT_HOLDS;
	volume = vtl_volume_open(changer, barcode, &element, message);
	if (volume == NULL) {
		snprintf(found, FACT_FOUND_BYTES, "%.*s", FACT_FOUND_BYTES - 1,
		    message);
		return FACT_FAILS;
	}
	serve_read_volume(volume, v);
	vtl_volume_close(changer, volume, message);
	return FACT_HOLDS;
}

static enum fact_result get_volume(struct changer *changer,
    const struct fact_expression *e, struct metrics_value *value, char *found)
{
	enum fact_result result;
	struct serve_volume v;

	if (e->fact->what == VOLUME_ELEMENT)
		return get_element(changer, e, value);
	result = read_volume(changer, e->subject, &v, found);
	if (result != FACT_HOLDS)
		return result;
	switch (e->fact->what) {
	case VOLUME_FILES:
		set_number(value, v.files);
		break;
	case VOLUME_WRITTEN:
		set_number(value, v.written_bytes);
		break;
	case VOLUME_CLOSED:
		set_flag(value, v.is_closed);
		break;
	default:
		set_flag(value, v.is_protected);
		break;
	}
	return FACT_HOLDS;
}

static bool holds(const struct fact_expression *e,
    const struct metrics_value *value)
{
	const struct metrics_def *def = &e->fact->def;

	if (!e->is_bare)
		return compare_holds(def, e->op, &e->value, value);
	return value->defined &&
	    (compare_is_quantity(def) ? compare_quantity(def, value) > 0
				      : strcmp(value->text, "yes") == 0);
}

enum fact_result fact_evaluate(struct changer *changer,
    const struct fact_expression *e, char found[FACT_FOUND_BYTES])
{
	struct metrics_value value = { .defined = false };
	enum fact_result result;

	switch (e->fact->subject) {
	case FAULT:
		result = get_fault(changer, e, &value, found);
		break;
	case DRIVE:
		result = get_drive(changer, e, &value, found);
		break;
	default:
		result = get_volume(changer, e, &value, found);
		break;
	}
	if (result != FACT_HOLDS)
		return result;
	compare_format(&e->fact->def, &value, found, FACT_FOUND_BYTES);
	if (!holds(e, &value))
		result = FACT_FAILS;
	free(value.text);
	return result;
}
