/* timed_tape.c: see timed_tape.h. */
#include "sim/run/steps/tests/timed_tape.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

struct timed_tape timed;

static void done(struct tape_result *r, int64_t now_ns, int64_t take_ns)
{
	tape_result_init(r, now_ns + take_ns);
}

/* Forward wraps take 100 MB/s, reverse ones 50 MB/s. */
static int64_t time_of(uint64_t bytes)
{
	int64_t ns = 0;

	while (bytes > 0) {
		uint64_t n = WRAP - timed.byte % WRAP;

		if (n > bytes)
			n = bytes;
		ns += (int64_t)n * (timed.byte / WRAP % 2 == 0 ? 10 : 20);
		timed.byte += n;
		bytes -= n;
	}
	return ns;
}

static void limits(struct tape *t, struct tape_limits *l)
{
	(void)t;
	l->block_min_bytes = 4096;
	l->block_max_bytes = timed.block_max;
}

static void position(struct tape *t, struct tape_position *p)
{
	(void)t;
	p->byte = timed.byte;
}

static void put(const void *data, uint64_t bytes)
{
	struct timed_object *o = &timed.objects[timed.at];

	ck_assert_uint_lt(timed.at, OBJECTS);
	for (size_t i = timed.at; i < timed.count; i++) {
		free(timed.objects[i].data);
		timed.objects[i].data = NULL;
	}
	o->bytes = bytes;
	o->data = malloc(bytes + 1);
	if (bytes > 0)
		memcpy(o->data, data, bytes);
	timed.count = ++timed.at;
}

static void start_file(struct tape *t, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	(void)t;
	put(block, bytes);
	done(r, now_ns, time_of(bytes));
}

static void label(struct tape *t, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *r)
{
	timed.at = 0;
	timed.byte = 0;
	start_file(t, block, bytes, now_ns, r);
	put(NULL, 0);
}

static void write_run(struct tape *t, const struct tape_run *run,
    int64_t now_ns, struct tape_result *r)
{
	const char *data = run->data;
	uint64_t taken = 0;
	int64_t ns = 0;

	(void)t;
	done(r, now_ns, 0);
	while (taken < run->bytes) {
		uint64_t n = run->bytes - taken;

		if (n > run->block_bytes)
			n = run->block_bytes;
		if (timed.fail_at > 0 && timed.at == timed.fail_at) {
			r->cause = timed.fail;
			break;
		}
		if (timed.byte + n > timed.capacity) {
			r->cause = TAPE_PEOM;
			break;
		}
		put(data + taken, n);
		taken += n;
		ns += time_of(n);
		if (timed.byte > timed.capacity - (1 << 20)) {
			r->leom = true;
			break;
		}
	}
	r->bytes = taken;
	r->done_ns = now_ns + ns;
}

static void filemark(struct tape *t, bool sync, int64_t now_ns,
    struct tape_result *r)
{
	(void)t;
	put(NULL, 0);
	done(r, now_ns, sync ? SYNC_NS : FILEMARK_NS);
}

static void read_block(struct tape *t, void *buf, uint64_t room,
    struct tape_block *block, int64_t now_ns, struct tape_result *r)
{
	const struct timed_object *o = &timed.objects[timed.at];

	(void)t;
	done(r, now_ns, 0);
	if (timed.at == timed.count) {
		r->cause = timed.count == 0 ? TAPE_BLANK : TAPE_EOD;
		return;
	}
	if (o->bytes > room) {
		r->cause = TAPE_INVALID;
		return;
	}
	timed.at++;
	if (o->bytes == 0) {
		r->cause = TAPE_FILEMARK;
		return;
	}
	memcpy(buf, o->data, o->bytes);
	if (timed.damaged == timed.at)
		((char *)buf)[o->bytes - 1] ^= 1;
	block->bytes = r->bytes = o->bytes;
	block->has_data = true;
	r->done_ns += time_of(o->bytes);
}

static void go(size_t object)
{
	timed.at = 0;
	timed.byte = 0;
	while (timed.at < object)
		timed.byte += timed.objects[timed.at++].bytes;
}

static void locate(struct tape *t, uint64_t file, int64_t now_ns,
    struct tape_result *r)
{
	size_t i = 0;

	(void)t;
	done(r, now_ns, LOCATE_NS);
	for (; file > 0 && i < timed.count; i++)
		file -= timed.objects[i].bytes == 0;
	go(i);
	if (file > 0 || i == timed.count)
		r->cause = TAPE_EOD;
}

static void locate_eod(struct tape *t, int64_t now_ns, struct tape_result *r)
{
	(void)t;
	go(timed.count);
	done(r, now_ns, LOCATE_NS);
}

static void rewind_tape(struct tape *t, int64_t now_ns, struct tape_result *r)
{
	(void)t;
	go(0);
	done(r, now_ns, REWIND_NS);
}

static const struct tape_ops tape_ops = {
	.name = "times",
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

static struct tape *load(struct tape_library *l, int64_t now_ns,
    struct tape_result *r)
{
	(void)l;
	timed.loads++;
	go(0);
	done(r, now_ns, LOAD_NS);
	return &timed.tape;
}

static struct tape *load_named(struct tape_library *l, const char *barcode,
    int64_t now_ns, struct tape_result *r)
{
	(void)barcode;
	return load(l, now_ns, r);
}

static void unload(struct tape_library *l, struct tape *t, enum tape_close why,
    int64_t now_ns, struct tape_result *r)
{
	(void)l, (void)t, (void)why;
	done(r, now_ns, UNLOAD_NS);
}

static const struct tape_library_ops library_ops = {
	.load = load,
	.load_named = load_named,
	.unload = unload,
};

void timed_tape_label(enum header_type type, const char *volume,
    const char *purpose)
{
	struct header h = { .type = type, .block_bytes = BLOCK };
	char *block = malloc(BLOCK);
	struct tape_result r;

	strcpy(h.volume, volume);
	strcpy(h.purpose, purpose);
	strcpy(h.dump, "d");
	h.sequence = 1;
	header_format(&h, NULL, 0, block, BLOCK);
	label(&timed.tape, block, BLOCK, 0, &r);
	free(block);
}

void timed_tape_init(void)
{
	memset(&timed, 0, sizeof timed);
	timed.tape.ops = &tape_ops;
	strcpy(timed.tape.barcode, "TL0001");
	timed.library.ops = &library_ops;
	timed.capacity = 40 << 20;
	timed.block_max = 1 << 20;
}

void timed_tape_free(void)
{
	for (size_t i = 0; i < OBJECTS; i++)
		free(timed.objects[i].data);
}
