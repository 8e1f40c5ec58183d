/*
 * answer_scenario.c: answer.yaml, the recommendation as a scenario.
 *
 * It includes the scenario of the sweep, because the paths that a scenario names
 * are relative to its folder, and overrides what --set and the recommendation
 * set.  It is read back, so a file that is written is one that runs.  One that
 * does not, because --set names a file from the folder of the scenario, is removed.
 */
#include "sim/tune/answer/impl.h"

#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "reports/output.h"
#include "sim/tune/answer/files.h"
#include "splitter/base/sentence.h"
#include "vtl/model/profile.h"
#include "vtl/yaml/print.h"

#define NAME "answer.yaml"

enum { MESSAGE_BYTES = 1024 };

/* What the file sets: arguments "KEY=VALUE", of which the last one counts. */
struct settings {
	const char **list;
	size_t count;
};

/*
 * Writes how a file is reached from a folder: "../a.yaml".  Both exist.  Returns
 * a text that the caller frees, or NULL.
 */
static char *path_from(const char *folder, const char *file)
{
	char from[PATH_MAX], to[PATH_MAX], *path = NULL;
	size_t bytes = 0, same = 0;
	FILE *out = NULL;

	if (realpath(folder, from) != NULL && realpath(file, to) != NULL)
		out = open_memstream(&path, &bytes);
	if (out != NULL) {
		/* The names that both begin with, with the slash. */
		for (size_t i = 0; to[i] != '\0'; i++) {
			if (to[i] == '/' && (from[i] == '/' || from[i] == '\0'))
				same = i + 1;
			if (from[i] != to[i])
				break;
		}
		for (const char *name = from + same - 1; *name != '\0';)
			if (*name++ == '/' && *name != '\0')
				fputs("../", out);
		fputs(to + same, out);
		if (fclose(out) != 0) {
			free(path);
			path = NULL;
		}
	}
	return path;
}

/* Whether a later argument has the same key. */
static bool is_replaced(const struct settings *s, size_t at)
{
	size_t bytes = strcspn(s->list[at], "=") + 1;

	for (size_t i = at + 1; i < s->count; i++)
		if (strncmp(s->list[i], s->list[at], bytes) == 0)
			return true;
	return false;
}

/*
 * Returns the value of an argument in the form for one line of the file, which the
 * caller frees; NULL without memory.  As an argument it is a text of its own, in
 * which "a: 1" is a mapping.
 */
static char *value_of(const char *argument)
{
	const char *value = strchr(argument, '=') + 1;
	struct yaml_errors errors = { 0 };
	struct yaml_tree *tree;
	char *text;

	if (value[strspn(value, " \t")] == '\0')
		return strdup("");
	tree = yaml_tree_parse(value, strlen(value), &errors);
	text = tree != NULL ? yaml_tree_print(tree) : NULL;
	yaml_tree_free(tree);
	yaml_errors_clear(&errors);
	return text;
}

/* Returns 0, or -1 without memory. */
static int put(FILE *out, const struct settings *s, const char *quoted)
{
	char *value;

	fprintf(out,
	    "# The recommendation of tapelab tune.  On a drive:\n"
	    "#     tapelab run --device DEV --volume NAME --trial 10min " NAME
	    "\n"
	    "include: %s\n",
	    quoted);
	if (s->count > 0)
		fputs("overrides:\n", out);
	for (size_t i = 0; i < s->count; i++) {
		int key = (int)strcspn(s->list[i], "=");

		if (is_replaced(s, i))
			continue;
		value = value_of(s->list[i]);
		if (value == NULL)
			return -1;
		fprintf(out, "  %.*s: %s\n", key, s->list[i], value);
		free(value);
	}
	return 0;
}

/* Keeps the first message. */
static void keep(void *arg, const char *message)
{
	char *first = arg;

	if (first[0] == '\0')
		snprintf(first, MESSAGE_BYTES, "%s", message);
}

/*
 * Whether the file is a scenario with the recommended settings; if not, it is
 * removed, and `why` says why.
 */
static bool read_back(const struct tune_study *study, const char *path,
    char *why, size_t why_bytes)
{
	char first[MESSAGE_BYTES] = "";
	const char *text = first;
	struct scenario *scenario = scenario_read(path, keep, first);
	struct tune_settings settings;

	if (scenario != NULL) {
		tune_settings_of(scenario, &settings);
		scenario_free(scenario);
		if (tune_settings_same(&settings, &study->chosen.settings))
			return true;
		snprintf(first, sizeof first, "it has other settings");
	}
	unlink(path);
	/* Without the place in the file, which is gone. */
	if (strncmp(text, path, strlen(path)) == 0)
		text +=
		    strlen(path) + strspn(text + strlen(path), ":0123456789 ");
	sentence(why, why_bytes, "%s%s", text,
	    study->base.overrides->count > 0
		? "; in --set name files by absolute paths"
		: "");
	return false;
}

/*
 * Makes the overrides for the recommendation.  The profile of the drive may be a
 * file, which the scenario names from its own folder.
 */
static int make_overrides(const struct tune_study *study, const char *folder,
    struct tune_overrides *own)
{
	const struct tune_base *base = &study->base;
	struct scenario s = *base->scenario;
	char *file = NULL, *profile = NULL;
	int rc = -1;

	if (profile_is_path(s.model_name)) {
		file = scenario_path_beside(base->scenario, s.model_name);
		profile = file != NULL ? path_from(folder, file) : NULL;
		s.model_name = profile;
	}
	if (s.model_name != NULL)
		rc = tune_overrides_make(&s, &base->settings,
		    &study->chosen.settings, own);
	free(profile);
	free(file);
	return rc;
}

static int write_file(const struct tune_study *study, const struct settings *s,
    const char *folder, char *err, size_t err_bytes)
{
	char *include = path_from(folder, study->base.path);
	json_t *text = include != NULL ? json_string(include) : NULL;
	/* A text of JSON is one of YAML. */
	char *quoted = json_dumps(text, JSON_ENCODE_ANY);
	struct output output;
	int rc = -1;

	if (quoted == NULL) {
		sentence(err, err_bytes,
		    "%s cannot be named in " NAME
		    ": out of memory, or its path is not UTF-8",
		    study->base.path);
	} else if (report_output_open(&output, err, err_bytes) == 0) {
		rc = put(output.text, s, quoted);
		if (rc == 0) {
			rc = report_output_commit(&output, folder, NAME, err,
			    err_bytes);
		} else {
			sentence(err, err_bytes, "out of memory");
			report_output_drop(&output);
		}
	}
	json_decref(text);
	free(quoted);
	free(include);
	return rc;
}

int tune_scenario_write(const struct tune_plan *plan, const char *folder,
    char *why, size_t why_bytes, char *err, size_t err_bytes)
{
	const struct tune_study *study = &plan->study;
	const struct tune_base *base = &study->base;
	struct tune_overrides own = { .count = 0 };
	struct settings s = { .list = NULL };
	char *path;
	int rc = -1;

	why[0] = '\0';
	if (study->choice.chosen == TUNE_NO_POINT)
		return 0;
	path = report_output_path(folder, NAME, err, err_bytes);
	if (path == NULL)
		return -1;
	if (make_overrides(study, folder, &own) == 0)
		s.list = calloc(base->overrides->count + own.count + 1,
		    sizeof *s.list);
	if (s.list == NULL) {
		snprintf(err, err_bytes, "out of memory");
	} else {
		for (size_t i = 0; i < base->overrides->count; i++)
			s.list[s.count++] = base->overrides->list[i];
		for (size_t i = 0; i < own.count; i++)
			s.list[s.count++] = own.list[i];
		rc = write_file(study, &s, folder, err, err_bytes);
		if (rc == 0)
			read_back(study, path, why, why_bytes);
	}
	free(s.list);
	tune_overrides_clear(&own);
	free(path);
	return rc;
}
