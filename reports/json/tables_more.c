/* tables_more.c: the keys of expectations, faults, drives, published values. */
#include <math.h>
#include <string.h>

#include "reports/json/tables.h"
#include "reports/published.h"
#include "reports/results.h"

static const struct field expectation[] = {
	{ TEXT_OR_NULL(results_expectation, file, "file"),
	    .meaning = "The included file that has the line. Null if it is in "
		       "the `file` of the scenario." },
	{ LINE(results_expectation, line, "line"),
	    .meaning = "Line of the scenario file." },
	{ TEXT(results_expectation, text, "text"),
	    .meaning = "The comparison." },
	{ BOOLEAN(results_expectation, implied, "implied"),
	    .meaning = "Whether the scenario does not have it: it holds for "
		       "every scenario, and is listed because it failed. The "
		       "line is the one that it is about." },
	{ BOOLEAN(results_expectation, passed, "passed"),
	    .meaning = "Whether the comparison holds." },
	{ TEXT(results_expectation, actual, "actual"),
	    .meaning = "The actual value, with its unit." },
	{ TEXT_OR_NULL(results_expectation, known, "known"),
	    .meaning = "Why the comparison is known not to hold. Null if it "
		       "must hold. If `known` is a string, the scenario "
		       "fails if `passed` is `true`." },
	{ .key = NULL },
};

const struct field_table field_expectations = { "Expectations",
	sizeof(struct results_expectation), expectation };

static const struct field strike[] = {
	{ SECONDS(results_strike, at_ns, "at"), .meaning = "When." },
	{ BOOLEAN(results_strike, reading_back, "reading_back"),
	    .meaning = "Whether it struck after the dumps, while their "
		       "volumes were read back." },
	{ PLACE_OR_NULL(results_strike, dump, "dump"),
	    .meaning = "The dump: its place in `dumps`, from 1. Null if no "
		       "dump was concerned." },
	{ PLACE_OR_NULL(results_strike, attempt, "attempt"),
	    .meaning = "The attempt in progress: its place in the `attempts` "
		       "of that dump, from 1." },
	{ TEXT_OR_NULL(results_strike, volume, "volume"),
	    .meaning = "Barcode of the volume." },
	{ COUNT_OR_NULL(results_strike, drive, "drive"),
	    .meaning = "Number of the drive, from 1." },
	{ COUNT(results_strike, medium_byte, "medium_byte"),
	    IF(results_strike, on_medium),
	    .meaning = "Byte of the medium, from BOT. Null if the fault has "
		       "no place on a medium." },
	{ COUNT(results_strike, dump_byte, "dump_byte"),
	    IF(results_strike, in_dump),
	    .meaning = "Byte of the dump. Null if the fault has no place in "
		       "a dump." },
	{ .key = NULL },
};

const struct field_table field_strikes = { "Strikes",
	sizeof(struct results_strike), strike };

static const struct field fault[] = {
	{ LINE(results_fault, line, "line"),
	    .meaning = "Line of the scenario file." },
	{ TEXT(results_fault, text, "text"), .meaning = "The fault." },
	{ TEXT(results_fault, kind, "kind"),
	    .meaning = "The value of its key `fail`." },
	{ BOOLEAN(results_fault, unreached, "unreached"),
	    .meaning = "Whether it is expected never to strike." },
	{ COUNT(results_fault, strikes, "strikes"),
	    .meaning = "How often it struck." },
	{ LIST(results_fault, places, "places", field_strikes),
	    .meaning = "Where the first 16 strikes were." },
	{ .key = NULL },
};

const struct field_table field_faults = { "Faults",
	sizeof(struct results_fault), fault };

static const struct field speed[] = {
	{ COUNT(results_speed, bytes_per_s, "bytes_per_s"),
	    .meaning = "The speed." },
	{ SECONDS(results_speed, ns, "seconds"),
	    .meaning = "Time at this speed." },
	{ .key = NULL },
};

const struct field_table field_speeds = { "Speeds",
	sizeof(struct results_speed), speed };

#define MOTION(motion, name) \
	SECONDS(results_drive, sums.motion_ns[motion], name)

static const struct field drive[] = {
	{ TEXT(results_drive, model, "model"),
	    .meaning = "The model of the drive." },
	{ COUNT(results_drive, sums.stops_for_data, "stops_for_data"),
	    .meaning = "How often the drive ran out of data and stopped." },
	{ COUNT(results_drive, sums.stops_for_filemarks, "stops_for_filemarks"),
	    .meaning = "How often it stopped because everything had to be on "
		       "the medium." },
	{ COUNT(results_drive, sums.stops_forced, "speed_changes_forced"),
	    .meaning = "How often it stopped to start again at a higher "
		       "speed. These stops are not counted in the two "
		       "numbers above." },
	{ COUNT(results_drive, sums.medium_bytes, "medium_bytes"),
	    .meaning = "Bytes that the medium took while it streamed." },
	{ SECONDS(results_drive, sums.waited_ns, "host_waited"),
	    .meaning = "Time in which a write waited for room in the buffer "
		       "of the drive." },
	{ MOTION(SERIES_STREAMING, "streaming"),
	    .meaning = "Time in which the medium was written." },
	{ MOTION(SERIES_TURNING, "turning"),
	    .meaning = "Time of turns at the ends of wraps." },
	{ MOTION(SERIES_BACKHITCH, "backhitch"),
	    .meaning = "Time of backhitches." },
	{ MOTION(SERIES_STANDING, "standing"),
	    .meaning = "Time in which the medium stood still." },
	{ MOTION(SERIES_LOCATING, "locating"),
	    .meaning = "Time of locates and spaces." },
	{ MOTION(SERIES_READING, "reading"), .meaning = "Time of reads." },
	{ MOTION(SERIES_LOADING, "loading"), .meaning = "Time of loads." },
	{ MOTION(SERIES_REWINDING, "rewinding"),
	    .meaning = "Time of rewinds." },
	{ MOTION(SERIES_UNLOADING, "unloading"),
	    .meaning = "Time of unloads, without the rewind." },
	{ LIST(results_drive, speeds, "speeds", field_speeds),
	    .meaning = "The speeds at which the medium streamed, rising." },
	{ .key = NULL },
};

const struct field_table field_drives = { "Motion",
	sizeof(struct results_drive), drive };

static json_t *real_or_null(bool there, double real)
{
	return there && isfinite(real) ? json_real(real) : json_null();
}

static bool set_real(double *real, const json_t *value)
{
	*real = json_number_value(value);
	return json_is_null(value) || json_is_number(value);
}

static json_t *get_value(const void *from)
{
	const struct results_published *v = from;

	return real_or_null(!v->same, v->value);
}

static bool set_value(void *to, const json_t *value)
{
	return set_real(&((struct results_published *)to)->value, value);
}

static json_t *get_tolerance(const void *from)
{
	const struct results_published *v = from;

	return real_or_null(!v->order, v->tolerance);
}

static bool set_tolerance(void *to, const json_t *value)
{
	return set_real(&((struct results_published *)to)->tolerance, value);
}

static json_t *get_compares(const void *from)
{
	const struct results_published *v = from;

	return json_string(v->order ? "order" : v->same ? "same" : "value");
}

static bool set_compares(void *to, const json_t *value)
{
	struct results_published *v = to;
	const char *word = json_string_value(value);

	if (word == NULL)
		return false;
	v->order = strcmp(word, "order") == 0;
	v->same = strcmp(word, "same") == 0;
	return v->order || v->same || strcmp(word, "value") == 0;
}

static json_t *get_error(const void *from)
{
	return real_or_null(true, report_published_error(from));
}

static json_t *get_met(const void *from)
{
	const struct results_published *v = from;

	return v->verdict == RESULTS_NOT_COMPARED
	    ? json_null()
	    : json_boolean(v->verdict == RESULTS_MET);
}

static bool set_met(void *to, const json_t *value)
{
	((struct results_published *)to)->verdict = json_is_true(value)
	    ? RESULTS_MET
	    : json_is_false(value) ? RESULTS_NOT_MET
				   : RESULTS_NOT_COMPARED;
	return json_is_boolean(value) || json_is_null(value);
}

#define NUMBER_OR_NULL "{\"type\": [\"number\", \"null\"]}"

static const struct field published[] = {
	{ TEXT_OR_NULL(results_published, file, "file"),
	    .meaning = "The included file that has the line. Null if it is in "
		       "the `file` of the scenario." },
	{ LINE(results_published, line, "line"),
	    .meaning = "Line of the scenario file." },
	{ TEXT(results_published, metric, "metric"),
	    .meaning = "Name of the metric." },
	{ TEXT(results_published, unit, "unit"),
	    .meaning = "Unit of `value` and `simulated`: `B`, `B/s`, `s`, "
		       "`%` or an empty string." },
	{ "value", FIELD_DERIVED, .get = get_value, .set = set_value,
	    .schema = NUMBER_OR_NULL,
	    .meaning = "The published value. Null if the source says only "
		       "that all values of the series are the same." },
	{ "tolerance", FIELD_DERIVED, .get = get_tolerance,
	    .set = set_tolerance, .schema = NUMBER_OR_NULL,
	    .meaning = "The largest error with which the value is met, as a "
		       "share of the value. Null if only the order is "
		       "compared." },
	{ "compares", FIELD_DERIVED, .get = get_compares, .set = set_compares,
	    .schema = "{\"enum\": [\"value\", \"order\", \"same\"]}",
	    .meaning = "`value`, `order` (of the values of the series) or "
		       "`same` (all values of the series)." },
	{ TEXT(results_published, kind, "kind"),
	    .meaning = "`calibration`, `validation` or `by construction`." },
	{ TEXT(results_published, source, "source"),
	    .meaning = "Who published or measured the value." },
	{ TEXT_OR_NULL(results_published, series, "series"),
	    .meaning = "Name of the series. Null if the value belongs to "
		       "none." },
	{ TEXT(results_published, point, "point"),
	    .meaning = "Name of the value in its series." },
	{ TEXT_OR_NULL(results_published, known, "known"),
	    .meaning = "Why the value is known not to be met. Null if it "
		       "must be met." },
	{ REAL(results_published, simulated, "simulated"),
	    IF(results_published, defined),
	    .meaning = "Value of the metric in this run. Null if it is "
		       "undefined." },
	{ "error", FIELD_DERIVED, .get = get_error, .schema = NUMBER_OR_NULL,
	    .meaning = "Difference of the simulated value from the published "
		       "one, as a share of the published one. With `same` it "
		       "is the difference from the mean of the series. Null "
		       "if it is not known." },
	{ "met", FIELD_DERIVED, .get = get_met, .set = set_met,
	    .schema = "{\"type\": [\"boolean\", \"null\"]}",
	    .meaning = "Whether the value is met. Null if the metric is "
		       "undefined, or if no other value of its series was "
		       "simulated in this run." },
	{ .key = NULL },
};

const struct field_table field_published = { "Published values",
	sizeof(struct results_published), published };
