/* journal.c: see journal.h. */
#include "sim/calibrate/files/journal.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "reports/output.h"
#include "splitter/base/sentence.h"

enum { FORMAT = 5, CHANGE_BYTES = 32 };

struct calibrate_journal {
	char *path;
	FILE *file;
	json_t *units; /* the samples by the name of their unit */
	char change[CHANGE_BYTES];
	bool writing; /* the drive may have changed `change` since */
};

/* What must be the same, by its key. */
struct same {
	const char *key, *what, *value;
};

enum { SAME_COUNT = 6 };

static void list_same(const struct calibrate_about *about,
    struct same same[SAME_COUNT])
{
	const struct same list[SAME_COUNT] = {
		{ "drive", "the drive", about->serial },
		{ "product", "the kind of drive", about->product },
		{ "firmware", "the firmware", about->firmware },
		{ "cartridge", "the cartridge", about->cartridge },
		{ "base", "the model that is expected", about->base_name },
		{ "kind", "the kind of run", about->kind },
	};

	memcpy(same, list, sizeof list);
}

static int fail(const struct calibrate_journal *j, char *err, size_t err_bytes,
    const char *what)
{
	sentence(err, err_bytes, "%s: cannot %s the journal: %s", j->path, what,
	    strerror(errno));
	return -1;
}

static int write_line(struct calibrate_journal *j, json_t *line)
{
	char *text = line != NULL ? json_dumps(line, JSON_COMPACT) : NULL;
	int rc = -1;

	if (text == NULL)
		errno = ENOMEM;
	else if (fprintf(j->file, "%s\n", text) > 0)
		rc = fflush(j->file);
	free(text);
	json_decref(line);
	return rc;
}

static int write_head(struct calibrate_journal *j,
    const struct calibrate_about *about, char *err, size_t err_bytes)
{
	json_t *head = json_object();
	struct same same[SAME_COUNT];
	int bad = json_object_set_new(head, "calibrate", json_integer(FORMAT));

	list_same(about, same);
	for (int i = 0; i < SAME_COUNT; i++)
		bad |= json_object_set_new(head, same[i].key,
		    json_string(same[i].value));
	if (bad == 0 && write_line(j, head) == 0)
		return 0;
	if (bad != 0)
		json_decref(head);
	return fail(j, err, err_bytes, "write");
}

static int check_head(const struct calibrate_journal *j, const json_t *head,
    const struct calibrate_about *about, char *err, size_t err_bytes)
{
	struct same same[SAME_COUNT];

	if (json_integer_value(json_object_get(head, "calibrate")) != FORMAT) {
		sentence(err, err_bytes,
		    "%s: this is not a journal of this version of tapelab "
		    "calibrate: use another --out, or remove the file to begin "
		    "again",
		    j->path);
		return -1;
	}
	list_same(about, same);
	for (int i = 0; i < SAME_COUNT; i++) {
		const char *is =
		    json_string_value(json_object_get(head, same[i].key));

		if (is != NULL && strcmp(is, same[i].value) == 0)
			continue;
		sentence(err, err_bytes,
		    "%s: %s is %s now, and was %s: it cannot be continued; use "
		    "another --out, or remove the file to begin again",
		    j->path, same[i].what, same[i].value,
		    is != NULL ? is : "unknown");
		return -1;
	}
	return 0;
}

/* Takes a line of a unit, a write or a change; false: it is damaged. */
static bool take_line(struct calibrate_journal *j, const json_t *line)
{
	const char *change = json_string_value(json_object_get(line, "change"));
	const char *writing =
	    json_string_value(json_object_get(line, "writing"));
	const char *unit = json_string_value(json_object_get(line, "unit"));
	json_t *samples = json_object_get(line, "samples");
	size_t count = json_array_size(samples);

	if (change != NULL && strlen(change) < CHANGE_BYTES) {
		snprintf(j->change, sizeof j->change, "%s", change);
		j->writing = false;
		return true;
	}
	if (writing != NULL && strlen(writing) < CHANGE_BYTES) {
		snprintf(j->change, sizeof j->change, "%s", writing);
		j->writing = true;
		return true;
	}
	if (unit == NULL || !json_is_array(samples) ||
	    count > CALIBRATE_SAMPLES_MAX)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!json_is_number(json_array_get(samples, i)))
			return false;
	return json_object_set(j->units, unit, samples) == 0;
}

/* Reads all complete lines, and cuts off a torn one. */
static int read_all(struct calibrate_journal *j,
    const struct calibrate_about *about, char *err, size_t err_bytes)
{
	char *text = NULL;
	size_t room = 0, number = 0;
	off_t end = 0;
	ssize_t bytes;
	int rc = 0;

	while (rc == 0 && (bytes = getline(&text, &room, j->file)) > 0 &&
	    text[bytes - 1] == '\n') {
		json_t *line = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

		end += bytes;
		number++;
		if (line != NULL && number == 1) {
			rc = check_head(j, line, about, err, err_bytes);
		} else if (line == NULL || !take_line(j, line)) {
			sentence(err, err_bytes,
			    "%s:%zu: the line is damaged; remove it, and its "
			    "unit is measured again",
			    j->path, number);
			rc = -1;
		}
		json_decref(line);
	}
	free(text);
	if (rc != 0)
		return -1;
	if (fseeko(j->file, end, SEEK_SET) != 0 ||
	    ftruncate(fileno(j->file), end) != 0)
		return fail(j, err, err_bytes, "cut");
	return number > 0 ? 0 : write_head(j, about, err, err_bytes);
}

struct calibrate_journal *calibrate_journal_open(const char *folder,
    const struct calibrate_about *about, char *err, size_t err_bytes)
{
	struct calibrate_journal *j = calloc(1, sizeof *j);
	bool good = false;

	if (j != NULL)
		j->units = json_object();
	if (j == NULL || j->units == NULL) {
		sentence(err, err_bytes, "out of memory");
		calibrate_journal_close(j);
		return NULL;
	}
	j->path =
	    report_output_path(folder, CALIBRATE_JOURNAL_NAME, err, err_bytes);
	if (j->path != NULL) {
		j->file = fopen(j->path, "a+e");
		if (j->file == NULL)
			fail(j, err, err_bytes, "open");
		else if (flock(fileno(j->file), LOCK_EX | LOCK_NB) != 0)
			sentence(err, err_bytes,
			    "%s: another process calibrates into this folder",
			    j->path);
		else
			good = read_all(j, about, err, err_bytes) == 0;
	}
	if (good)
		return j;
	calibrate_journal_close(j);
	return NULL;
}

size_t calibrate_journal_units(const struct calibrate_journal *journal)
{
	return json_object_size(journal->units);
}

bool calibrate_journal_recall(const struct calibrate_journal *journal,
    const char *unit, double *samples, size_t *count)
{
	const json_t *list = json_object_get(journal->units, unit);

	if (list == NULL)
		return false;
	*count = json_array_size(list);
	for (size_t i = 0; i < *count; i++)
		samples[i] = json_number_value(json_array_get(list, i));
	return true;
}

int calibrate_journal_record(struct calibrate_journal *journal,
    const char *unit, const double *samples, size_t count, char *err,
    size_t err_bytes)
{
	json_t *list = json_array(), *line;
	int bad = 0;

	for (size_t i = 0; i < count; i++)
		bad |= json_array_append_new(list, json_real(samples[i]));
	if (bad != 0 || json_object_set(journal->units, unit, list) != 0) {
		json_decref(list);
		errno = ENOMEM;
		return fail(journal, err, err_bytes, "write");
	}
	line = json_pack("{s:s, s:o}", "unit", unit, "samples", list);
	if (line == NULL)
		json_decref(list);
	return write_line(journal, line) == 0
	    ? 0
	    : fail(journal, err, err_bytes, "write");
}

const char *calibrate_journal_change(const struct calibrate_journal *journal,
    bool *writing)
{
	*writing = journal->writing;
	return journal->change;
}

static int note(struct calibrate_journal *journal, const char *key,
    const char *change, char *err, size_t err_bytes)
{
	snprintf(journal->change, sizeof journal->change, "%s", change);
	return write_line(journal, json_pack("{s:s}", key, change)) == 0
	    ? 0
	    : fail(journal, err, err_bytes, "write");
}

int calibrate_journal_note_writing(struct calibrate_journal *journal,
    const char *change, char *err, size_t err_bytes)
{
	journal->writing = true;
	return note(journal, "writing", change, err, err_bytes);
}

int calibrate_journal_note_change(struct calibrate_journal *journal,
    const char *change, char *err, size_t err_bytes)
{
	journal->writing = false;
	return note(journal, "change", change, err, err_bytes);
}

void calibrate_journal_close(struct calibrate_journal *journal)
{
	if (journal == NULL)
		return;
	if (journal->file != NULL)
		fclose(journal->file);
	json_decref(journal->units);
	free(journal->path);
	free(journal);
}
