/* acceptance.c: the keys of acceptance.json; see acceptance.h. */
#include "reports/json/acceptance.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "reports/json/tables.h"
#include "reports/output.h"

static const char file_name[] = "acceptance.json";

static const char *const subjects[] = { "drive", "cartridge", "host", NULL };
static const char *const states[] = { "pending", "running", "done", "not run",
	NULL };
static const char *const judgements[] = { "met", "not met", "not judged",
	NULL };

static const struct field facts[] = {
	{ WORD(acceptance_fact, subject, "of", subjects) },
	{ TEXT(acceptance_fact, name, "name") },
	{ TEXT(acceptance_fact, value, "value") },
	{ .key = NULL },
};
static const struct field_table field_facts = { "Facts",
	sizeof(struct acceptance_fact), facts };

static const struct field cartridges[] = {
	{ TEXT(acceptance_cartridge, name, "name") },
	{ TEXT(acceptance_cartridge, serial, "serial") },
	{ TEXT(acceptance_cartridge, change, "change_reference") },
	{ BOOLEAN(acceptance_cartridge, labelled, "labelled") },
	{ COUNT(acceptance_cartridge, written_bytes, "written_bytes") },
	{ COUNT(acceptance_cartridge, read_bytes, "read_bytes") },
	{ .key = NULL },
};
static const struct field_table field_cartridges = { "Cartridges",
	sizeof(struct acceptance_cartridge), cartridges };

static const struct field counters[] = {
	{ TEXT(acceptance_counter, cartridge, "cartridge") },
	{ COUNT(acceptance_counter, page, "page") },
	{ COUNT(acceptance_counter, code, "code") },
	{ COUNT(acceptance_counter, value, "value") },
	{ .key = NULL },
};
static const struct field_table field_counters = { "Counters",
	sizeof(struct acceptance_counter), counters };

static const struct field differences[] = {
	{ TEXT(acceptance_difference, test, "test") },
	{ COUNT(acceptance_difference, page, "page") },
	{ COUNT(acceptance_difference, subpage, "subpage") },
	{ COUNT(acceptance_difference, code, "code") },
	{ TEXT(acceptance_difference, name, "name") },
	{ COUNT(acceptance_difference, value, "value") },
	{ .key = NULL },
};
static const struct field_table field_differences = { "Differences",
	sizeof(struct acceptance_difference), differences };

static const struct field tests[] = {
	{ TEXT(acceptance_test, name, "name") },
	{ TEXT(acceptance_test, title, "title") },
	{ WORD(acceptance_test, state, "state", states) },
	{ WORD(acceptance_test, result, "result", judgements) },
	{ TEXT(acceptance_test, why, "why") },
	{ COUNT(acceptance_test, bytes, "bytes") },
	{ SECONDS(acceptance_test, ns, "duration") },
	{ BOOLEAN(acceptance_test, second, "second_cartridge") },
	{ COUNT(acceptance_test, attempts, "attempts") },
	{ .key = NULL },
};
static const struct field_table field_tests = { "Tests",
	sizeof(struct acceptance_test), tests };

static const struct field rows[] = {
	{ TEXT(acceptance_row, test, "test") },
	{ TEXT(acceptance_row, what, "what") },
	{ TEXT(acceptance_row, value, "value") },
	{ TEXT(acceptance_row, limit, "limit") },
	{ TEXT(acceptance_row, source, "source") },
	{ WORD(acceptance_row, judgement, "judgement", judgements) },
	{ TEXT(acceptance_row, why, "why") },
	{ TEXT(acceptance_row, earlier, "earlier") },
	{ .key = NULL },
};
static const struct field_table field_rows = { "Values",
	sizeof(struct acceptance_row), rows };

static const struct field reasons[] = {
	{ TEXT(acceptance_reason, text, "text") },
	{ .key = NULL },
};
static const struct field_table field_reasons = { "Reasons",
	sizeof(struct acceptance_reason), reasons };

static json_t *get_format(const void *from)
{
	(void)from;
	return json_integer(ACCEPTANCE_FORMAT);
}

static bool set_format(void *to, const json_t *value)
{
	(void)to;
	return json_is_integer(value) &&
	    json_integer_value(value) == ACCEPTANCE_FORMAT;
}

static json_t *get_verdict(const void *from)
{
	char *line = acceptance_verdict_line(from);
	json_t *json = line != NULL ? json_string(line) : NULL;

	free(line);
	return json;
}

/* The verdict follows from the other members. */
static bool set_verdict(void *to, const json_t *value)
{
	(void)to;
	return json_is_string(value);
}

static const struct field record[] = {
	{ "format", FIELD_DERIVED, .get = get_format, .set = set_format },
	{ "verdict", FIELD_DERIVED, .get = get_verdict, .set = set_verdict },
	{ TEXT(acceptance, vendor, "vendor") },
	{ TEXT(acceptance, product, "product") },
	{ TEXT(acceptance, firmware, "firmware") },
	{ TEXT(acceptance, serial, "serial") },
	{ TEXT(acceptance, virtual_drive, "virtual_drive") },
	{ TEXT(acceptance, version, "version") },
	{ TEXT(acceptance, kind, "kind") },
	{ TEXT(acceptance, command, "command") },
	{ TEXT(acceptance, began, "began") },
	{ TEXT(acceptance, ended, "ended") },
	{ COUNT(acceptance, seed, "seed") },
	{ LIST(acceptance, facts, "facts", field_facts) },
	{ LIST(acceptance, cartridges, "cartridges", field_cartridges) },
	{ LIST(acceptance, counters, "counters", field_counters) },
	{ LIST(acceptance, differences, "counted", field_differences) },
	{ LIST(acceptance, tests, "tests", field_tests) },
	{ LIST(acceptance, rows, "values", field_rows) },
	{ LIST(acceptance, faults, "faults", field_reasons) },
	{ LIST(acceptance, doubts, "doubts", field_reasons) },
	{ TEXT(acceptance, stopped, "stopped") },
	{ TEXT(acceptance, evidence, "evidence") },
	{ TEXT(acceptance, sha256, "evidence_sha256") },
	{ .key = NULL },
};
static const struct field_table field_acceptance = { "Acceptance",
	sizeof(struct acceptance), record };

int report_acceptance_write(const struct acceptance *a, const char *dir,
    char *err, size_t err_bytes)
{
	return field_file_write(&field_acceptance, a, dir, file_name, err,
	    err_bytes);
}

int report_acceptance_look(const char *dir, const char *remedy,
    struct acceptance *a, char *err, size_t err_bytes)
{
	char *path = report_output_path(dir, file_name, err, err_bytes);
	struct stat st;
	int rc;

	*a = (struct acceptance){ .seed = 0 };
	if (path == NULL)
		return -1;
	if (stat(path, &st) != 0 && errno == ENOENT) {
		free(path);
		return 1;
	}
	rc = field_file_read(path, &field_acceptance, ACCEPTANCE_FORMAT, a,
	    remedy, err, err_bytes);
	free(path);
	if (rc != 0)
		acceptance_clear(a);
	return rc;
}

int report_acceptance_read(const char *dir, struct acceptance *a, char *err,
    size_t err_bytes)
{
	return report_acceptance_look(dir,
	    "to begin again, name another folder with --out, or move the file "
	    "away",
	    a, err, err_bytes);
}
