/* check_results_json.c: results.json is written, and read back. */
#include <check.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "reports/json/field.h"
#include "reports/json/json.h"
#include "reports/motion.h"
#include "reports/tests/report_scratch.h"
#include "reports/tests/samples.h"
#include "reports/text.h"
#include "splitter/tests/run_suite.h"

static char dir[SCRATCH_PATH_BYTES];
static char err[1024];
static struct results results, again;

static void setup(void)
{
	report_scratch_make(dir);
	results = (struct results){ 0 };
	again = (struct results){ 0 };
	*err = '\0';
}

static void teardown(void)
{
	results_free(&results);
	results_free(&again);
	report_scratch_remove(dir);
}

static char *written(const struct results *from)
{
	int status = report_json_write(from, dir, err, sizeof err);

	ck_assert_msg(status == 0, "%s", err);
	return report_scratch_read(dir, "results.json", NULL);
}

static bool has(const char *text)
{
	return report_scratch_has(dir, "results.json", text);
}

START_TEST(an_empty_scenario_has_exactly_this_form)
{
	static const char expected[] = "{\n"
				       "  \"format\": 3,\n"
				       "  \"version\": null,\n"
				       "  \"scenarios\": [\n"
				       "    {\n"
				       "      \"name\": \"empty\",\n"
				       "      \"title\": \"\",\n"
				       "      \"file\": \"empty.yaml\",\n"
				       "      \"text\": \"\",\n"
				       "      \"seed\": 1,\n"
				       "      \"clock\": \"virtual\",\n"
				       "      \"drives\": \"2 lto8, lto7\",\n"
				       "      \"status\": \"passed\",\n"
				       "      \"passed\": true,\n"
				       "      \"problem\": null,\n"
				       "      \"outcome\": \"DONE\",\n"
				       "      \"reason\": null,\n"
				       "      \"safe_bytes\": 0,\n"
				       "      \"read_back\": false,\n"
				       "      \"duration\": 0.0,\n"
				       "      \"expectations\": [],\n"
				       "      \"faults\": [],\n"
				       "      \"metrics\": {},\n"
				       "      \"dumps\": [\n"
				       "        {\n"
				       "          \"name\": null,\n"
				       "          \"step\": null,\n"
				       "          \"begun\": 0.0,\n"
				       "          \"ended\": 0.0,\n"
				       "          \"outcome\": null,\n"
				       "          \"reason\": null,\n"
				       "          \"safe_bytes\": 0,\n"
				       "          \"metrics\": {},\n"
				       "          \"attempts\": [],\n"
				       "          \"volumes\": [],\n"
				       "          \"marks\": [],\n"
				       "          \"warnings\": []\n"
				       "        }\n"
				       "      ],\n"
				       "      \"steps\": [],\n"
				       "      \"motion\": [],\n"
				       "      \"published\": []\n"
				       "    }\n"
				       "  ],\n"
				       "  \"units\": {}\n"
				       "}\n";
	char *json;

	sample_add(&results, sample_empty("empty"));
	json = written(&results);
	ck_assert_str_eq(json, expected);
	free(json);
}
END_TEST

START_TEST(values_have_the_types_of_their_rows)
{
	sample_add(&results, sample_four_volumes("four"));
	free(written(&results));
	ck_assert(has("          \"attempts\": [\n"
		      "            {\n"
		      "              \"part\": 1,\n"));
	ck_assert(has("              \"bytes\": 1073217536,\n"
		      "              \"end\": \"FAILED\",\n"
		      "              \"cause\": \"medium error on write at "
		      "block 4094\",\n"));
	ck_assert(has("\"cause\": null,"));
	ck_assert(has("\"safe_bytes\": 5368709120,"));
	ck_assert(has("\"buffer_fill_mean\": 0.333333333333,"));
	ck_assert(has("\"restored\": null"));
	ck_assert(has("\"seconds\": 2.98\n"));
	ck_assert(has("\"line\": 14,\n"
		      "          \"text\": \"write_rate_mean >= 250 MB/s\",\n"
		      "          \"implied\": false,\n"
		      "          \"passed\": true,\n"
		      "          \"actual\": \"351.2 MB/s\",\n"
		      "          \"known\": null\n"));
	ck_assert(has("\"throughput_mean\": \"B/s\""));
}
END_TEST

START_TEST(hostile_texts_can_be_read)
{
	json_error_t error;
	json_t *root, *scenario;
	char *text, *clean = report_text_utf8(sample_hostile_text);

	sample_add(&results, sample_hostile("x"));
	text = written(&results);
	ck_assert(strstr(text, "\"seed\": 9223372036854775807,") != NULL);
	ck_assert(strstr(text, "\"huge\": 1.84467440737e19,") != NULL);
	ck_assert(strstr(text, "\"nothing\": null") != NULL);
	root = json_loads(text, JSON_DECODE_INT_AS_REAL, &error);
	ck_assert_msg(root != NULL, "%s", error.text);
	scenario = json_array_get(json_object_get(root, "scenarios"), 0);
	ck_assert_str_eq(json_string_value(json_object_get(scenario,
			     "outcome")),
	    clean);
	json_decref(root);
	free(clean);
	free(text);
}
END_TEST

START_TEST(time_of_each_motion_has_the_name_of_the_motion)
{
	struct results_scenario *s = sample_empty("a");
	char line[64];

	s->motions = calloc(1, sizeof *s->motions);
	s->motions_count = 1;
	for (int i = 0; i < SERIES_MOTIONS; i++)
		s->motions[0].sums.motion_ns[i] = (i + 1) * 1000000000ll;
	sample_add(&results, s);
	free(written(&results));
	for (int i = 0; i < SERIES_MOTIONS; i++) {
		snprintf(line, sizeof line, "\"%s\": %d.0,",
		    report_motion_name((enum series_motion)i), i + 1);
		ck_assert_msg(has(line), "%s", line);
	}
}
END_TEST

/* A number that no other member has. */
static uint64_t number;

static char *new_text(void)
{
	char text[32];

	snprintf(text, sizeof text, "text %d", (int)++number);
	return strdup(text);
}

static void fill_metrics(struct results_metric **metrics, size_t *count)
{
	static const enum results_kind kinds[] = { RESULTS_NULL, RESULTS_TEXT,
		RESULTS_NUMBER, RESULTS_REAL };

	*count = sizeof kinds / sizeof *kinds;
	*metrics = calloc(*count, sizeof **metrics);
	for (size_t i = 0; i < *count; i++) {
		struct results_metric *m = *metrics + i;

		m->name = new_text();
		m->kind = kinds[i];
		m->unit = strdup(m->kind == RESULTS_REAL ? "B/s" : "");
		m->text = m->kind == RESULTS_TEXT ? new_text() : NULL;
		m->number = ++number;
		m->real = (double)++number + 0.25;
	}
}

static void fill(const struct field_table *table, void *to);

static void fill_list(const struct field *f, char **array, size_t *count)
{
	size_t bytes = f->pointers ? sizeof(void *) : f->table->bytes;

	*count = 2;
	*array = calloc(*count, bytes);
	for (size_t i = 0; i < *count; i++) {
		void *one = *array + i * bytes;

		if (f->pointers) {
			*(void **)one = calloc(1, f->table->bytes);
			one = *(void **)one;
		}
		fill(f->table, one);
	}
}

/* Sets all members of a table, each to another value. */
static void fill(const struct field_table *table, void *to)
{
	for (const struct field *f = table->fields; f->key != NULL; f++) {
		void *at = (char *)to + f->offset;
		size_t words = 0;

		while (f->words != NULL && f->words[words] != NULL)
			words++;
		number++;
		if (f->present > 0)
			*((bool *)to + f->present - 1) = true;
		switch (f->type) {
		case FIELD_TEXT:
		case FIELD_TEXT_OR_NULL:
			*(char **)at = words == 0
			    ? new_text()
			    : strdup(f->words[number % words]);
			break;
		case FIELD_LINE:
			*(int *)at = (int)number;
			break;
		case FIELD_COUNT:
		case FIELD_COUNT_OR_NULL:
			*(uint64_t *)at = INT64_MAX - number;
			break;
		case FIELD_PLACE_OR_NULL:
			*(size_t *)at = (size_t)number;
			break;
		case FIELD_BOOLEAN:
			*(bool *)at = number % 2 != 0;
			break;
		case FIELD_REAL:
			*(double *)at = (double)number + 0.125;
			break;
		case FIELD_SECONDS:
			*(int64_t *)at = (int64_t)number * 1000000001ll;
			break;
		case FIELD_WORD:
			*(unsigned *)at = (unsigned)(number % words);
			break;
		case FIELD_METRICS:
			fill_metrics(at,
			    (size_t *)(void *)((char *)to + f->count_offset));
			break;
		case FIELD_LIST:
			fill_list(f, at,
			    (size_t *)(void *)((char *)to + f->count_offset));
			break;
		case FIELD_UNITS:
		case FIELD_DERIVED:
			break;
		}
	}
}

START_TEST(what_is_written_is_read)
{
	char *first, *second;

	number = (uint64_t)_i;
	fill(&field_results, &results);
	first = written(&results);
	ck_assert_msg(report_json_read(dir, &again, err, sizeof err) == 0, "%s",
	    err);
	second = written(&again);
	ck_assert_str_eq(first, second);
	free(first);
	free(second);
}
END_TEST

START_TEST(absent_values_are_read_as_absent)
{
	char *first, *second;

	sample_add(&results, sample_empty("a"));
	sample_add(&results, sample_four_volumes("b"));
	first = written(&results);
	ck_assert_msg(report_json_read(dir, &again, err, sizeof err) == 0, "%s",
	    err);
	second = written(&again);
	ck_assert_str_eq(first, second);
	free(first);
	free(second);
}
END_TEST

static const struct {
	const char *text, *message;
} damaged[] = {
	{ "", "results.json:1:0: not JSON: " },
	{ "{\n \"format\": 3,\n \"scenarios\": [,]}", "results.json:3:" },
	{ "{\"format\": 3, \"format\": 3}", "not JSON: duplicate" },
	{ "[]", "results.json: not a results.json of tapelab run" },
	{ "{\"format\": \"3\", \"scenarios\": []}", "not a results.json" },
	{ "{\"format\": 2, \"points\": []}", "not a results.json" },
	{ "{\"format\": 2, \"scenarios\": []}",
	    "has format 2, and this tapelab reads format 3; make it again" },
	{ "{\"format\": 4, \"scenarios\": []}", "has format 4" },
	{ "{\"format\": 3, \"scenarios\": []}",
	    "damaged: .version is missing" },
	{ "{\"format\": 3, \"version\": 1, \"scenarios\": []}",
	    "damaged: .version must be a string" },
	{ "{\"format\": 3, \"version\": null, \"scenarios\": 7}",
	    "damaged: .scenarios must be a list" },
	{ "{\"format\": 3, \"version\": null, \"scenarios\": [{\"name\": "
	  "\"a\", \"title\": \"\", \"file\": \"a\", \"text\": \"\", "
	  "\"seed\": -1}]}",
	    "damaged: .scenarios[0].seed must be an integer of at least 0" },
};

START_TEST(a_strike_without_a_place_has_null_and_not_0)
{
	struct results_scenario *s = sample_empty("a");
	const struct results_strike *strike;

	s->faults = calloc(1, sizeof *s->faults);
	s->faults_count = 1;
	s->faults[0].places = calloc(2, sizeof *s->faults[0].places);
	s->faults[0].places_count = 2;
	s->faults[0].places[1].on_medium = true;
	sample_add(&results, s);
	free(written(&results));
	ck_assert(has("\"medium_byte\": null,"));
	ck_assert(has("\"medium_byte\": 0,"));
	ck_assert_msg(report_json_read(dir, &again, err, sizeof err) == 0, "%s",
	    err);
	strike = again.scenarios[0]->faults[0].places;
	ck_assert(!strike[0].on_medium && strike[1].on_medium);
}
END_TEST

START_TEST(damage_is_reported_with_its_place)
{
	report_scratch_write(dir, "results.json", damaged[_i].text);
	ck_assert_int_eq(report_json_read(dir, &again, err, sizeof err), -1);
	ck_assert_msg(strstr(err, damaged[_i].message) != NULL, "%s", err);
	ck_assert_uint_eq(again.count, 0);
}
END_TEST

START_TEST(a_place_deep_in_the_file_is_named_as_jq_does)
{
	json_t *root, *at;
	char *text;

	sample_add(&results, sample_empty("a"));
	sample_add(&results, sample_four_volumes("b"));
	text = written(&results);
	root = json_loads(text, 0, NULL);
	free(text);
	at = json_array_get(json_object_get(root, "scenarios"), 1);
	at = json_array_get(json_object_get(at, "dumps"), 0);
	at = json_array_get(json_object_get(at, "attempts"), 2);
	json_object_set_new(at, "committed", json_string("yes"));
	text = json_dumps(root, 0);
	report_scratch_write(dir, "results.json", text);
	free(text);
	json_decref(root);
	ck_assert_int_eq(report_json_read(dir, &again, err, sizeof err), -1);
	ck_assert_msg(strstr(err,
			  ".scenarios[1].dumps[0].attempts[2].committed must "
			  "be true or false") != NULL,
	    "%s", err);
}
END_TEST

START_TEST(a_missing_file_and_a_folder_without_results_are_reported)
{
	ck_assert_int_eq(report_json_read("/nowhere", &again, err, sizeof err),
	    -1);
	ck_assert_str_eq(err,
	    "/nowhere: cannot open it: No such file or directory");
	ck_assert_int_eq(report_json_read(dir, &again, err, sizeof err), -1);
	ck_assert(strstr(err, "/results.json: cannot open it: No such file"));
}
END_TEST

START_TEST(every_row_has_a_meaning_and_fits_the_schema)
{
	for (size_t i = 0; field_tables[i] != NULL; i++)
		for (const struct field *f = field_tables[i]->fields;
		     f->key != NULL; f++) {
			ck_assert_ptr_nonnull(f->meaning);
			ck_assert_uint_lt(strlen(f->meaning), 1000);
			ck_assert(f->type != FIELD_LIST ||
			    field_table_named(f->table->name) == f->table);
		}
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof(*(table))))

int main(void)
{
	Suite *suite = suite_create("results_json");
	TCase *tcase = tcase_create("results_json");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, an_empty_scenario_has_exactly_this_form);
	tcase_add_test(tcase, values_have_the_types_of_their_rows);
	tcase_add_test(tcase, hostile_texts_can_be_read);
	tcase_add_test(tcase, time_of_each_motion_has_the_name_of_the_motion);
	tcase_add_loop_test(tcase, what_is_written_is_read, 0, 4);
	tcase_add_test(tcase, absent_values_are_read_as_absent);
	tcase_add_test(tcase, a_strike_without_a_place_has_null_and_not_0);
	tcase_add_loop_test(tcase, damage_is_reported_with_its_place, 0,
	    ROWS(damaged));
	tcase_add_test(tcase, a_place_deep_in_the_file_is_named_as_jq_does);
	tcase_add_test(tcase,
	    a_missing_file_and_a_folder_without_results_are_reported);
	tcase_add_test(tcase, every_row_has_a_meaning_and_fits_the_schema);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
