/* journal.c: see journal.h. */
#include "sim/tune/points/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/tune/points/json.h"
#include "splitter/base/grow.h"
#include "splitter/base/sentence.h"

struct tune_journal {
	FILE *file;
	char *path;
};

/* A journal that is being read. */
struct reading {
	FILE *file;
	const char *path;
	char *line; /* the last line that was read */
	bool no_memory;
	unsigned long number;
	off_t end; /* of the last complete line */
	char *err;
	size_t err_bytes;
};

void tune_journal_head_clear(struct tune_journal_head *head)
{
	free(head->digest);
	free(head->arguments);
	*head = (struct tune_journal_head){ .digest = NULL };
}

/*
 * Reads a complete line, without its newline.  Returns false at the end, and
 * without memory (`no_memory`).
 */
static bool next_line(struct reading *r)
{
	size_t used = 0;
	int c;

	while ((c = getc_unlocked(r->file)) != EOF) {
		char *line = grow_by_one(r->line, used, 1);

		r->no_memory |= line == NULL;
		if (line == NULL)
			return false;
		r->line = line;
		r->line[used++] = (char)(c == '\n' ? '\0' : c);
		if (c != '\n')
			continue;
		r->end += (off_t)used;
		r->number++;
		return true;
	}
	return false;
}

static int bad_line(const struct reading *r, const char *why)
{
	sentence(r->err, r->err_bytes, "%s:%lu: %s", r->path, r->number, why);
	return -1;
}

static char *text_of(const json_t *map, const char *key)
{
	const char *text = json_string_value(json_object_get(map, key));

	return text != NULL ? strdup(text) : NULL;
}

static int read_head(struct reading *r, struct tune_journal_head *head)
{
	json_error_t error;
	json_t *map = json_loads(r->line, JSON_REJECT_DUPLICATES, &error);
	json_int_t format, shard, shards;
	char why[96];
	int rc = 0;

	*head = (struct tune_journal_head){ .digest = NULL };
	/* An error without a code is one of memory. */
	if (map == NULL &&
	    (json_error_code(&error) == json_error_out_of_memory ||
		json_error_code(&error) == json_error_unknown))
		return bad_line(r, "out of memory");
	format = json_integer_value(json_object_get(map, "format"));
	shard = json_integer_value(json_object_get(map, "shard"));
	shards = json_integer_value(json_object_get(map, "shards"));
	if (json_object_get(map, "tune") == NULL) {
		rc = bad_line(r, "this is not a journal of tapelab tune");
	} else if (format != TUNE_JOURNAL_FORMAT) {
		snprintf(why, sizeof why,
		    "format %" JSON_INTEGER_FORMAT
		    ", and this tapelab reads format %d; run tapelab tune "
		    "again",
		    format, TUNE_JOURNAL_FORMAT);
		rc = bad_line(r, why);
	} else {
		head->digest = text_of(map, "tune");
		head->arguments = text_of(map, "arguments");
		head->shard = (unsigned)shard;
		head->shards = (unsigned)shards;
		if (head->digest == NULL || head->arguments == NULL ||
		    shard < 1 || shards < shard || shards > UINT16_MAX)
			rc = bad_line(r, "the head of the journal is damaged");
	}
	json_decref(map);
	if (rc != 0)
		tune_journal_head_clear(head);
	return rc;
}

static int read_records(struct reading *r, struct tune_records *records)
{
	struct tune_record record;

	while (next_line(r)) {
		if (tune_record_parse(r->line, &record) != 0)
			return bad_line(r,
			    "the record is damaged; remove this line, and its "
			    "task is run again");
		if (tune_records_add(records, &record) != 0)
			return bad_line(r, "out of memory");
	}
	return r->no_memory ? bad_line(r, "out of memory") : 0;
}

/* Reads what is in the file; `r->end` is then the end of its records. */
static int read_all(struct reading *r, struct tune_journal_head *head,
    struct tune_records *records)
{
	if (!next_line(r)) {
		sentence(r->err, r->err_bytes, "%s: %s", r->path,
		    r->no_memory ? "out of memory" : "the journal is empty");
		return -1;
	}
	if (read_head(r, head) != 0)
		return -1;
	if (read_records(r, records) == 0)
		return 0;
	tune_journal_head_clear(head);
	return -1;
}

static int cannot(char *err, size_t err_bytes, const char *what,
    const char *path)
{
	sentence(err, err_bytes, "%s: cannot %s the journal: %s", path, what,
	    strerror(errno));
	return -1;
}

/* Compares the sweep of the file with this one. */
static int compare(const struct tune_journal_head *is,
    const struct tune_journal_head *should, struct reading *r)
{
	const char *why = NULL;

	if (strcmp(is->digest, should->digest) != 0)
		why = "this journal is of another sweep: the scenario or an "
		      "option has changed";
	else if (is->shard != should->shard || is->shards != should->shards)
		why = "this journal is of another share of the sweep";
	if (why == NULL)
		return 0;
	sentence(r->err, r->err_bytes,
	    "%s: %s; use another folder, or remove the file to begin again",
	    r->path, why);
	return -1;
}

static int write_head(FILE *file, const struct tune_journal_head *head)
{
	bool failed = false;
	json_t *map = json_object();
	char *line = NULL;
	int rc = -1;

	tune_json_put(map, "tune", json_string(head->digest), &failed);
	tune_json_put(map, "format", json_integer(TUNE_JOURNAL_FORMAT),
	    &failed);
	tune_json_put(map, "shard", json_integer(head->shard), &failed);
	tune_json_put(map, "shards", json_integer(head->shards), &failed);
	tune_json_put(map, "arguments", json_string(head->arguments), &failed);
	if (!failed)
		line = tune_json_text(map, JSON_COMPACT);
	if (line == NULL)
		errno = ENOMEM;
	else if (fprintf(file, "%s\n", line) > 0)
		rc = fflush(file);
	free(line);
	json_decref(map);
	return rc;
}

/* Reads the records of an existing journal, and seeks to their end. */
static int resume(struct reading *r, const struct tune_journal_head *head,
    struct tune_records *records)
{
	struct tune_journal_head found;
	int rc;

	if (read_all(r, &found, records) != 0)
		return -1;
	rc = compare(&found, head, r);
	tune_journal_head_clear(&found);
	if (rc == 0 &&
	    (ftruncate(fileno(r->file), r->end) != 0 ||
		fseeko(r->file, r->end, SEEK_SET) != 0))
		rc = cannot(r->err, r->err_bytes, "continue", r->path);
	return rc;
}

/* Whether the file has a complete line: a torn head is no journal. */
static bool has_line(FILE *file)
{
	int c;

	while ((c = getc(file)) != EOF && c != '\n')
		;
	rewind(file);
	return c == '\n';
}

static int begin(struct tune_journal *journal,
    const struct tune_journal_head *head, struct tune_records *records,
    char *err, size_t err_bytes)
{
	struct reading r = {
		.path = journal->path, .err = err, .err_bytes = err_bytes
	};
	int fd = open(journal->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    0666);
	int rc;

	if (fd != -1)
		journal->file = fdopen(fd, "r+");
	if (journal->file == NULL) {
		if (fd != -1)
			close(fd);
		return cannot(err, err_bytes, "open", journal->path);
	}
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK)
			return cannot(err, err_bytes, "lock", journal->path);
		sentence(err, err_bytes,
		    "%s: the journal is in use by another tapelab",
		    journal->path);
		return -1;
	}
	r.file = journal->file;
	if (has_line(journal->file)) {
		rc = resume(&r, head, records);
		free(r.line);
		return rc;
	}
	if (ftruncate(fd, 0) != 0 || write_head(journal->file, head) != 0)
		return cannot(err, err_bytes, "write", journal->path);
	return 0;
}

struct tune_journal *tune_journal_open(const char *folder,
    const struct tune_journal_head *head, struct tune_records *records,
    char *err, size_t err_bytes)
{
	struct tune_journal *journal = calloc(1, sizeof *journal);

	if (journal == NULL ||
	    asprintf(&journal->path, "%s/" TUNE_JOURNAL_NAME, folder) < 0) {
		free(journal);
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	if (begin(journal, head, records, err, err_bytes) == 0)
		return journal;
	tune_journal_close(journal);
	return NULL;
}

/*
 * Says why a folder without a journal has none, if it has results of another
 * command.  Returns -1.
 */
static int no_journal(const char *folder, char *err, size_t err_bytes)
{
	char *path = NULL;
	json_t *results = NULL;
	json_int_t format;

	if (asprintf(&path, "%s/results.json", folder) >= 0)
		results = json_load_file(path, 0, NULL);
	if (results == NULL) {
		sentence(err, err_bytes,
		    "%s: there is no " TUNE_JOURNAL_NAME
		    "; name the folder of tapelab tune --shard --out",
		    folder);
		free(path);
		return -1;
	}
	format = json_integer_value(json_object_get(results, "format"));
	if (format < TUNE_JOURNAL_FORMAT)
		sentence(err, err_bytes,
		    "%s: results of format %" JSON_INTEGER_FORMAT
		    ", which this tapelab does not read; run the scenarios "
		    "again",
		    path, format);
	else
		sentence(err, err_bytes,
		    "%s: these are results of tapelab run, which have a report "
		    "of their own; tapelab report takes shares of tapelab tune",
		    path);
	json_decref(results);
	free(path);
	return -1;
}

int tune_journal_read(const char *path, struct tune_journal_head *head,
    struct tune_records *records, char *err, size_t err_bytes)
{
	struct reading r = { .err = err, .err_bytes = err_bytes };
	char *below = NULL;
	struct stat st;
	int rc;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
	    asprintf(&below, "%s/" TUNE_JOURNAL_NAME, path) < 0) {
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	r.path = below != NULL ? below : path;
	r.file = fopen(r.path, "re");
	if (r.file == NULL && below != NULL && errno == ENOENT) {
		rc = no_journal(path, err, err_bytes);
	} else if (r.file == NULL) {
		rc = cannot(err, err_bytes, "open", r.path);
	} else {
		rc = read_all(&r, head, records);
		fclose(r.file);
	}
	free(r.line);
	free(below);
	return rc;
}

int tune_journal_add(struct tune_journal *journal, const char *line, char *err,
    size_t err_bytes)
{
	if (fprintf(journal->file, "%s\n", line) > 0 &&
	    fflush(journal->file) == 0)
		return 0;
	return cannot(err, err_bytes, "write", journal->path);
}

void tune_journal_close(struct tune_journal *journal)
{
	if (journal == NULL)
		return;
	if (journal->file != NULL)
		fclose(journal->file);
	free(journal->path);
	free(journal);
}
