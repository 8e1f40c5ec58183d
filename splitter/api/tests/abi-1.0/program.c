/*
 * program.c: a program that was compiled with the headers of version 1.0.
 *
 * It stands for all programs in use: the headers beside it are those of that
 * version, and today's library must run it.  Do not change it together with
 * the library.
 *
 * Tapes are in memory.  The program writes a dump over two volumes, stops it
 * and resumes it, verifies, scans and reads it back, and labels a volume.  Each
 * struct that it hands to the library ends at a page that cannot be accessed:
 * reading or writing past its end kills the program.  It prints "ok".
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <tapelab/filters.h>
#include <tapelab/label.h>
#include <tapelab/reader.h>
#include <tapelab/splitter.h>
#include <tapelab/st.h>
#include <tapelab/volumes.h>

enum {
	BLOCK = 4096,
	BLOCKS_MAX = 50, /* of a volume, filemarks included */
	VOLUMES = 3,
	DUMP = 40 * BLOCK + 5
};

static void must(int condition, const char *what)
{
	if (condition)
		return;
	fprintf(stderr, "program of version 1.0: %s\n", what);
	exit(1);
}

/* Memory that ends at a page which cannot be accessed. */
static void *fenced(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t room = (bytes + page - 1) / page * page;
	char *p = mmap(NULL, room + page, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	must(p != MAP_FAILED, "no memory");
	must(mprotect(p + room, page, PROT_NONE) == 0, "no fence");
	memset(p, 0x5a, room);
	return p + room - bytes;
}

struct object {
	uint64_t bytes; /* 0: a filemark */
	unsigned char data[BLOCK];
};

static struct volume {
	char barcode[TAPE_BARCODE_BYTES];
	struct object objects[BLOCKS_MAX];
	unsigned count;
} volumes[VOLUMES];

static struct drive {
	struct tape tape;
	struct volume *volume;
	unsigned at;
} drive;

static struct shelf {
	struct tape_library library;
	unsigned next;
} shelf;

static void limits(struct tape *t, struct tape_limits *l)
{
	(void)t;
	l->block_min_bytes = l->block_max_bytes = BLOCK;
}

static uint64_t file_at(unsigned at)
{
	uint64_t files = 0;
	unsigned i;

	for (i = 0; i < at; i++)
		files += drive.volume->objects[i].bytes == 0;
	return files;
}

static void position(struct tape *t, struct tape_position *p)
{
	(void)t;
	memset(p, 0, sizeof *p);
	p->file = file_at(drive.at);
	p->object = drive.at;
	p->byte = TAPE_POSITION_UNKNOWN;
}

/* Writes an object; false: the volume is full. */
static int put(const void *data, uint64_t bytes)
{
	struct object *o;

	if (drive.at == BLOCKS_MAX)
		return 0;
	o = &drive.volume->objects[drive.at++];
	drive.volume->count = drive.at;
	o->bytes = bytes;
	if (bytes > 0)
		memcpy(o->data, data, bytes);
	return 1;
}

static void written(int good, uint64_t bytes, int64_t now_ns,
    struct tape_result *r)
{
	tape_result_init(r, now_ns);
	r->bytes = good ? bytes : 0;
	r->cause = good ? TAPE_OK : TAPE_PEOM;
}

static void start_file(struct tape *t, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	(void)t;
	written(put(block, bytes), bytes, now_ns, r);
}

static void label(struct tape *t, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	drive.at = 0;
	start_file(t, block, bytes, now_ns, r);
	put(NULL, 0);
}

static void write_run(struct tape *t, const struct tape_run *run,
    int64_t now_ns, struct tape_result *r)
{
	uint64_t done = 0, n;
	int good = 1;

	(void)t;
	while (good && done < run->bytes) {
		n = run->bytes - done < BLOCK ? run->bytes - done : BLOCK;
		good = put((const char *)run->data + done, n);
		if (good)
			done += n;
	}
	written(1, done, now_ns, r);
	if (!good)
		r->cause = TAPE_PEOM;
}

static void filemark(struct tape *t, bool sync, int64_t now_ns,
    struct tape_result *r)
{
	(void)t, (void)sync;
	written(put(NULL, 0), 0, now_ns, r);
}

static void read_block(struct tape *t, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *r)
{
	struct object *o;

	(void)t;
	tape_result_init(r, now_ns);
	memset(block, 0, sizeof *block);
	block->has_data = true;
	if (drive.at == drive.volume->count) {
		r->cause = drive.at == 0 ? TAPE_BLANK : TAPE_EOD;
		return;
	}
	o = &drive.volume->objects[drive.at++];
	if (o->bytes == 0)
		r->cause = TAPE_FILEMARK;
	else if (o->bytes > buf_bytes)
		r->cause = TAPE_INVALID;
	else
		memcpy(buf, o->data, o->bytes);
	block->bytes = r->cause == TAPE_OK ? o->bytes : 0;
}

static void locate(struct tape *t, uint64_t file, int64_t now_ns,
    struct tape_result *r)
{
	(void)t;
	tape_result_init(r, now_ns);
	for (drive.at = 0; file_at(drive.at) < file; drive.at++)
		if (drive.at == drive.volume->count) {
			r->cause = TAPE_EOD;
			return;
		}
}

static void locate_eod(struct tape *t, int64_t now_ns, struct tape_result *r)
{
	(void)t;
	tape_result_init(r, now_ns);
	drive.at = drive.volume->count;
}

static void rewind_tape(struct tape *t, int64_t now_ns, struct tape_result *r)
{
	(void)t;
	tape_result_init(r, now_ns);
	drive.at = 0;
}

static const struct tape_ops tape_ops = {
	.name = "memory",
	.limits = limits,
	.position = position,
	.label = label,
	.start_file = start_file,
	.write = write_run,
	.filemark = filemark,
	.read = read_block,
	.locate = locate,
	.locate_eod = locate_eod,
	.rewind = rewind_tape,
};

static struct tape *insert(struct volume *v, int64_t now_ns,
    struct tape_result *r)
{
	tape_result_init(r, now_ns);
	if (v == NULL) {
		r->cause = TAPE_NO_VOLUME;
		return NULL;
	}
	drive.tape.ops = &tape_ops;
	strcpy(drive.tape.barcode, v->barcode);
	drive.volume = v;
	drive.at = 0;
	return &drive.tape;
}

static struct tape *load(struct tape_library *l, int64_t now_ns,
    struct tape_result *r)
{
	(void)l;
	return insert(shelf.next < VOLUMES ? &volumes[shelf.next++] : NULL,
	    now_ns, r);
}

static struct tape *load_named(struct tape_library *l, const char *barcode,
    int64_t now_ns, struct tape_result *r)
{
	struct volume *v = NULL;
	int i;

	(void)l;
	for (i = 0; i < VOLUMES; i++)
		if (strcmp(volumes[i].barcode, barcode) == 0)
			v = &volumes[i];
	return insert(v, now_ns, r);
}

static void unload(struct tape_library *l, struct tape *t, enum tape_close why,
    int64_t now_ns, struct tape_result *r)
{
	(void)l, (void)t, (void)why;
	tape_result_init(r, now_ns);
}

static const struct tape_library_ops library_ops = {
	.load = load, .load_named = load_named, .unload = unload
};

static unsigned events;

static void attempt_done(void *arg, const struct splitter_attempt *a)
{
	(void)arg;
	events += a->part > 0 && strlen(a->volume) > 0;
}

static void volume_loaded(void *arg, const struct splitter_volume *v,
    int64_t at_ns)
{
	(void)arg, (void)at_ns;
	events += strlen(v->barcode) > 0;
}

static unsigned char dump[DUMP];
static struct splitter_part *parts;
static size_t parts_count;

static struct splitter_config *configure(void)
{
	struct splitter_config *c = fenced(sizeof *c);

	splitter_config_init(c, sizeof *c, SPLITTER_API);
	c->dump = "old";
	c->dump_id = 10;
	c->block_bytes = BLOCK;
	c->part_bytes = 8 * BLOCK;
	c->buffer_bytes = 4 * BLOCK;
	c->cache = SPLITTER_CACHE_MEMORY;
	c->library = &shelf.library;
	c->attempt_done = attempt_done;
	c->volume_loaded = volume_loaded;
	return c;
}

/* Keeps the parts in a list without a byte to spare. */
static void keep_parts(struct splitter *s)
{
	struct splitter_part *p = fenced(sizeof *p);
	size_t i;

	parts_count = splitter_part_count(s);
	parts = fenced(parts_count * sizeof *parts);
	for (i = 0; i < parts_count; i++) {
		must(splitter_get_part(s, i, p, sizeof *p) == 0, "get_part");
		parts[i] = *p;
	}
}

static void write_dump(void)
{
	static const char *const append[] = { "VOL001" };
	struct splitter_progress *progress = fenced(sizeof *progress);
	struct splitter_config *c = configure();
	struct splitter *s;
	char err[256];

	/* A dump that ends after half of its bytes, because they stop. */
	s = splitter_new(c, err, sizeof err);
	must(s != NULL, err);
	must(splitter_push(s, dump, 16 * BLOCK) == 16 * BLOCK, "push");
	splitter_get_progress(s, progress, sizeof *progress);
	must(progress->accepted_bytes == 16 * BLOCK, "progress");
	splitter_eof(s);
	must(splitter_wait(s)->outcome == SPLITTER_DONE, "the first half");
	keep_parts(s);
	must(parts_count == 2 && parts[1].bytes == 8 * BLOCK, "parts");
	splitter_free(s);

	/* It is resumed, and goes over to the second volume. */
	shelf.next = 0;
	c->append = append;
	c->append_count = 1;
	c->resume = parts;
	c->resume_count = parts_count;
	c->resume_volumes = 1;
	s = splitter_new(c, err, sizeof err);
	must(s != NULL, err);
	splitter_push(s, dump + 16 * BLOCK, DUMP - 16 * BLOCK);
	splitter_eof(s);
	must(splitter_wait(s)->outcome == SPLITTER_DONE,
	    splitter_wait(s)->message);
	must(splitter_wait(s)->safe_bytes == DUMP, "safe_bytes");
	keep_parts(s);
	splitter_free(s);
	must(events > 8, "events");
}

static void verify(void)
{
	struct splitter_verify_config *v = fenced(sizeof *v);
	char err[256];
	size_t part;

	splitter_verify_config_init(v, sizeof *v, SPLITTER_API);
	v->library = &shelf.library;
	v->dump_id = 10;
	v->block_bytes = BLOCK;
	v->parts = parts;
	v->parts_count = parts_count;
	must(splitter_verify_parts(v, &part, err, sizeof err) ==
		SPLITTER_PARTS_PRESENT,
	    "verify");
}

static uint64_t got;

static bool on_data(void *arg, const void *bytes, uint64_t count)
{
	(void)arg;
	must(got + count <= DUMP && memcmp(dump + got, bytes, count) == 0,
	    "other bytes were read back");
	got += count;
	return true;
}

static struct splitter_scan *scan_all(void)
{
	struct splitter_scan_config *c = fenced(sizeof *c);
	struct splitter_scan *scan;
	char err[256];

	shelf.next = 0;
	splitter_scan_config_init(c, sizeof *c, SPLITTER_API);
	scan = splitter_scan_new(c, err, sizeof err);
	must(scan != NULL, err);
	must(splitter_scan_library(scan, &shelf.library, err, sizeof err) == 0,
	    "scan");
	return scan;
}

static void read_back(void)
{
	struct splitter_read_config *c = fenced(sizeof *c);
	struct splitter_read_outcome *outcome = fenced(sizeof *outcome);
	struct splitter_scan_dump *d = fenced(sizeof *d);
	struct splitter_scan *scan = scan_all();
	char err[256];

	must(splitter_scan_get_dump(scan, 0, d, sizeof *d) == 0, "get_dump");
	must(strcmp(d->name, "old") == 0 && d->id == 10, "the dump's name");
	splitter_read_config_init(c, sizeof *c, SPLITTER_API);
	c->library = &shelf.library;
	c->scan = scan;
	c->data = on_data;
	must(splitter_read(c, outcome, sizeof *outcome, err, sizeof err) == 0,
	    err);
	must(outcome->good_bytes == DUMP && got == DUMP, "read");
	splitter_scan_free(scan);
}

static void label_last(void)
{
	struct splitter_label_config *c = fenced(sizeof *c);
	struct splitter_label_result *r = fenced(sizeof *r);
	struct tape_result *loaded = fenced(sizeof *loaded);
	struct splitter_scan *scan = scan_all();
	struct tape *tape;
	int64_t now_ns = 0;
	char err[256];

	tape = load_named(NULL, "VOL003", 0, loaded);
	splitter_label_config_init(c, sizeof *c, SPLITTER_API);
	c->block_bytes = BLOCK;
	must(splitter_label_volume(scan, tape, c, &now_ns, r, sizeof *r, err,
		 sizeof err) == 0,
	    err);
	must(r->status == SPLITTER_LABEL_WRITTEN, r->message);
	must(r->close == TAPE_CLOSE_GOOD, "close");
	splitter_scan_free(scan);
}

/* Calls an operation of the library's own tapes. */
static void call_filters(void)
{
	struct tape_library *null = splitter_null_library_new();
	struct tape_library *limit =
	    splitter_limit_library_new(null, 1 << 20, SPLITTER_NO_WARNING);
	struct tape_position *at = fenced(sizeof *at);
	struct tape_limits *l = fenced(sizeof *l);
	struct tape_result *r = fenced(sizeof *r);
	struct tape_run *run = fenced(sizeof *run);
	struct tape *tape;

	tape = limit->ops->load(limit, 0, r);
	must(tape != NULL, "load of a filter");
	memset(l, 0, sizeof *l);
	tape->ops->limits(tape, l);
	tape->ops->label(tape, dump, BLOCK, 0, r);
	tape->ops->position(tape, at);
	memset(run, 0, sizeof *run);
	run->data = dump;
	run->bytes = run->block_bytes = BLOCK;
	tape->ops->write(tape, run, 0, r);
	must(r->cause == TAPE_OK && r->bytes == BLOCK, "write of a filter");
	limit->ops->unload(limit, tape, TAPE_CLOSE_GOOD, 0, r);
	splitter_limit_library_free(limit);
	splitter_null_library_free(null);
}

int main(void)
{
	struct splitter_st_config *st = fenced(sizeof *st);
	unsigned i;

	shelf.library.ops = &library_ops;
	for (i = 0; i < VOLUMES; i++)
		snprintf(volumes[i].barcode, sizeof volumes[i].barcode,
		    "VOL%03u", i + 1);
	for (i = 0; i < DUMP; i++)
		dump[i] = (unsigned char)(i * 7 + i / BLOCK);
	splitter_st_config_init(st, sizeof *st, SPLITTER_API);
	write_dump();
	verify();
	read_back();
	label_last();
	call_filters();
	puts("ok");
	return 0;
}
