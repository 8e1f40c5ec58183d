/* page.c: the regions of tapelab-scenario(5) that come from tables. */
#include <stdlib.h>
#include <string.h>

#include "reports/json/field.h"
#include "reports/units.h"
#include "sim/metrics/fact.h"
#include "sim/scenario/doc/doc.h"
#include "vtl/model/profile.h"

bool doc_takes(const struct scenario_kind *kind, const struct key *key)
{
	return (key->kinds & SCENARIO_KIND(kind->fail)) != 0;
}

/*
 * Returns whether all defects of a volume take the key.  Such keys have a
 * section of their own.
 */
static bool is_place(const struct key_map *map, const struct key *key)
{
	static const uint32_t defects = SCENARIO_KIND(FAIL_WRITE) |
	    SCENARIO_KIND(FAIL_READ) | SCENARIO_KIND(FAIL_SLOW) |
	    SCENARIO_KIND(FAIL_CORRUPT);

	return map == &scenario_defect_map && key->kinds == defects;
}

static void keys(FILE *to, const struct key_map *map,
    const struct scenario_kind *kind)
{
	fputs(".Bl -tag -width Ds\n", to);
	for (const struct key *key = map->keys; key->name != NULL; key++) {
		if (kind != NULL &&
		    (!doc_takes(kind, key) || is_place(map, key) ||
			strcmp(key->name, "fail") == 0))
			continue;
		doc_mdoc_key(to, key);
	}
	fputs(".El\n", to);
}

/* Prints the keys that set the place of a defect. */
static void place(FILE *to)
{
	const struct key *key = scenario_defect_map.keys;

	fputs(".Bl -tag -width Ds\n", to);
	for (; key->name != NULL; key++)
		if (is_place(&scenario_defect_map, key) &&
		    strcmp(key->name, "fail") != 0)
			doc_mdoc_key(to, key);
	fputs(".El\n", to);
}

/*
 * Returns "R" if the kind requires the key, "1" if it requires one of several
 * keys, "x" if the key is allowed, otherwise "".
 */
static const char *mark(const struct scenario_kind *kind, const char *name)
{
	const struct key *key = scenario_fault_map(kind->fail)->keys;

	for (; key->name != NULL; key++) {
		if (!doc_takes(kind, key) || strcmp(key->name, name) != 0)
			continue;
		if (key->required)
			return "R";
		for (size_t i = 0; kind->one_of[i] != NULL; i++)
			if (strcmp(kind->one_of[i], name) == 0)
				return "1";
		return "x";
	}
	return "";
}

/* Returns whether every kind takes the key: a table need not show it. */
static bool is_common(const char *name)
{
	for (size_t i = 0; i < SCENARIO_KINDS; i++)
		if (strcmp(mark(&scenario_kinds[i], name), "x") != 0)
			return false;
	return true;
}

/*
 * Sets `names` to the names of all keys of these maps, each once, and a NULL.
 * Keys that every kind takes are left out.
 */
static void names_of(const struct key_map *const *maps, size_t maps_count,
    const char *names[KEY_KEYS_MAX + 1])
{
	size_t count = 0, i;

	for (size_t m = 0; m < maps_count; m++) {
		const struct key *key = maps[m]->keys;

		for (; key->name != NULL; key++) {
			for (i = 0; i < count; i++)
				if (strcmp(names[i], key->name) == 0)
					break;
			if (i == count && strcmp(key->name, "fail") != 0 &&
			    !is_common(key->name))
				names[count++] = key->name;
		}
	}
	names[count] = NULL;
}

/* Prints a table with a row for each key, for the kinds with many keys. */
static void table_of_keys(FILE *to)
{
	static const enum scenario_fail kinds[] = { FAIL_WRITE, FAIL_READ,
		FAIL_SLOW, FAIL_CORRUPT, FAIL_DRIVE };
	static const struct key_map *const maps[] = { &scenario_defect_map,
		&scenario_drive_fault_map };
	enum { KINDS = sizeof kinds / sizeof *kinds };
	const char *names[KEY_KEYS_MAX + 1];

	names_of(maps, 2, names);
	fputs(".Bl -column \"recover_after\"", to);
	for (size_t i = 0; i < KINDS; i++)
		fprintf(to, " \"%s\"", scenario_kinds[kinds[i]].word);
	fputs("\n.It Sy key", to);
	for (size_t i = 0; i < KINDS; i++)
		fprintf(to, " Ta Cm %s", scenario_kinds[kinds[i]].word);
	fputc('\n', to);
	for (size_t n = 0; names[n] != NULL; n++) {
		fprintf(to, ".It Cm %s", names[n]);
		for (size_t i = 0; i < KINDS; i++)
			fprintf(to, " Ta %s",
			    mark(&scenario_kinds[kinds[i]], names[n]));
		fputc('\n', to);
	}
	fputs(".El\n", to);
}

/* Prints a table with a row for each kind, for the kinds with few keys. */
static void table_of_kinds(FILE *to)
{
	static const struct key_map *const maps[] = {
		&scenario_other_fault_map
	};
	const char *names[KEY_KEYS_MAX + 1];

	names_of(maps, 1, names);
	fputs(".Bl -column \"slice_announcement\"", to);
	for (size_t n = 0; names[n] != NULL; n++)
		fprintf(to, " \"%s\"", names[n]);
	fputs("\n.It Sy kind", to);
	for (size_t n = 0; names[n] != NULL; n++)
		fprintf(to, " Ta Cm %s", names[n]);
	fputc('\n', to);
	for (size_t i = 0; i < SCENARIO_KINDS; i++) {
		const struct scenario_kind *kind = &scenario_kinds[i];

		if (scenario_fault_map(kind->fail) != maps[0])
			continue;
		fprintf(to, ".It Cm %s", kind->word);
		for (size_t n = 0; names[n] != NULL; n++)
			fprintf(to, " Ta %s", mark(kind, names[n]));
		fputc('\n', to);
	}
	fputs(".El\n", to);
}

static const struct scenario_kind *kind_of(const char *word, size_t length)
{
	for (size_t i = 0; i < SCENARIO_KINDS; i++)
		if (strlen(scenario_kinds[i].word) == length &&
		    memcmp(scenario_kinds[i].word, word, length) == 0)
			return &scenario_kinds[i];
	return NULL;
}

/* "fault write", or kinds with the same keys: "fault block header". */
static bool fault(FILE *to, const char *words)
{
	const struct scenario_kind *kind = NULL;
	bool several = strchr(words, ' ') != NULL;

	if (several)
		fputs(".Bl -tag -width \"filemark\"\n", to);
	for (const char *at = words; *at != '\0'; at += *at == ' ') {
		size_t length = strcspn(at, " ");

		kind = kind_of(at, length);
		if (kind == NULL)
			return false;
		if (several)
			fprintf(to, ".It Cm %s\n", kind->word);
		doc_mdoc(to, kind->meaning);
		if (kind->detail != NULL)
			doc_mdoc(to, kind->detail);
		at += length;
	}
	if (several)
		fputs(".El\n", to);
	if (kind != NULL && scenario_is_defect(kind->fail))
		fputs(".Pp\nKeys: those of\n.Sx Where a defect is ,\nand:\n",
		    to);
	else
		fputs(".Pp\nKeys:\n", to);
	if (kind != NULL)
		keys(to, scenario_fault_map(kind->fail), kind);
	return true;
}

static const char *const metric_types[] = {
	[METRIC_WORD] = "word",
	[METRIC_TEXT] = "text",
	[METRIC_ATTEMPTS_LINE] = "attempts line",
	[METRIC_NUMBER] = "count",
	[METRIC_DECIMAL] = "number",
	[METRIC_SIZE] = "size",
	[METRIC_RATE] = "rate",
	[METRIC_TIME] = "time",
	[METRIC_SHARE] = "percentage",
};

static void metric(FILE *to, const struct metrics_def *def)
{
	fprintf(to, ".It Cm %s Pq %s\n", def->name, metric_types[def->type]);
	doc_mdoc(to, def->meaning);
	if (def->detail != NULL)
		doc_mdoc(to, def->detail);
	fprintf(to, "Example:\n.Ql %s\n", def->example);
}

/* Prints the steps, and for each the names of its keys. */
static void steps(FILE *to)
{
	fputs(".Bl -tag -width Ds\n", to);
	for (size_t i = 0; i < SCENARIO_STEP_KINDS; i++) {
		const struct scenario_step_kind *kind = &scenario_step_kinds[i];
		const char *before = "\n";

		fprintf(to, ".It Cm %s\n", kind->word);
		doc_mdoc(to, kind->meaning);
		if (kind->detail != NULL)
			doc_mdoc(to, kind->detail);
		fputs("Keys:", to);
		for (const struct key *key = scenario_step_map.keys;
		     key->name != NULL; key++) {
			if ((key->kinds & SCENARIO_STEP(i)) == 0 ||
			    strcmp(key->name, "step") == 0)
				continue;
			fprintf(to, "%s.Cm %s%s", before, key->name,
			    key->required ? "\n.Pq required" : "");
			before = " ,\n";
		}
		fputs(" .\n", to);
	}
	fputs(".El\n", to);
}

static void metrics(FILE *to, enum metrics_id first, enum metrics_id end)
{
	fputs(".Bl -tag -width Ds\n", to);
	for (unsigned i = first; i < end; i++)
		metric(to, metrics_def((enum metrics_id)i));
	fputs(".El\n", to);
}

/* Prints the facts that scenarios can compare. */
static void facts(FILE *to)
{
	static const char *const subjects[] = { [FACT_FAULT] = "fault N",
		[FACT_DRIVE] = "drive N",
		[FACT_VOLUME] = "volume BARCODE",
		[FACT_ATTEMPT] = "attempts[N].",
		[FACT_OF_ALL] = "no subject" };

	for (int s = 0; s < FACT_SUBJECTS; s++) {
		fprintf(to, ".Pp\nFacts of\n.Cm %s :\n", subjects[s]);
		fputs(".Bl -tag -width Ds\n", to);
		for (int i = 0; i < FACTS; i++) {
			const struct fact *fact = fact_of((enum fact_id)i);

			if ((int)fact->subject == s &&
			    (fact->of & FACT_OF_RUN) != 0)
				metric(to, &fact->def);
		}
		fputs(".El\n", to);
	}
}

/* Prints a time in seconds, rounded. */
static void put_time(FILE *to, int64_t ns)
{
	fprintf(to, " Ta %lld s", (long long)((ns + 500000000) / 1000000000));
}

/* Prints the lowest and the highest speed of the own medium, in MB/s. */
static void put_speeds(FILE *to, const struct model_medium *medium)
{
	const uint64_t *speeds = medium->speeds_bytes_per_s;

	if (medium->speeds == 0)
		fputs(" Ta \\(em", to);
	else if (medium->speeds == 1)
		fprintf(to, " Ta %g", (double)speeds[0] / 1e6);
	else
		fprintf(to, " Ta %g\\(en%g", (double)speeds[0] / 1e6,
		    (double)speeds[medium->speeds - 1] / 1e6);
}

static void drives(FILE *to)
{
	char size[UNITS_BYTES];

	fputs(".Bl -column \"ts1150jd\" \"none\" \"101.46-306\" \"512 MiB\" "
	      "\"load\" \"unload\" \"rewind\"\n"
	      ".It Sy model Ta Sy medium Ta Sy MB/s Ta Sy buffer Ta Sy load "
	      "Ta Sy unload Ta Sy rewind\n",
	    to);
	for (const char *const *name = model_names(); *name != NULL; name++) {
		const struct model *m = model_find(*name);

		fprintf(to, ".It Cm %s Ta %s", m->name, m->media[0].medium);
		put_speeds(to, &m->media[0]);
		units_size_exact(size, m->buffer_bytes);
		fprintf(to, " Ta %s", size);
		put_time(to, m->load_ns);
		put_time(to, m->unload_ns);
		put_time(to, m->media[0].rewind_ns);
		fputc('\n', to);
	}
	fputs(".El\n", to);
}

static const struct {
	const char *name;
	const struct key_map *map;
} maps[] = {
	{ "keys scenario", &scenario_top_map },
	{ "keys file", &compose_map },
	{ "keys library", &scenario_library_map },
	{ "keys drive", &scenario_drive_map },
	{ "keys volume", &scenario_volume_map },
	{ "keys limit", &scenario_limit_map },
	{ "keys behaviour", &scenario_behaviour_map },
	{ "keys robot", &scenario_robot_map },
	{ "keys dump", &scenario_dump_map },
	{ "keys feed", &scenario_feed_map },
	{ "keys splitter", &scenario_splitter_map },
	{ "keys spool", &scenario_spool_map },
	{ "keys expect", &scenario_expect_map },
	{ "keys step", &scenario_step_map },
	{ "keys interrupt", &scenario_interrupt_map },
	{ "keys acceptance", &scenario_acceptance_map },
	{ "keys profile", &profile_map },
	{ "keys host", &profile_host_map },
	{ "keys buffer", &profile_buffer_map },
	{ "keys motion", &profile_motion_map },
	{ "keys mount", &profile_mount_map },
	{ "keys unload_rewind", &profile_unload_rewind_map },
	{ "keys locate", &profile_locate_map },
	{ "keys compression", &profile_compression_map },
	{ "keys medium", &profile_medium_map },
	{ "keys first_load", &profile_first_load_map },
	{ "keys published", &scenario_published_map },
};

/* "feed uniform": the keys of a kind of feed. */
static bool feed(FILE *to, const char *kind)
{
	const struct key *key = scenario_feed_map.keys;

	for (; key->name != NULL; key++) {
		if (key->map == NULL || strcmp(key->name, kind) != 0)
			continue;
		doc_mdoc(to, key->meaning);
		fputs(".Pp\nKeys:\n", to);
		keys(to, key->map, NULL);
		return true;
	}
	return false;
}

static const char *type_of(const struct field *field)
{
	static const char *const types[] = {
		[FIELD_TEXT] = "string",
		[FIELD_TEXT_OR_NULL] = "string or null",
		[FIELD_LINE] = "integer",
		[FIELD_COUNT] = "integer",
		[FIELD_COUNT_OR_NULL] = "integer or null",
		[FIELD_PLACE_OR_NULL] = "integer or null",
		[FIELD_BOOLEAN] = "boolean",
		[FIELD_REAL] = "number",
		[FIELD_SECONDS] = "seconds",
		[FIELD_WORD] = "string",
		[FIELD_METRICS] = "object",
		[FIELD_LIST] = "list",
		[FIELD_UNITS] = "object",
	};

	if (field->type == FIELD_COUNT && field->present != 0)
		return "integer or null";
	if (field->type == FIELD_REAL && field_is_nullable(field))
		return "number or null";
	return types[field->type];
}

/* "results Attempts": the keys of an object of results.json. */
static bool results(FILE *to, const char *name)
{
	const struct field_table *table = field_table_named(name);

	if (table == NULL)
		return false;
	fputs(".Bl -tag -width Ds\n", to);
	for (const struct field *f = table->fields; f->key != NULL; f++) {
		const char *type = type_of(f);

		fprintf(to, ".It Va %s", f->key);
		if (type != NULL)
			fprintf(to, " Pq %s", type);
		fputc('\n', to);
		doc_mdoc(to, f->meaning);
		if (f->type == FIELD_LIST)
			fprintf(to, "See\n.Sx %s .\n", f->table->name);
	}
	fputs(".El\n", to);
	return true;
}

static bool region(FILE *to, const char *name)
{
	for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
		if (strcmp(maps[i].name, name) != 0)
			continue;
		keys(to, maps[i].map, NULL);
		return true;
	}
	if (strncmp(name, "results ", 8) == 0)
		return results(to, name + 8);
	if (strncmp(name, "fault ", 6) == 0)
		return fault(to, name + 6);
	if (strncmp(name, "feed ", 5) == 0)
		return feed(to, name + 5);
	if (strcmp(name, "place of a defect") == 0)
		place(to);
	else if (strcmp(name, "table of keys") == 0)
		table_of_keys(to);
	else if (strcmp(name, "table of kinds") == 0)
		table_of_kinds(to);
	else if (strcmp(name, "metrics") == 0)
		metrics(to, 0, METRIC_STEP_FIRST);
	else if (strcmp(name, "metrics step") == 0)
		metrics(to, METRIC_STEP_FIRST, METRIC_COUNT);
	else if (strcmp(name, "steps") == 0)
		steps(to);
	else if (strcmp(name, "facts") == 0)
		facts(to);
	else if (strcmp(name, "drives") == 0)
		drives(to);
	else
		return false;
	return true;
}

int doc_page(FILE *from, FILE *to)
{
	static const char begin[] = ".\\\" begin ", end[] = ".\\\" end\n";
	char *line = NULL;
	size_t room = 0;
	bool inside = false;
	int rc = 0;

	while (rc == 0 && getline(&line, &room, from) != -1) {
		if (strcmp(line, end) == 0)
			inside = false;
		if (!inside)
			fputs(line, to);
		if (strncmp(line, begin, sizeof begin - 1) != 0)
			continue;
		inside = true;
		line[strcspn(line, "\n")] = '\0';
		if (region(to, line + sizeof begin - 1))
			continue;
		fprintf(stderr, "unknown region: %s\n", line);
		rc = -1;
	}
	free(line);
	return rc;
}
