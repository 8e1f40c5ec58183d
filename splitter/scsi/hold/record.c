/*
 * record.c: the record of a run (impl.h).
 *
 * Lines of a word and a value.  A setting that the drive does not report has no
 * line.
 */
#include "splitter/scsi/hold/impl.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/base/first_line.h"
#include "splitter/base/sentence.h"

static const char first_line[] = "tapelab drive record 1";

void scsi_hold_folder(char folder[SCSI_PATH_BYTES])
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	int n;

	if (state != NULL && state[0] == '/')
		n = snprintf(folder, SCSI_PATH_BYTES, "%s/tapelab", state);
	else if (home != NULL && home[0] == '/' && home[1] != '\0')
		n = snprintf(folder, SCSI_PATH_BYTES, "%s/.local/state/tapelab",
		    home);
	else
		n = SCSI_PATH_BYTES;
	if (n >= SCSI_PATH_BYTES)
		snprintf(folder, SCSI_PATH_BYTES, "/var/lib/tapelab");
}

void hold_record_path(const struct scsi_hold_options *options,
    const char *serial, char path[HOLD_RECORD_PATH_BYTES])
{
	char folder[SCSI_PATH_BYTES], name[SCSI_SERIAL_BYTES];
	const char *from = serial[0] != '\0' ? serial : options->names->address;
	size_t n = 0;

	if (options->folder != NULL)
		snprintf(folder, sizeof folder, "%s", options->folder);
	else
		scsi_hold_folder(folder);
	for (; from[n] != '\0' && n + 1 < sizeof name; n++)
		name[n] = strchr("/. ", from[n]) != NULL ? '_' : from[n];
	name[n] = '\0';
	snprintf(path, HOLD_RECORD_PATH_BYTES, "%s/drive-%s", folder, name);
}

static void read_boot(char boot[64])
{
	first_line_read("/proc/sys/kernel/random/boot_id", boot, 64);
}

/*
 * When a process was started, in the kernel's ticks: a number may be that of
 * another process later.  0: there is no such process.
 */
static uint64_t start_of(uint64_t pid)
{
	char path[64], line[1024];
	uint64_t start = 0;
	const char *at;

	snprintf(path, sizeof path, "/proc/%" PRIu64 "/stat", pid);
	first_line_read(path, line, sizeof line);
	/* The name, in parentheses, may have blanks. */
	at = strrchr(line, ')');
	for (int field = 2; at != NULL && field < 22; field++)
		at = strchr(at + 1, ' ');
	if (at != NULL && sscanf(at, " %" SCNu64, &start) != 1)
		start = 0;
	return start;
}

void hold_record_begin(struct hold_record *record,
    const struct scsi_hold_options *options, const char *serial)
{
	memset(record, 0, sizeof *record);
	snprintf(record->serial, sizeof record->serial, "%s", serial);
	memcpy(record->device, options->names->sg, sizeof record->device);
	memcpy(record->st_options, options->names->st_options,
	    sizeof record->st_options);
	read_boot(record->boot);
	record->pid = (uint64_t)getpid();
	record->process_start = start_of(record->pid);
	record->started_s = options->started_s;
}

bool hold_record_lives(const struct hold_record *record)
{
	char boot[64];

	read_boot(boot);
	return strcmp(boot, record->boot) == 0 && record->process_start != 0 &&
	    start_of(record->pid) == record->process_start;
}

/*
 * The members that are texts.  A record has all of them, except that the first
 * versions did not write the cartridge.
 */
#define MEMBER(name) offsetof(struct hold_record, name)
#define TEXT(name)                                                         \
	{                                                                  \
#name, MEMBER(name), sizeof((struct hold_record *)0)->name \
	}
enum { CARTRIDGE = 4, TEXTS };

static const struct text {
	const char *word;
	size_t at, bytes;
} texts[] = {
	TEXT(serial),
	TEXT(device),
	TEXT(boot),
	TEXT(st_options),
	[CARTRIDGE] = TEXT(cartridge),
};

/* The members that are numbers, and the flags that say whether they count. */
static const struct member {
	const char *word;
	enum { U64, U32, U16, U8, BOOL, RESERVED } kind;
	size_t at, flag_at; /* flag_at 0: always there */
} members[] = {
	{ "pid", U64, MEMBER(pid), 0 },
	{ "process_start", U64, MEMBER(process_start), 0 },
	{ "started", U64, MEMBER(started_s), 0 },
	{ "key", U64, MEMBER(key), 0 },
	{ "reserved", RESERVED, MEMBER(reserved), 0 },
	{ "block_bytes", U32, MEMBER(found.block_bytes),
	    MEMBER(found.has_mode) },
	{ "density", U8, MEMBER(found.density), MEMBER(found.has_mode) },
	{ "buffered_mode", U8, MEMBER(found.buffered_mode),
	    MEMBER(found.has_mode) },
	{ "compression", BOOL, MEMBER(found.compression),
	    MEMBER(found.has_compression) },
	{ "algorithm", U8, MEMBER(found.algorithm),
	    MEMBER(found.has_algorithm) },
	{ "pews_mb", U16, MEMBER(found.pews_mb), MEMBER(found.has_pews) },
	{ "partition", U32, MEMBER(found.partition),
	    MEMBER(found.has_partition) },
	{ "loaded", BOOL, MEMBER(loaded), 0 },
	{ "door_locked", BOOL, MEMBER(found.door_locked),
	    MEMBER(found.has_door) },
};

enum { MEMBERS = sizeof members / sizeof *members };

static uint64_t get(const struct hold_record *record, const struct member *m)
{
	const char *at = (const char *)record + m->at;

	switch (m->kind) {
	case U64:
		return *(const uint64_t *)(const void *)at;
	case U32:
		return *(const uint32_t *)(const void *)at;
	case U16:
		return *(const uint16_t *)(const void *)at;
	case U8:
		return *(const uint8_t *)at;
	case BOOL:
		return *(const bool *)at;
	default:
		return (uint64_t)record->reserved;
	}
}

static bool set(struct hold_record *record, const struct member *m,
    uint64_t value)
{
	static const uint64_t most[] = { [U64] = UINT64_MAX,
		[U32] = UINT32_MAX,
		[U16] = UINT16_MAX,
		[U8] = UINT8_MAX,
		[BOOL] = 1,
		[RESERVED] = SCSI_RESERVED_SPC2 };
	char *at = (char *)record + m->at;

	if (value > most[m->kind])
		return false;
	if (m->flag_at > 0)
		*(bool *)((char *)record + m->flag_at) = true;
	switch (m->kind) {
	case U64:
		*(uint64_t *)(void *)at = value;
		break;
	case U32:
		*(uint32_t *)(void *)at = (uint32_t)value;
		break;
	case U16:
		*(uint16_t *)(void *)at = (uint16_t)value;
		break;
	case U8:
		*(uint8_t *)at = (uint8_t)value;
		break;
	case BOOL:
		*(bool *)at = value != 0;
		break;
	case RESERVED:
		record->reserved = (enum scsi_reserved)value;
		break;
	}
	return true;
}

static void print(FILE *f, const struct hold_record *record)
{
	fprintf(f, "%s\n", first_line);
	for (size_t i = 0; i < TEXTS; i++)
		fprintf(f, "%s %s\n", texts[i].word,
		    (const char *)record + texts[i].at);
	for (size_t i = 0; i < MEMBERS; i++) {
		const struct member *m = &members[i];

		if (m->flag_at == 0 ||
		    *(const bool *)((const char *)record + m->flag_at))
			fprintf(f, "%s 0x%" PRIx64 "\n", m->word,
			    get(record, m));
	}
	/* A record that was cut is damaged. */
	fprintf(f, "end\n");
}

/* Makes the folder of a path, and those above it. */
static bool make_folder(const char *path)
{
	char folder[HOLD_RECORD_PATH_BYTES];

	snprintf(folder, sizeof folder, "%s", path);
	for (char *c = folder + 1; *c != '\0'; c++)
		if (*c == '/') {
			*c = '\0';
			if (mkdir(folder, 0755) != 0 && errno != EEXIST)
				return false;
			*c = '/';
		}
	return true;
}

bool hold_record_write(const char *path, const struct hold_record *record,
    char *err, size_t err_bytes)
{
	char new_path[HOLD_RECORD_PATH_BYTES + 8];
	bool good = make_folder(path);
	FILE *f = NULL;
	int fd;

	snprintf(new_path, sizeof new_path, "%s.new", path);
	if (good) {
		fd = open(new_path,
		    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		    0644);
		f = fd == -1 ? NULL : fdopen(fd, "w");
		if (f == NULL && fd != -1)
			close(fd);
	}
	good = f != NULL;
	if (good) {
		print(f, record);
		good = fflush(f) == 0 && fsync(fileno(f)) == 0;
		good = fclose(f) == 0 && good;
		good = good && rename(new_path, path) == 0;
	}
	if (!good)
		sentence(err, err_bytes,
		    "%s: the record that lets a drive be restored after a "
		    "crash cannot be written: %s; set XDG_STATE_HOME to a "
		    "folder that can be",
		    path, strerror(errno));
	return good;
}

/* `*missing`: the texts that were not seen yet, a bit each. */
static bool take_line(struct hold_record *record, char *line, unsigned *missing)
{
	char *value = strchr(line, ' ');
	char *end;

	if (value == NULL)
		return false;
	*value++ = '\0';
	for (size_t i = 0; i < TEXTS; i++)
		if (strcmp(line, texts[i].word) == 0) {
			*missing &= ~(1u << i);
			return snprintf((char *)record + texts[i].at,
				   texts[i].bytes, "%s",
				   value) < (int)texts[i].bytes;
		}
	for (size_t i = 0; i < MEMBERS; i++)
		if (strcmp(line, members[i].word) == 0) {
			uint64_t number;

			errno = 0;
			number = strtoull(value, &end, 16);
			return strncmp(value, "0x", 2) == 0 && errno == 0 &&
			    *end == '\0' && set(record, &members[i], number);
		}
	return false;
}

/*
 * A record of a version that did not write the cartridge: a drive reports a
 * partition only with one, which may be that in the drive now.
 */
static void complete(struct hold_record *record, unsigned *missing)
{
	if (*missing != 1u << CARTRIDGE)
		return;
	*missing = 0;
	record->loaded = record->found.has_partition;
}

enum hold_read hold_record_read(const char *path, struct hold_record *record)
{
	char line[SCSI_PATH_BYTES + 32];
	unsigned missing = (1u << TEXTS) - 1;
	bool good, ended = false;
	FILE *f = fopen(path, "re");

	memset(record, 0, sizeof *record);
	if (f == NULL)
		return errno == ENOENT || errno == ENOTDIR ? HOLD_NO_RECORD
							   : HOLD_DAMAGED;
	good = fgets(line, sizeof line, f) != NULL &&
	    strcspn(line, "\n") == strlen(first_line) &&
	    strncmp(line, first_line, strlen(first_line)) == 0;
	while (good && !ended && fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		ended = strcmp(line, "end") == 0;
		good = ended || take_line(record, line, &missing);
	}
	fclose(f);
	complete(record, &missing);
	return good && ended && missing == 0 ? HOLD_RECORD : HOLD_DAMAGED;
}
