/* files.c: lists the files and the defects of a volume. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/command/print.h"
#include "sim/command/vtl/defect.h"
#include "sim/command/vtl/volume.h"

enum { KEY_TEXT = 't' };

struct arguments {
	struct vtl_args args; /* must be first: vtl_parse() uses it */
	bool text;
};

/* A file of the volume. */
struct file {
	unsigned partition;
	uint64_t number; /* in its partition */
	uint64_t blocks, bytes;
	bool has_filemark; /* a filemark follows the file */
	char *text;        /* text of its first block, or NULL */
};

/* Returns the text at the beginning of a block, or NULL. */
static char *text_of(const char *block, uint64_t bytes)
{
	size_t n = strnlen(block, bytes), i;

	if (n == 0 || n == bytes)
		return NULL;
	for (i = 0; i < n; i++)
		if (!isprint((unsigned char)block[i]) && block[i] != '\n')
			return NULL;
	return strndup(block, n);
}

/*
 * Gets the text of an object, NULL if it has none.  Returns -1 if the object is
 * unreadable.
 */
static int read_text(struct volume *volume, uint64_t object, char **text)
{
	struct volume_object o;
	char *buf;

	*text = NULL;
	if (volume_read(volume, object, NULL, 0, &o) != 0)
		return -1;
	if (o.kind != VOLUME_BLOCK || !o.has_data)
		return 0;
	buf = malloc(o.bytes);
	if (buf != NULL && volume_read(volume, object, buf, o.bytes, &o) == 0)
		*text = text_of(buf, o.bytes);
	free(buf);
	return 0;
}

/*
 * Reads file `number`, which begins at `begin`; moves `begin` to the next file.
 * Returns 1, 0 if there is no such file, or -1 if it is unreadable.
 */
static int read_file(struct volume *volume, uint64_t number, bool text,
    struct volume_position *begin, struct file *file)
{
	uint64_t first = begin->object;
	struct volume_position end;
	int found = volume_find_file(volume, number + 1, &end);

	if (found < 0)
		return -1;
	file->number = number;
	file->has_filemark = found == 1;
	if (!file->has_filemark)
		volume_end(volume, &end);
	file->blocks = end.object - first - file->has_filemark;
	file->bytes = end.byte - begin->byte;
	*begin = end;
	if (!file->has_filemark && file->blocks == 0)
		return 0; /* nothing follows the last filemark */
	file->text = NULL;
	return text && file->blocks > 0 &&
		read_text(volume, first, &file->text) != 0
	    ? -1
	    : 1;
}

static void print_file(const struct file *f, bool text)
{
	const char *line = f->text;
	size_t n;

	printf("file %" PRIu64 ": %" PRIu64 " block%s, %" PRIu64 " bytes%s\n",
	    f->number, f->blocks, f->blocks == 1 ? "" : "s", f->bytes,
	    f->has_filemark ? "" : ", no filemark after it");
	for (; text && line != NULL && *line != '\0'; line += n) {
		n = strcspn(line, "\n");
		printf("    %.*s\n", (int)n, line);
		n += line[n] == '\n';
	}
}

/* How the files are printed, and whether one was printed already. */
struct output {
	const struct arguments *a;
	bool silent; /* nothing is printed */
	bool names_partitions;
	bool any;
};

static json_t *file_json(const struct file *f, const struct output *out)
{
	json_t *json = json_object();

	if (out->names_partitions)
		json_object_set_new(json, "partition",
		    json_integer((json_int_t)f->partition));
	json_object_update_new(json,
	    json_pack("{s:I, s:I, s:I, s:b}", "file", (json_int_t)f->number,
		"blocks", (json_int_t)f->blocks, "bytes", (json_int_t)f->bytes,
		"has_filemark", (int)f->has_filemark));
	if (out->a->text)
		json_object_set_new(json, "text",
		    f->text != NULL ? print_text(f->text) : json_null());
	return json;
}

/* Prints one file as an element of a JSON array.  Returns 0 or -1. */
static int print_file_json(const struct file *file, const struct output *out)
{
	json_t *json = file_json(file, out);
	char *line = json == NULL
	    ? NULL
	    : json_dumps(json, JSON_COMPACT | JSON_PRESERVE_ORDER);

	json_decref(json);
	if (line == NULL)
		return -1;
	printf("%s\n    %s", out->any ? "," : "", line);
	free(line);
	return 0;
}

/* Reads the files of a partition, and prints them.  Returns 0 or a status. */
static int walk_partition(struct volume *volume, unsigned partition,
    struct output *out)
{
	struct volume_position at = { .object = 0 };
	struct file file = { .partition = partition };
	bool text = out->a->text, json = out->a->args.json;
	uint64_t number = 0;
	int found, rc = 0;

	if (volume_select(volume, partition) != 0)
		return vtl_fail("%s", volume_message(volume));
	if (out->names_partitions && !out->silent && !json)
		printf("partition %u:\n", partition);
	while (rc == 0 &&
	    (found = read_file(volume, number++, text && !out->silent, &at,
		 &file)) == 1) {
		if (!out->silent && json)
			rc = print_file_json(&file, out);
		else if (!out->silent)
			print_file(&file, text);
		out->any = true;
		free(file.text);
	}
	if (rc != 0)
		return vtl_fail("out of memory");
	return found < 0 ? vtl_fail("%s", volume_message(volume)) : CMD_OK;
}

/*
 * Reads all files, and prints them unless `silent`.  The files are not
 * collected in memory, since a volume can have any number of them.
 */
static int walk_files(struct volume *volume, const struct arguments *a,
    bool silent)
{
	unsigned i, count = volume_partitions(volume);
	struct output out = {
		.a = a, .silent = silent, .names_partitions = count > 1
	};
	int status = CMD_OK;

	for (i = 0; i < count && status == CMD_OK; i++)
		status = walk_partition(volume, i, &out);
	return status;
}

/* Prints one JSON object: the members of `json`, and the files. */
static int print_json_files(struct volume *volume, const struct arguments *a,
    json_t *json)
{
	char *head = json_dumps(json, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	int status;

	if (head == NULL)
		return vtl_fail("out of memory");
	printf("%.*s,\n  \"files\": [", (int)strlen(head) - 2, head);
	free(head);
	status = walk_files(volume, a, false);
	puts("\n  ]\n}");
	return status;
}

static int list_files(struct changer *changer, const struct arguments *a)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer_element element;
	struct volume *volume;
	json_t *json;
	int status;

	volume = vtl_volume_open(changer, a->args.words[0], &element, message);
	if (volume == NULL)
		return vtl_fail("%s", message);
	json = vtl_volume_json(volume);
	/* the list of files replaces their number */
	json_object_del(json, "files");
	json_object_set_new(json, "defects", vtl_defects_json(volume));
	/* Read all files first: print nothing if a file cannot be read. */
	status = a->args.json ? walk_files(volume, a, true) : CMD_OK;
	if (status == CMD_OK && a->args.json)
		status = print_json_files(volume, a, json);
	else if (status == CMD_OK)
		status = walk_files(volume, a, false);
	if (status == CMD_OK && !a->args.json)
		vtl_defects_print(volume);
	vtl_volume_close(changer, volume, message);
	json_decref(json);
	return status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	if (key != KEY_TEXT)
		return vtl_parse(key, arg, state);
	a->text = true;
	return 0;
}

int vtl_files(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "text", KEY_TEXT, NULL, 0,
		    "print the text of the first block of each file: the "
		    "label, and the headers",
		    1 },
		VTL_OPTION_JSON, { 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "LIB BARCODE",
		.doc = "Lists the files and the defects of a volume.\vExit "
		       "status: 0 done; 1 no such volume, or it is in use or "
		       "unreadable; 2 bad usage, or no library.",
	};
	struct arguments a = { .args = { .min = 1,
				   .max = 1,
				   .missing = "the barcode of a volume" } };
	struct changer *changer;
	int status;

	if (!cmd_parse(&argp, argc, argv, &a))
		return CMD_USAGE;
	changer = vtl_open(a.args.folder, true);
	if (changer == NULL)
		return CMD_USAGE;
	status = list_files(changer, &a);
	changer_close(changer);
	return status;
}
