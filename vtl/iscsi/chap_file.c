/* chap_file.c: reads the file of CHAP names and secrets. */
#include "vtl/iscsi/chap_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/base/sentence.h"

enum { FIELDS_ONE_WAY = 3, FIELDS_MUTUAL = 5, ENTRIES_MAX = 4096 };

struct line {
	struct chap_entry entry;
	unsigned number;
};

struct chap_file {
	struct line *lines;
	size_t count;
};

/* What is being read, for messages. */
struct reading {
	const char *path;
	char *message;
	unsigned line;
};

static int fail(const struct reading *r, const char *wrong)
{
	sentence(r->message, CHAP_MESSAGE_BYTES, "%s:%u: %s", r->path, r->line,
	    wrong);
	return -1;
}

/* A field of a line, not terminated. */
struct field {
	const char *text;
	size_t bytes;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/*
 * Splits a line into fields.  Returns their number: FIELDS_MUTUAL + 1 if there
 * are more than FIELDS_MUTUAL.
 */
static unsigned split(const char *text, size_t bytes,
    struct field fields[FIELDS_MUTUAL])
{
	unsigned count = 0;

	for (size_t at = 0;;) {
		size_t begin;

		while (at < bytes && is_blank(text[at]))
			at++;
		if (at == bytes || text[at] == '#')
			return count;
		if (count == FIELDS_MUTUAL)
			return FIELDS_MUTUAL + 1;
		for (begin = at; at < bytes && !is_blank(text[at]);)
			at++;
		fields[count++] = (struct field){ text + begin, at - begin };
	}
}

/* Copies a user or a secret. */
static int copy(const struct reading *r, struct field field,
    char to[CHAP_FIELD_BYTES])
{
	for (size_t i = 0; i < field.bytes; i++)
		if ((unsigned char)field.text[i] < ' ' || field.text[i] == 0x7f)
			return fail(r,
			    "a control character; a CHAP file is "
			    "text");
	if (field.bytes >= CHAP_FIELD_BYTES)
		return fail(r, "a field has more than 255 bytes");
	memcpy(to, field.text, field.bytes);
	to[field.bytes] = '\0';
	return 0;
}

static int copy_secret(const struct reading *r, struct field field,
    char to[CHAP_FIELD_BYTES])
{
	if (field.bytes < CHAP_SECRET_MIN_BYTES)
		return fail(r,
		    "the secret has fewer than 12 characters; use 12 "
		    "to 16 random ones");
	return copy(r, field, to);
}

static int copy_name(const struct reading *r, struct field field,
    char name[ISCSI_NAME_BYTES])
{
	char text[CHAP_FIELD_BYTES];
	const char *wrong;

	if (copy(r, field, text) != 0)
		return -1;
	if ((wrong = iscsi_name_read(text, name)) == NULL)
		return 0;
	sentence(r->message, CHAP_MESSAGE_BYTES,
	    "%s:%u: initiator '%s' %s; write the name of the initiator first",
	    r->path, r->line, text, wrong);
	return -1;
}

static int read_entry(const struct reading *r, const struct field *fields,
    unsigned count, struct chap_entry *entry)
{
	memset(entry, 0, sizeof *entry);
	if (count != FIELDS_ONE_WAY && count != FIELDS_MUTUAL)
		return fail(r,
		    "3 or 5 fields are needed: initiator, user, "
		    "secret, and for mutual CHAP the target's user "
		    "and secret; none may have blanks");
	if (copy_name(r, fields[0], entry->initiator) != 0 ||
	    copy(r, fields[1], entry->user) != 0 ||
	    copy_secret(r, fields[2], entry->secret) != 0)
		return -1;
	if (count == FIELDS_ONE_WAY)
		return 0;
	return copy(r, fields[3], entry->target_user) == 0
	    ? copy_secret(r, fields[4], entry->target_secret)
	    : -1;
}

/* Compares a line with one that is already in the file, or with itself. */
static int compare(const struct reading *r, const struct chap_entry *entry,
    const struct line *older)
{
	const char *wrong;

	if (older->number != r->line &&
	    strcmp(entry->initiator, older->entry.initiator) == 0)
		wrong = "this initiator already has the line";
	else if (strcmp(entry->secret, older->entry.target_secret) == 0 ||
	    strcmp(entry->target_secret, older->entry.secret) == 0)
		wrong = "a target's secret must differ from the secrets of all "
			"initiators, also from the one in line";
	else
		return 0;
	sentence(r->message, CHAP_MESSAGE_BYTES, "%s:%u: %s %u", r->path,
	    r->line, wrong, older->number);
	return -1;
}

/* Makes room for a line, without leaving secrets in freed memory. */
static struct line *add(struct chap_file *file)
{
	const size_t n = file->count;
	struct line *grown;

	if (n > 0 && (n & (n - 1)) != 0)
		return &file->lines[file->count++];
	if ((grown = calloc(n == 0 ? 1 : 2 * n, sizeof *grown)) == NULL)
		return NULL;
	if (n > 0) {
		memcpy(grown, file->lines, n * sizeof *grown);
		explicit_bzero(file->lines, n * sizeof *grown);
	}
	free(file->lines);
	file->lines = grown;
	return &file->lines[file->count++];
}

static int take_line(struct chap_file *file, const struct reading *r,
    const char *text, size_t bytes)
{
	struct field fields[FIELDS_MUTUAL];
	unsigned count;
	struct line *line;

	if (memchr(text, '\0', bytes) != NULL)
		return fail(r, "a zero byte; a CHAP file is text");
	if ((count = split(text, bytes, fields)) == 0)
		return 0;
	if (file->count == ENTRIES_MAX)
		return fail(r, "more than 4096 initiators");
	if ((line = add(file)) == NULL)
		return fail(r, "out of memory");
	line->number = r->line;
	if (read_entry(r, fields, count, &line->entry) != 0)
		return -1;
	for (size_t i = 0; i < file->count; i++)
		if (compare(r, &line->entry, &file->lines[i]) != 0)
			return -1;
	return 0;
}

struct chap_file *chap_file_parse(const char *path, const char *text,
    size_t bytes, char message[CHAP_MESSAGE_BYTES])
{
	struct reading r = { .path = path, .message = message, .line = 1 };
	struct chap_file *file = calloc(1, sizeof *file);

	if (file == NULL) {
		sentence(message, CHAP_MESSAGE_BYTES, "%s: out of memory",
		    path);
		return NULL;
	}
	for (size_t at = 0; at < bytes; r.line++) {
		const char *end = memchr(text + at, '\n', bytes - at);
		const size_t n =
		    end == NULL ? bytes - at : (size_t)(end - (text + at));

		if (take_line(file, &r, text + at, n) != 0) {
			chap_file_free(file);
			return NULL;
		}
		at += n + (end != NULL);
	}
	if (file->count > 0)
		return file;
	sentence(message, CHAP_MESSAGE_BYTES,
	    "%s: no initiator; write a line 'IQN USER SECRET' for each", path);
	chap_file_free(file);
	return NULL;
}

/* Checks an opened file.  Returns its size, or -1 with a message. */
static off_t check(const char *path, int fd, char *message)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		sentence(message, CHAP_MESSAGE_BYTES, "%s: %s", path,
		    strerror(errno));
	else if (!S_ISREG(st.st_mode))
		sentence(message, CHAP_MESSAGE_BYTES,
		    "%s: not a regular file; the secrets must be in a file of "
		    "mode 0600",
		    path);
	else if ((st.st_mode & 077) != 0)
		sentence(message, CHAP_MESSAGE_BYTES,
		    "%s: other users may access this file (mode %04o); run "
		    "'chmod 600' on it, and change the secrets if others could "
		    "read them",
		    path, (unsigned)st.st_mode & 07777);
	else if (st.st_uid != geteuid() && st.st_uid != 0)
		sentence(message, CHAP_MESSAGE_BYTES,
		    "%s: the file belongs to another user (%u); its owner could "
		    "change the secrets",
		    path, (unsigned)st.st_uid);
	else if (st.st_size > CHAP_FILE_BYTES)
		sentence(message, CHAP_MESSAGE_BYTES,
		    "%s: larger than 1 MiB; a CHAP file has a line for each "
		    "initiator",
		    path);
	else
		return st.st_size;
	return -1;
}

/* Reads the whole file, or until it is longer than it was. */
static ssize_t read_all(int fd, char *text, size_t bytes)
{
	size_t done = 0;
	ssize_t n;

	while (done < bytes) {
		n = read(fd, text + done, bytes - done);
		if (n == 0)
			break;
		if (n > 0)
			done += (size_t)n;
		else if (errno != EINTR)
			return -1;
	}
	return (ssize_t)done;
}

struct chap_file *chap_file_read(const char *path,
    char message[CHAP_MESSAGE_BYTES])
{
	/* O_NONBLOCK: do not wait for the writer of a FIFO. */
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct chap_file *file = NULL;
	char *text = NULL;
	off_t size = 0;
	ssize_t n = -1;

	if (fd >= 0 && (size = check(path, fd, message)) < 0)
		goto out;
	if (fd < 0 || (text = malloc((size_t)size + 1)) == NULL ||
	    (n = read_all(fd, text, (size_t)size)) < 0)
		sentence(message, CHAP_MESSAGE_BYTES, "%s: %s", path,
		    strerror(errno));
	else
		file = chap_file_parse(path, text, (size_t)n, message);
out:
	if (text != NULL)
		explicit_bzero(text, (size_t)size + 1);
	free(text);
	if (fd >= 0)
		close(fd);
	return file;
}

void chap_file_free(struct chap_file *file)
{
	if (file == NULL)
		return;
	if (file->lines != NULL)
		explicit_bzero(file->lines, file->count * sizeof *file->lines);
	free(file->lines);
	free(file);
}

const struct chap_entry *chap_file_find(const struct chap_file *file,
    const char *initiator)
{
	for (size_t i = 0; i < file->count; i++)
		if (strcmp(file->lines[i].entry.initiator, initiator) == 0)
			return &file->lines[i].entry;
	return NULL;
}
