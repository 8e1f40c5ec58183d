/* scan_print.c: prints the result of a scan, as a table and as JSON. */
#include "sim/command/tape/scan_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/command/print.h"

static const char *state_of(const struct splitter_scan_part *p)
{
	if (!p->present)
		return "missing";
	return p->proven ? "proven" : "unproven";
}

/* Returns whether `part` is the next part after `before`. */
static bool follows(uint64_t part, uint64_t before)
{
	return part == before + 1;
}

/* Returns whether the dump is complete, as far as the volumes say. */
static bool whole(const struct splitter_scan *s, size_t dump)
{
	struct splitter_scan_dump d;
	struct splitter_scan_part p;
	uint64_t part, before = 0;

	splitter_scan_get_dump(s, dump, &d, sizeof d);
	while ((part = splitter_scan_next_part(s, dump, before + 1)) != 0) {
		splitter_scan_get_part(s, dump, part, &p, sizeof p);
		if (!follows(part, before) || !p.present || !p.proven)
			return false;
		before = part;
	}
	return strcmp(d.outcome, "DONE") == 0;
}

static bool all_good(const struct splitter_scan *s)
{
	size_t i;

	for (i = 0; i < splitter_scan_dump_count(s); i++)
		if (!whole(s, i))
			return false;
	return splitter_scan_note_count(s) == 0 &&
	    splitter_scan_read_count(s) > 0;
}

static void number(char *text, size_t bytes, bool known, uint64_t value)
{
	if (known)
		snprintf(text, bytes, "%" PRIu64, value);
	else
		snprintf(text, bytes, "?");
}

static void print_part(const struct splitter_scan_part *p)
{
	char offset[24], bytes[24], attempt[24], file[24];

	number(offset, sizeof offset, p->offset_known, p->offset_bytes);
	number(bytes, sizeof bytes, p->bytes_known, p->bytes);
	number(attempt, sizeof attempt, p->attempt > 0, p->attempt);
	number(file, sizeof file, p->file > 0, p->file);
	printf("  %-6" PRIu64 " %-8s %14s %14s  %-10s %5s %7s\n", p->part,
	    state_of(p), offset, bytes, p->volume[0] != '\0' ? p->volume : "?",
	    file, attempt);
}

static void print_dump(const struct splitter_scan *s, size_t i)
{
	struct splitter_scan_dump d;
	struct splitter_scan_part p;
	uint64_t part, before = 0;

	splitter_scan_get_dump(s, i, &d, sizeof d);
	printf("dump %s@%016" PRIx64 "%s%s: ", d.name, d.id,
	    d.begun[0] != '\0' ? ", begun " : "", d.begun);
	if (d.outcome[0] != '\0')
		printf("%s, %" PRIu64 " bytes", d.outcome, d.safe_bytes);
	else
		printf("no end record");
	printf(", blocks of %" PRIu64 "%s\n", d.block_bytes,
	    d.fixed_blocks ? ", fixed" : "");
	if (d.split != 0)
		printf("  From part %" PRIu64
		       " on the volumes hold two different streams with this "
		       "id.\n",
		    d.split);
	printf("  part   state            offset          bytes  volume      "
	       "file attempt\n");
	while ((part = splitter_scan_next_part(s, i, before + 1)) != 0) {
		if (!follows(part, before))
			printf("  parts %" PRIu64 " to %" PRIu64
			       " are unknown\n",
			    before + 1, part - 1);
		splitter_scan_get_part(s, i, part, &p, sizeof p);
		print_part(&p);
		before = part;
	}
	putchar('\n');
}

void scan_print_table(const struct splitter_scan *s, bool *good)
{
	char files[24];
	struct splitter_scan_volume v;
	struct splitter_scan_note n;
	size_t i;

	for (i = 0; i < splitter_scan_dump_count(s); i++)
		print_dump(s, i);
	printf("volume      kind           files\n");
	for (i = 0; i < splitter_scan_volume_count(s); i++) {
		splitter_scan_get_volume(s, i, &v, sizeof v);
		number(files, sizeof files,
		    v.kind != SPLITTER_VOLUME_NOT_SCANNED, v.files);
		printf("%-11s %-13s %6s\n",
		    v.barcode[0] != '\0' ? v.barcode : "?",
		    splitter_volume_kind_name(v.kind), files);
	}
	for (i = 0; i < splitter_scan_note_count(s); i++) {
		splitter_scan_get_note(s, i, &n, sizeof n);
		if (i == 0)
			putchar('\n');
		if (n.volume[0] != '\0')
			printf("volume %s", n.volume);
		if (n.volume[0] != '\0' && n.file > 0)
			printf(", file %" PRIu64, n.file);
		printf("%s%s\n", n.volume[0] != '\0' ? ": " : "", n.text);
	}
	*good = all_good(s);
}

static json_t *count_json(bool known, uint64_t value)
{
	return known ? json_integer((json_int_t)value) : json_null();
}

static json_t *part_json(const struct splitter_scan_part *p)
{
	return json_pack("{s:I, s:s, s:o, s:o, s:o, s:s, s:o, s:s}", "part",
	    (json_int_t)p->part, "state", state_of(p), "offset",
	    count_json(p->offset_known, p->offset_bytes), "bytes",
	    count_json(p->bytes_known, p->bytes), "attempt",
	    count_json(p->attempt > 0, p->attempt), "volume", p->volume, "file",
	    count_json(p->file > 0, p->file), "xxh128", p->xxh128);
}

static json_t *file_json(const struct splitter_scan_file *f)
{
	return json_pack("{s:I, s:I, s:s, s:I, s:I, s:o, s:b, s:b}", "part",
	    (json_int_t)f->part, "attempt", (json_int_t)f->attempt, "volume",
	    f->volume, "file", (json_int_t)f->file, "offset",
	    (json_int_t)f->offset_bytes, "blocks",
	    count_json(f->blocks != TAPE_POSITION_UNKNOWN, f->blocks), "ended",
	    f->finished, "proven", f->proven);
}

static json_t *dump_json(const struct splitter_scan *s, size_t i)
{
	json_t *parts = json_array(), *files = json_array();
	struct splitter_scan_dump d;
	struct splitter_scan_part p;
	struct splitter_scan_file f;
	uint64_t part = 0;
	char id[17];
	size_t n;

	splitter_scan_get_dump(s, i, &d, sizeof d);
	while ((part = splitter_scan_next_part(s, i, part + 1)) != 0) {
		splitter_scan_get_part(s, i, part, &p, sizeof p);
		json_array_append_new(parts, part_json(&p));
	}
	for (n = 0; n < splitter_scan_file_count(s, i); n++) {
		splitter_scan_get_file(s, i, n, &f, sizeof f);
		json_array_append_new(files, file_json(&f));
	}
	snprintf(id, sizeof id, "%016" PRIx64, d.id);
	return json_pack("{s:s, s:s, s:s, s:I, s:b, s:s, s:o, s:s, s:b, s:o, "
			 "s:I, s:o, s:o}",
	    "name", d.name, "id", id, "begun", d.begun, "block_bytes",
	    (json_int_t)d.block_bytes, "fixed", d.fixed_blocks, "outcome",
	    d.outcome, "bytes", count_json(d.outcome[0] != '\0', d.safe_bytes),
	    "xxh128", d.xxh128, "whole", whole(s, i), "split",
	    count_json(d.split != 0, d.split), "volumes", (json_int_t)d.volumes,
	    "parts", parts, "files", files);
}

int scan_print_json(const struct splitter_scan *s, bool *good)
{
	json_t *dumps = json_array(), *volumes = json_array();
	json_t *notes = json_array();
	struct splitter_scan_volume v;
	struct splitter_scan_note n;
	size_t i;

	for (i = 0; i < splitter_scan_dump_count(s); i++)
		json_array_append_new(dumps, dump_json(s, i));
	for (i = 0; i < splitter_scan_volume_count(s); i++) {
		splitter_scan_get_volume(s, i, &v, sizeof v);
		json_array_append_new(volumes,
		    json_pack("{s:o, s:s, s:o, s:b}", "barcode",
			print_text(v.barcode), "kind",
			splitter_volume_kind_name(v.kind), "files",
			count_json(v.kind != SPLITTER_VOLUME_NOT_SCANNED,
			    v.files),
			"unfinished", v.unfinished));
	}
	for (i = 0; i < splitter_scan_note_count(s); i++) {
		splitter_scan_get_note(s, i, &n, sizeof n);
		json_array_append_new(notes,
		    json_pack("{s:o, s:I, s:o}", "volume", print_text(n.volume),
			"file", (json_int_t)n.file, "text",
			print_text(n.text)));
	}
	*good = all_good(s);
	return print_json(json_pack("{s:o, s:o, s:o, s:b}", "dumps", dumps,
	    "volumes", volumes, "notes", notes, "good", *good));
}
