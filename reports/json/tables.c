/* tables.c: the keys of a run, its scenarios and its dumps. */
#include "reports/json/field.h"
#include "reports/json/tables.h"
#include "reports/results.h"

static const char *const clocks[] = { "virtual", "real", NULL };
static const char *const ends[] = { "EOF", "EOP", "LEOM", "CUT", "FAILED",
	NULL };
static const char *const marks[] = { "part", "volume", "fault", NULL };
static const char *const statuses[] = { "passed", "failed", "skipped", NULL };

static json_t *scenario_passed(const void *from)
{
	const struct results_scenario *s = from;

	return json_boolean(s->status == RESULTS_PASSED);
}

static json_t *format(const void *from)
{
	(void)from;
	return json_integer(RESULTS_FORMAT);
}

static const struct field attempt[] = {
	{ COUNT(results_attempt, part, "part"),
	    .meaning = "Number of the part, from 1." },
	{ COUNT(results_attempt, attempt, "attempt"),
	    .meaning = "Number of the attempt at this part, from 1." },
	{ TEXT(results_attempt, volume, "volume"),
	    .meaning = "Barcode of the volume." },
	{ COUNT_OR_NULL(results_attempt, drive, "drive"),
	    .meaning = "Number of the drive, from 1." },
	{ COUNT(results_attempt, file, "file"),
	    .meaning = "Number of the file on the volume." },
	{ COUNT(results_attempt, offset_bytes, "offset"),
	    .meaning = "Offset of the part in the dump." },
	{ COUNT(results_attempt, bytes, "bytes"),
	    .meaning = "Number of bytes of the part that the drive accepted." },
	{ TEXT(results_attempt, end, "end"), .words = ends,
	    .meaning = "How the attempt ended; see the list of ends below." },
	{ TEXT_OR_NULL(results_attempt, cause, "cause"),
	    .meaning = "Why the attempt failed, as a word; see the list of "
		       "causes below. Null if it did not fail." },
	{ TEXT_OR_NULL(results_attempt, message, "message"),
	    .meaning = "The same as a sentence." },
	{ BOOLEAN(results_attempt, committed, "committed"),
	    .meaning = "Whether this attempt committed the part." },
	{ SECONDS(results_attempt, begun_ns, "begun"),
	    .meaning = "When the header began." },
	{ SECONDS(results_attempt, ended_ns, "ended"),
	    .meaning = "When the filemark ended." },
	{ REAL(results_attempt, seconds, "seconds"),
	    .meaning = "Time from the beginning of the header to the end of "
		       "the filemark." },
	{ .key = NULL },
};

static const struct field_table attempts = { "Attempts",
	sizeof(struct results_attempt), attempt };

static const struct field reading[] = {
	{ TEXT(results_reading, source, "source"),
	    .meaning = "`02h/0006`: log page and parameter of the drive; "
		       "`MAM 0003`: attribute of the memory of the "
		       "cartridge." },
	{ TEXT(results_reading, name, "name"),
	    .meaning = "What it is, as the maker calls it." },
	{ TEXT_OR_NULL(results_reading, unit, "unit"),
	    .meaning = "Unit of the numbers. Null for a plain count." },
	{ COUNT(results_reading, before, "before"),
	    IF(results_reading, has_before),
	    .meaning = "Number after the load. Null if it was not reported." },
	{ COUNT(results_reading, after, "after"),
	    .meaning = "Number before the unload." },
	{ .key = NULL },
};

static const struct field_table readings = { "Readings",
	sizeof(struct results_reading), reading };

static const struct field volume[] = {
	{ TEXT(results_volume, barcode, "barcode"),
	    .meaning = "Barcode of the volume." },
	{ COUNT_OR_NULL(results_volume, drive, "drive"),
	    .meaning = "Number of the drive, from 1." },
	{ SECONDS(results_volume, loaded_ns, "loaded"),
	    .meaning = "When the load ended." },
	{ COUNT_OR_NULL(results_volume, capacity_bytes, "capacity"),
	    .meaning = "Capacity in bytes. Null if it is not known." },
	{ COUNT(results_volume, written_bytes, "written"),
	    .meaning = "Number of bytes on the medium, with label and "
		       "headers." },
	{ BOOLEAN(results_volume, finished, "finished"),
	    .meaning = "Whether no later dump can be appended." },
	{ TEXT_OR_NULL(results_volume, closed, "closed"),
	    .meaning = "State in which the dump left the volume: `good`, "
		       "`full`, `suspect`, `refused`. Null if the dump did "
		       "not close it." },
	{ TEXT_OR_NULL(results_volume, reason, "reason"),
	    .meaning = "Why the volume is in this state." },
	{ BOOLEAN(results_volume, reported, "reported"),
	    .meaning = "Whether the drive reported counters, TapeAlert flags "
		       "and the memory of the cartridge, after the load and "
		       "before the unload." },
	{ TEXT_OR_NULL(results_volume, serial, "serial"),
	    .meaning = "Medium serial number, from the memory of the "
		       "cartridge." },
	{ TEXT_OR_NULL(results_volume, alerts_before, "alerts_before"),
	    .meaning = "TapeAlert flags that were set after the load, with "
		       "their numbers." },
	{ TEXT_OR_NULL(results_volume, alerts_after, "alerts_after"),
	    .meaning = "TapeAlert flags that were set before the unload." },
	{ TEXT_OR_NULL(results_volume, errors, "errors"),
	    .meaning = "Uncorrected errors that the drive counted between the "
		       "two, and critical TapeAlert flags that it set." },
	{ LIST(results_volume, readings, "readings", readings),
	    .meaning = "Numbers of log pages and of the memory of the "
		       "cartridge. Those that stayed 0 are left out." },
	{ .key = NULL },
};

static const struct field_table volumes = { "Volumes",
	sizeof(struct results_volume), volume };

static const struct field mark[] = {
	{ WORD(results_mark, kind, "kind", marks),
	    .meaning = "`part`: a part was committed; `volume`: a volume was "
		       "loaded; `fault`: an attempt, header, label or load "
		       "failed." },
	{ SECONDS(results_mark, at_ns, "at"), .meaning = "When." },
	{ TEXT(results_mark, label, "label"),
	    .meaning = "The label in the plot." },
	{ .key = NULL },
};

static const struct field_table mark_table = { "Marks",
	sizeof(struct results_mark), mark };

static const struct field warning[] = {
	{ SECONDS(results_warning, at_ns, "at"), .meaning = "When." },
	{ TEXT(results_warning, text, "text"), .meaning = "The message." },
	{ .key = NULL },
};

static const struct field_table warnings = { "Warnings",
	sizeof(struct results_warning), warning };

static const struct field message[] = {
	{ TEXT(results_message, text, "text"), .meaning = "The message." },
	{ .key = NULL },
};

static const struct field_table messages = { "Messages",
	sizeof(struct results_message), message };

static const struct field step[] = {
	{ LINE(results_step, line, "line"),
	    .meaning = "Line of the scenario file." },
	{ TEXT(results_step, kind, "kind"),
	    .meaning = "What kind of step it is: `write`, `label`, `scan` and "
		       "so on, as in tapelab-scenario(5)." },
	{ TEXT(results_step, title, "title"),
	    .meaning = "What the step does." },
	{ WORD(results_step, status, "status", statuses),
	    .meaning = "Whether the expectations of the step are met." },
	{ BOOLEAN(results_step, reached, "reached"),
	    .meaning = "Whether the step was begun. It is not if the "
		       "scenario ended before." },
	{ TEXT_OR_NULL(results_step, result, "result"),
	    .meaning = "How the step ended: `done`, `partial`, `failed`, "
		       "`refused`, `killed` and so on." },
	{ TEXT_OR_NULL(results_step, reason, "reason"),
	    .meaning = "Why the result is not `done`." },
	{ SECONDS(results_step, begun_ns, "begun"),
	    .meaning = "When the step began." },
	{ SECONDS(results_step, ended_ns, "ended"),
	    .meaning = "When the step ended." },
	{ LIST(results_step, messages, "messages", messages),
	    .meaning = "What a program would print." },
	{ METRICS(results_step, "metrics"),
	    .meaning = "The metrics and facts of the step: for a step that "
		       "writes, of its dumps together." },
	{ LIST(results_step, expectations, "expectations", field_expectations),
	    .meaning = "The expectations of the step." },
	{ .key = NULL },
};

static const struct field_table steps = { "Steps", sizeof(struct results_step),
	step };

static const struct field dump[] = {
	{ TEXT_OR_NULL(results_dump, name, "name"),
	    .meaning = "Name of the dump. Null for a single dump without a "
		       "name." },
	{ PLACE_OR_NULL(results_dump, step, "step"),
	    .meaning = "Number of the step that wrote the dump, from 1. Null "
		       "if the scenario has no steps." },
	{ SECONDS(results_dump, begun_ns, "begun"),
	    .meaning = "When the dump began." },
	{ SECONDS(results_dump, ended_ns, "ended"),
	    .meaning = "When the dump ended." },
	{ TEXT_OR_NULL(results_dump, outcome, "outcome"),
	    .meaning = "`DONE`, `PARTIAL` or `FAILED`." },
	{ TEXT_OR_NULL(results_dump, reason, "reason"),
	    .meaning = "Why the outcome is not `DONE`." },
	{ COUNT(results_dump, safe_bytes, "safe_bytes"),
	    .meaning = "Number of bytes, from the beginning of the dump, in "
		       "committed parts." },
	{ METRICS(results_dump, "metrics"),
	    .meaning = "The metrics of this dump. The object is empty for the "
		       "only dump of a scenario without steps, if it runs once "
		       "and starts at once: its metrics are those of the "
		       "scenario." },
	{ LIST(results_dump, attempts, "attempts", attempts),
	    .meaning = "The attempts, in the order in which they ended." },
	{ LIST(results_dump, volumes, "volumes", volumes),
	    .meaning = "The volumes, in the order in which they were loaded; "
		       "once for each load." },
	{ LIST(results_dump, marks, "marks", mark_table),
	    .meaning = "The marks of the plot, by time." },
	{ LIST(results_dump, warnings, "warnings", warnings),
	    .meaning = "What went wrong but ended no attempt." },
	{ .key = NULL },
};

static const struct field_table dumps = { "Dumps", sizeof(struct results_dump),
	dump };

static const struct field scenario[] = {
	{ TEXT(results_scenario, name, "name"),
	    .meaning = "The name, unique within the run." },
	{ TEXT(results_scenario, title, "title"), .meaning = "The title." },
	{ TEXT(results_scenario, file, "file"),
	    .meaning = "Path of the scenario file below the folder named on "
		       "the command line. For a file named on the command "
		       "line, its base name." },
	{ TEXT(results_scenario, text, "text"),
	    .meaning = "The scenario file, as it was read." },
	{ COUNT(results_scenario, seed, "seed"), .meaning = "The seed." },
	{ TEXT(results_scenario, clock, "clock"), .words = clocks,
	    .meaning = "The clock." },
	{ TEXT(results_scenario, drives, "drives"),
	    .meaning = "Models of the drives in their order, those in a row "
		       "that are alike with their number: `2 lto8, "
		       "lto5-ibm`." },
	{ WORD(results_scenario, status, "status", statuses),
	    .meaning = "Whether the scenario passed." },
	{ "passed", FIELD_DERIVED, .get = scenario_passed,
	    .schema = "{\"type\": \"boolean\"}",
	    .meaning = "Whether `status` is `passed`." },
	{ TEXT_OR_NULL(results_scenario, problem, "problem"),
	    .meaning = "Why the scenario was skipped or could not be run, how "
		       "the safe bytes differ from the source, or why they "
		       "could not be compared." },
	{ TEXT_OR_NULL(results_scenario, outcome, "outcome"),
	    .meaning = "The worst outcome of all dumps: `DONE`, `PARTIAL` or "
		       "`FAILED`. Null for a skipped scenario." },
	{ TEXT_OR_NULL(results_scenario, reason, "reason"),
	    .meaning = "Why the outcome is not `DONE`." },
	{ COUNT(results_scenario, safe_bytes, "safe_bytes"),
	    .meaning = "Number of bytes in committed parts, from the "
		       "beginning of each dump." },
	{ BOOLEAN(results_scenario, read_back, "read_back"),
	    .meaning = "Whether the volumes were read back. If not, nothing "
		       "is known of the metric `restored`, which is null." },
	{ SECONDS(results_scenario, duration_ns, "duration"),
	    .meaning = "When the last dump ended." },
	{ LIST(results_scenario, expectations, "expectations",
	      field_expectations),
	    .meaning = "The expectations, in the order of the scenario "
		       "file." },
	{ LIST(results_scenario, faults, "faults", field_faults),
	    .meaning = "The faults, in the order of the scenario file, with "
		       "the places where they struck." },
	{ METRICS(results_scenario, "metrics"),
	    .meaning = "All metrics of tapelab-scenario(5) by name. Words and "
		       "the attempts line are strings, counts and sizes are "
		       "integers, rates (bytes per second), times (seconds) "
		       "and percentages are numbers with a fraction. An "
		       "undefined metric is null. The object is empty for a "
		       "skipped scenario. If there are several dumps, these "
		       "are the metrics of all dumps together." },
	{ LIST(results_scenario, dumps, "dumps", dumps),
	    .meaning = "The dumps, in the order of the scenario file. A "
		       "scenario with the key `dump` has one; a scenario "
		       "with steps may have none." },
	{ LIST(results_scenario, steps, "steps", steps),
	    .meaning = "The steps, in the order of the scenario file." },
	{ LIST(results_scenario, motions, "motion", field_drives),
	    .meaning = "What each drive did, in the order of the library. "
		       "Empty for a skipped scenario, and on the real clock "
		       "unless the drives are paced." },
	{ LIST(results_scenario, published, "published", field_published),
	    .meaning = "Published values, in the order of the scenario "
		       "file." },
	{ .key = NULL },
};

static const struct field_table scenarios = { "Scenarios",
	sizeof(struct results_scenario), scenario };

static const struct field results[] = {
	{ "format", FIELD_DERIVED, .get = format, .schema = "{\"const\": 3}",
	    .meaning = "The version of this format, 3. A program that reads "
		       "results ignores keys that it does not know." },
	{ TEXT_OR_NULL(results, version, "version"),
	    .meaning = "The version of tapelab that made the results." },
	{ FIELD_AT(results, scenarios, "scenarios", FIELD_LIST),
	    .table = &scenarios, ARRAY_COUNT(results, count), .pointers = true,
	    .meaning = "The scenarios, in the order in which they ran." },
	{ "units", FIELD_UNITS,
	    .meaning = "The units of metrics by name: `B`, `B/s`, `s` or "
		       "`%`. A metric without a unit is not listed." },
	{ .key = NULL },
};

const struct field_table field_results = { "Results", sizeof(struct results),
	results };

const struct field_table *const field_tables[] = { &field_results, &scenarios,
	&field_expectations, &field_faults, &field_strikes, &dumps, &attempts,
	&volumes, &readings, &mark_table, &warnings, &steps, &messages,
	&field_drives, &field_speeds, &field_published, NULL };
