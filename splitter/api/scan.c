/* scan.c: a scan of volumes, for those who embed. */
#include "splitter/api/reader_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/api/impl.h"
#include "splitter/api/loaded.h"
#include "splitter/api/struct.h"
#include "splitter/filter/guard.h"
#include "splitter/format/header.h"

static const struct splitter_scan_config defaults;

void splitter_scan_config_init(struct splitter_scan_config *config,
    size_t config_bytes, unsigned api)
{
	struct_init(config, config_bytes, api, &defaults, sizeof defaults);
}

static struct splitter_scan_volume public_volume(const struct scan_volume *v)
{
	return (struct splitter_scan_volume){
		.barcode = v->barcode,
		.kind = v->kind,
		.label = v->label,
		.dump = v->dump,
		.why = v->why,
		.locked = v->locked,
		.worm = v->worm,
		.in_use = v->in_use,
		.files = v->files,
		.unfinished = v->unfinished,
		.complete = v->complete,
	};
}

static bool on_stopped(void *arg)
{
	const struct splitter_scan *s = arg;

	return s->config.stopped(s->config.arg);
}

static void on_volume(void *arg, const struct scan_volume *volume)
{
	const struct splitter_scan *s = arg;
	const struct splitter_scan_volume v = public_volume(volume);

	s->config.volume_done(s->config.arg, &v);
}

static void on_load_failed(void *arg, struct scan_load_failure *failure)
{
	const struct splitter_scan *s = arg;
	struct splitter_load_failure f = { .barcode = failure->barcode,
		.why = failure->why };

	s->config.load_failed(s->config.arg, &f);
	f.volume[sizeof f.volume - 1] = '\0';
	if (header_barcode_valid(f.volume))
		strcpy(failure->volume, f.volume);
	failure->in_use = f.in_use;
}

static void on_warning(void *arg, const char *message, int64_t at_ns)
{
	const struct splitter_scan *s = arg;

	(void)at_ns;
	s->config.warning(s->config.arg, message);
}

struct splitter_scan *
splitter_scan_new(const struct splitter_scan_config *config, char *err,
    size_t err_bytes)
{
	struct splitter_scan_config c = defaults;
	struct splitter_scan *s;
	struct scan_watch watch;

	if (struct_read(config, &c, sizeof c, err, err_bytes) != 0)
		return NULL;
	s = calloc(1, sizeof *s);
	if (s != NULL) {
		s->config = c;
		s->scan = scan_new();
	}
	if (s == NULL || s->scan == NULL) {
		free(s);
		snprintf(err, err_bytes, "out of memory");
		return NULL;
	}
	watch = (struct scan_watch){
		.arg = s,
		.stopped = c.stopped != NULL ? on_stopped : NULL,
		.volume_done = c.volume_done != NULL ? on_volume : NULL,
		.load_failed = c.load_failed != NULL ? on_load_failed : NULL,
		.warning = c.warning != NULL ? on_warning : NULL,
	};
	scan_set_watch(s->scan, &watch);
	return s;
}

void splitter_scan_free(struct splitter_scan *s)
{
	if (s != NULL)
		scan_free(s->scan);
	free(s);
}

static int no_memory(struct splitter_scan *s)
{
	scan_out_of_memory(s->scan);
	return -1;
}

/* The results of the program's tapes are checked before they are used. */
int splitter_scan_library(struct splitter_scan *s, struct tape_library *library,
    char *end, size_t end_bytes)
{
	struct tape_library *guard = guard_library_new(library);
	int rc;

	if (guard == NULL)
		return no_memory(s);
	rc = scan_library(s->scan, guard, end, end_bytes);
	guard_library_free(guard);
	return rc;
}

int splitter_scan_named(struct splitter_scan *s, struct tape_library *library,
    const char *barcode)
{
	struct tape_library *guard = guard_library_new(library);
	int rc;

	if (guard == NULL)
		return no_memory(s);
	rc = scan_named(s->scan, guard, barcode);
	guard_library_free(guard);
	return rc;
}

int splitter_scan_label(struct splitter_scan *s, struct tape *tape,
    int64_t *now_ns)
{
	struct tape_result result;
	struct loaded loaded;
	int rc;

	rc = loaded_init(&loaded, tape, *now_ns, &result) != 0
	    ? no_memory(s)
	    : scan_label(s->scan, loaded.tape, now_ns);
	loaded_clear(&loaded, *now_ns);
	return rc;
}

int splitter_scan_not_scanned(struct splitter_scan *s, const char *barcode,
    bool in_use, const char *why)
{
	return scan_not_scanned(s->scan, barcode, in_use, why);
}

bool splitter_scan_knows(const struct splitter_scan *s, const char *barcode)
{
	return scan_knows(s->scan, barcode);
}

size_t splitter_scan_read_count(const struct splitter_scan *s)
{
	return scan_read_count(s->scan);
}

size_t splitter_scan_not_scanned_count(const struct splitter_scan *s)
{
	return scan_not_scanned_count(s->scan);
}

size_t splitter_scan_dump_count(const struct splitter_scan *s)
{
	return scan_dumps(s->scan);
}

int splitter_scan_get_dump(const struct splitter_scan *s, size_t i,
    struct splitter_scan_dump *out, size_t out_bytes)
{
	struct splitter_scan_dump p = { .name = NULL };
	struct scan_dump d;

	if (i < scan_dumps(s->scan)) {
		scan_get_dump(s->scan, i, &d);
		p = (struct splitter_scan_dump){
			.name = d.name,
			.begun = d.begun,
			.id = d.id,
			.block_bytes = d.block_bytes,
			.fixed_blocks = d.fixed,
			.parts = d.parts,
			.volumes = d.volumes,
			.outcome = d.outcome,
			.safe_bytes = d.end_bytes,
			.xxh128 = d.xxh128,
			.split = d.split,
		};
	}
	struct_write(&p, sizeof p, out, out_bytes);
	return p.name != NULL ? 0 : -1;
}

size_t splitter_scan_volume_count(const struct splitter_scan *s)
{
	return scan_volumes(s->scan);
}

int splitter_scan_get_volume(const struct splitter_scan *s, size_t i,
    struct splitter_scan_volume *out, size_t out_bytes)
{
	struct splitter_scan_volume p = { .barcode = NULL };
	struct scan_volume v;

	if (i < scan_volumes(s->scan)) {
		scan_get_volume(s->scan, i, &v);
		p = public_volume(&v);
	}
	struct_write(&p, sizeof p, out, out_bytes);
	return p.barcode != NULL ? 0 : -1;
}

size_t splitter_scan_note_count(const struct splitter_scan *s)
{
	return scan_notes(s->scan);
}

int splitter_scan_get_note(const struct splitter_scan *s, size_t i,
    struct splitter_scan_note *out, size_t out_bytes)
{
	struct splitter_scan_note p = { .volume = NULL };
	struct scan_note n;

	if (i < scan_notes(s->scan)) {
		scan_get_note(s->scan, i, &n);
		p = (struct splitter_scan_note){ .volume = n.volume,
			.file = n.file,
			.text = n.text,
			.unread = n.unread };
	}
	struct_write(&p, sizeof p, out, out_bytes);
	return p.volume != NULL ? 0 : -1;
}

static bool has_dump(const struct splitter_scan *s, size_t dump)
{
	return dump < scan_dumps(s->scan);
}

size_t splitter_scan_file_count(const struct splitter_scan *s, size_t dump)
{
	return has_dump(s, dump) ? scan_files(s->scan, dump) : 0;
}

int splitter_scan_get_file(const struct splitter_scan *s, size_t dump, size_t i,
    struct splitter_scan_file *out, size_t out_bytes)
{
	struct splitter_scan_file p = { .volume = NULL };
	struct scan_file f;

	if (i < splitter_scan_file_count(s, dump)) {
		scan_get_file(s->scan, dump, i, &f);
		p = (struct splitter_scan_file){
			.part = f.part,
			.attempt = f.attempt,
			.offset_bytes = f.offset_bytes,
			.volume = f.volume,
			.file = f.file,
			.sequence = f.sequence,
			.blocks = f.blocks,
			.finished = f.ended,
			.proven = f.proven,
		};
	}
	struct_write(&p, sizeof p, out, out_bytes);
	return p.volume != NULL ? 0 : -1;
}

uint64_t splitter_scan_next_part(const struct splitter_scan *s, size_t dump,
    uint64_t part)
{
	return has_dump(s, dump) ? scan_next_part(s->scan, dump, part) : 0;
}

struct splitter_scan_part api_scan_part(const struct scan_part *p)
{
	return (struct splitter_scan_part){
		.part = p->part,
		.proven = p->proven,
		.present = p->present,
		.finished = p->ended,
		.attempt = p->attempt,
		.volume = p->volume,
		.file = p->file,
		.offset_known = p->offset_known,
		.bytes_known = p->bytes_known,
		.offset_bytes = p->offset_bytes,
		.bytes = p->bytes,
		.xxh128 = p->xxh128,
	};
}

int splitter_scan_get_part(const struct splitter_scan *s, size_t dump,
    uint64_t part, struct splitter_scan_part *out, size_t out_bytes)
{
	struct splitter_scan_part p = { .volume = NULL };
	struct scan_part from;

	if (has_dump(s, dump) && part > 0) {
		scan_get_part(s->scan, dump, part, &from);
		p = api_scan_part(&from);
	}
	struct_write(&p, sizeof p, out, out_bytes);
	return p.volume != NULL ? 0 : -1;
}

size_t splitter_scan_proven_parts(const struct splitter_scan *s, size_t dump,
    struct splitter_part *parts, size_t room, unsigned api)
{
	uint64_t end_bytes = 0;
	struct part_row row;
	size_t n = 0;

	while (has_dump(s, dump) &&
	    scan_proven_part(s->scan, dump, n + 1, end_bytes, &row)) {
		if (n < room)
			splitter_put_part(&row, parts, n, api);
		end_bytes += row.bytes;
		n++;
	}
	return n;
}

uint64_t splitter_scan_proven_bytes(const struct splitter_scan *s, size_t dump)
{
	uint64_t end_bytes = 0, part = 1;
	struct part_row row;

	while (has_dump(s, dump) &&
	    scan_proven_part(s->scan, dump, part++, end_bytes, &row))
		end_bytes += row.bytes;
	return end_bytes;
}

int splitter_scan_get_attempts(const struct splitter_scan *s, size_t dump,
    uint64_t next, struct splitter_scan_attempts *out, size_t out_bytes)
{
	struct splitter_scan_attempts p = { 0 };
	struct scan_attempts a;

	if (has_dump(s, dump)) {
		scan_get_attempts(s->scan, dump, next, &a);
		p = (struct splitter_scan_attempts){ .next = a.next,
			.later = a.later };
	}
	struct_write(&p, sizeof p, out, out_bytes);
	return has_dump(s, dump) ? 0 : -1;
}

void splitter_scan_each_named(const struct splitter_scan *s, size_t dump,
    bool (*each)(void *arg, const char *volume), void *arg)
{
	if (has_dump(s, dump) && each != NULL)
		scan_each_named(s->scan, dump, each, arg);
}

int splitter_scan_find_dump(const struct splitter_scan *s, const char *name,
    size_t *dump, char *err, size_t err_bytes)
{
	long found = scan_find(s->scan, name, err, err_bytes);

	*dump = found < 0 ? 0 : (size_t)found;
	return found < 0 ? -1 : 0;
}
