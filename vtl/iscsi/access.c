/* access.c: initiators that are allowed, and their logical units. */
#include "vtl/iscsi/access.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/grow.h"
#include "splitter/base/sentence.h"

/* The largest LUN that the flat form of SAM has. */
enum { LUN_MAX = 16383 };

struct rule {
	char initiator[ISCSI_NAME_BYTES];
	unsigned first, last; /* logical units */
};

struct iscsi_access {
	struct chap_file *chap;
	struct rule *rules;
	size_t rule_count;
};

struct iscsi_access *iscsi_access_create(void)
{
	return calloc(1, sizeof(struct iscsi_access));
}

void iscsi_access_free(struct iscsi_access *access)
{
	if (access == NULL)
		return;
	chap_file_free(access->chap);
	free(access->rules);
	free(access);
}

/* Reads a LUN.  Returns the place after it, or NULL. */
static const char *read_lun(const char *text, unsigned *lun)
{
	const size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 5)
		return NULL;
	*lun = (unsigned)strtoul(text, NULL, 10);
	return *lun <= LUN_MAX ? text + n : NULL;
}

/* Reads "N" or "N-N".  Returns the place after it, or NULL. */
static const char *read_range(const char *text, struct rule *rule)
{
	text = read_lun(text, &rule->first);
	rule->last = rule->first;
	if (text != NULL && *text == '-')
		text = read_lun(text + 1, &rule->last);
	return rule->first <= rule->last ? text : NULL;
}

static int add(struct iscsi_access *access, const struct rule *rule,
    char message[CHAP_MESSAGE_BYTES])
{
	struct rule *grown =
	    grow_by_one(access->rules, access->rule_count, sizeof *grown);

	if (grown == NULL) {
		sentence(message, CHAP_MESSAGE_BYTES, "out of memory");
		return -1;
	}
	access->rules = grown;
	access->rules[access->rule_count++] = *rule;
	return 0;
}

static int add_ranges(struct iscsi_access *access, struct rule *rule,
    const char *text, char message[CHAP_MESSAGE_BYTES])
{
	const char *at = text;

	for (;; at++) {
		at = read_range(at, rule);
		if (at == NULL || (*at != ',' && *at != '\0')) {
			sentence(message, CHAP_MESSAGE_BYTES,
			    "'%s' is not a list of logical units; write numbers "
			    "and ranges, such as 0,2-4",
			    text);
			return -1;
		}
		if (add(access, rule, message) != 0)
			return -1;
		if (*at == '\0')
			return 0;
	}
}

int iscsi_access_allow(struct iscsi_access *access, const char *text,
    char message[CHAP_MESSAGE_BYTES])
{
	const size_t bytes = strcspn(text, "=");
	struct rule rule = { .first = 0, .last = UINT_MAX };
	char name[ISCSI_NAME_BYTES + 1];
	const char *wrong;

	/* A name that is too long stays too long. */
	snprintf(name, sizeof name, "%.*s", (int)(bytes < 300 ? bytes : 300),
	    text);
	if ((wrong = iscsi_name_read(name, rule.initiator)) != NULL) {
		sentence(message, CHAP_MESSAGE_BYTES, "initiator '%s' %s", name,
		    wrong);
		return -1;
	}
	if (text[bytes] == '=')
		return add_ranges(access, &rule, text + bytes + 1, message);
	return add(access, &rule, message);
}

int iscsi_access_chap(struct iscsi_access *access, const char *path,
    char message[CHAP_MESSAGE_BYTES])
{
	struct chap_file *chap = chap_file_read(path, message);

	if (chap == NULL)
		return -1;
	iscsi_access_take_chap(access, chap);
	return 0;
}

void iscsi_access_take_chap(struct iscsi_access *access, struct chap_file *file)
{
	chap_file_free(access->chap);
	access->chap = file;
}

bool iscsi_access_needs_chap(const struct iscsi_access *access)
{
	return access->chap != NULL;
}

const struct chap_entry *iscsi_access_entry(const struct iscsi_access *access,
    const char *initiator)
{
	return access->chap == NULL ? NULL
				    : chap_file_find(access->chap, initiator);
}

bool iscsi_access_allows(const struct iscsi_access *access,
    const char *initiator)
{
	for (size_t i = 0; i < access->rule_count; i++)
		if (strcmp(access->rules[i].initiator, initiator) == 0)
			return true;
	return access->rule_count == 0;
}

bool iscsi_access_allows_lun(const struct iscsi_access *access,
    const char *initiator, unsigned lun)
{
	for (size_t i = 0; i < access->rule_count; i++) {
		const struct rule *rule = &access->rules[i];

		if (strcmp(rule->initiator, initiator) == 0 &&
		    lun >= rule->first && lun <= rule->last)
			return true;
	}
	return access->rule_count == 0;
}

const char *iscsi_access_find_beyond(const struct iscsi_access *access,
    size_t count, unsigned *lun)
{
	for (size_t i = 0; i < access->rule_count; i++)
		if (access->rules[i].first >= count) {
			*lun = access->rules[i].first;
			return access->rules[i].initiator;
		}
	return NULL;
}
