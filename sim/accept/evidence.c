/* evidence.c: see evidence.h. */
#include "sim/accept/evidence.h"

#include <errno.h>
#include <nettle/sha2.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reports/output.h"
#include "reports/text.h"
#include "splitter/base/sentence.h"

struct evidence {
	char *dir, *path;
	FILE *file;
	pthread_mutex_t lock;
	char test[128];
	int error; /* the first, of a write */
};

/* A run that was killed may have left a line without its end. */
static void end_torn_line(FILE *file)
{
	if (fseek(file, -1, SEEK_END) == 0 && fgetc(file) != '\n') {
		fseek(file, 0, SEEK_END);
		fputc('\n', file);
	}
}

/* Returns whether the file may get the entries of this run. */
static bool is_of_this_run(const struct evidence *e, bool continues, char *err,
    size_t err_bytes)
{
	struct stat status;

	if (continues || fstat(fileno(e->file), &status) != 0 ||
	    !S_ISREG(status.st_mode) || status.st_size == 0)
		return true;
	sentence(err, err_bytes,
	    "%s: it has the evidence of another run: name another folder",
	    e->path);
	return false;
}

struct evidence *evidence_open(const char *dir, bool continues, char *err,
    size_t err_bytes)
{
	struct evidence *e = calloc(1, sizeof *e);

	if (e == NULL) {
		sentence(err, err_bytes, "out of memory");
		return NULL;
	}
	pthread_mutex_init(&e->lock, NULL);
	e->dir = strdup(dir);
	e->path = report_output_path(dir, "evidence.jsonl", err, err_bytes);
	if (e->dir != NULL && e->path != NULL) {
		e->file = fopen(e->path, "a+e");
		if (e->file != NULL &&
		    is_of_this_run(e, continues, err, err_bytes)) {
			end_torn_line(e->file);
			return e;
		}
		if (e->file == NULL)
			sentence(err, err_bytes, "%s: cannot open it: %s",
			    e->path, strerror(errno));
	}
	evidence_close(e);
	return NULL;
}

void evidence_set_test(struct evidence *e, const char *test)
{
	pthread_mutex_lock(&e->lock);
	snprintf(e->test, sizeof e->test, "%s", test);
	pthread_mutex_unlock(&e->lock);
}

static void put(FILE *to, const char *key, const char *text)
{
	fprintf(to, "\"%s\": ", key);
	report_text_json(to, text);
	fputs(", ", to);
}

void evidence_add(struct evidence *e, const char *kind, const char *what,
    const char *when, const char *text, const void *raw, size_t raw_bytes)
{
	const unsigned char *bytes = raw;

	if (e == NULL)
		return;
	pthread_mutex_lock(&e->lock);
	fputc('{', e->file);
	put(e->file, "test", e->test);
	put(e->file, "kind", kind);
	put(e->file, "what", what);
	put(e->file, "when", when);
	put(e->file, "text", text);
	fputs("\"raw\": \"", e->file);
	for (size_t i = 0; bytes != NULL && i < raw_bytes; i++)
		fprintf(e->file, "%02x", bytes[i]);
	fputs("\"}\n", e->file);
	if (fflush(e->file) != 0 && e->error == 0)
		e->error = errno;
	pthread_mutex_unlock(&e->lock);
}

static void digest(const char *text, size_t bytes,
    char to[EVIDENCE_SHA256_BYTES])
{
	uint8_t sum[SHA256_DIGEST_SIZE];
	struct sha256_ctx sha256;

	sha256_init(&sha256);
	sha256_update(&sha256, bytes, (const uint8_t *)text);
	sha256_digest(&sha256, sizeof sum, sum);
	for (size_t i = 0; i < sizeof sum; i++)
		snprintf(to + 2 * i, 3, "%02x", sum[i]);
}

/*
 * Writes the lines as a list.  A line that a killed run did not finish is left
 * out.
 */
static void write_lines(FILE *to, char *lines)
{
	const char *before = "\n";
	char *end;

	fputs("{\"format\": 1, \"entries\": [", to);
	for (char *line = lines; (end = strchr(line, '\n')) != NULL;
	     line = end + 1) {
		*end = '\0';
		if (end == line || end[-1] != '}')
			continue;
		fprintf(to, "%s%s", before, line);
		before = ",\n";
	}
	fputs("\n]}\n", to);
}

int evidence_check(struct evidence *e, char *err, size_t err_bytes)
{
	int error;

	pthread_mutex_lock(&e->lock);
	error = e->error;
	pthread_mutex_unlock(&e->lock);
	if (error == 0)
		return 0;
	sentence(err, err_bytes, "%s: cannot write to it: %s", e->path,
	    strerror(error));
	return -1;
}

int evidence_finish(struct evidence *e, char sha256[EVIDENCE_SHA256_BYTES],
    char *err, size_t err_bytes)
{
	struct output output;
	char *lines;

	if (evidence_check(e, err, err_bytes) != 0)
		return -1;
	if (fsync(fileno(e->file)) != 0 && errno != EINVAL) {
		sentence(err, err_bytes, "%s: cannot write to it: %s", e->path,
		    strerror(errno));
		return -1;
	}
	lines = report_output_read(e->path);
	if (lines == NULL || report_output_open(&output, err, err_bytes) != 0) {
		if (lines == NULL)
			sentence(err, err_bytes, "%s: cannot read it", e->path);
		free(lines);
		return -1;
	}
	write_lines(output.text, lines);
	free(lines);
	fflush(output.text);
	digest(output.bytes, output.bytes_count, sha256);
	return report_output_commit(&output, e->dir, "evidence.json", err,
	    err_bytes);
}

void evidence_close(struct evidence *e)
{
	if (e == NULL)
		return;
	if (e->file != NULL)
		fclose(e->file);
	pthread_mutex_destroy(&e->lock);
	free(e->dir);
	free(e->path);
	free(e);
}
