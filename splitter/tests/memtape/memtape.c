/* memtape.c: a tape library in memory. */
#include "splitter/tests/memtape/memtape_impl.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/format/header.h"

void memtape_complain(struct memtape *m, const char *format, ...)
{
	va_list args;

	if (m->complaint[0] != '\0')
		return;
	va_start(args, format);
	vsnprintf(m->complaint, sizeof m->complaint, format, args);
	va_end(args);
}

void memtape_set_message(struct tape_result *r, enum tape_cause cause,
    const char *what)
{
	r->cause = cause;
	snprintf(r->message, sizeof r->message, "%s: %s", what,
	    tape_cause_name(cause));
}

const struct memtape_failure *memtape_count_one(struct memtape *m,
    enum memtape_what what)
{
	const struct memtape_failure *f;
	uint64_t n = ++m->counts[what];
	unsigned i;

	for (i = 0; i < m->config.failure_count; i++) {
		f = &m->config.failures[i];
		if (f->what == what &&
		    (f->nth == n || (f->for_good && n > f->nth)))
			return f;
	}
	return NULL;
}

void memtape_hook(struct memtape *m, enum memtape_what what)
{
	if (m->config.hook != NULL)
		m->config.hook(m->config.hook_arg, what, m->counts[what] + 1);
}

static void insert(struct memtape_drive *d, struct memtape_volume *v)
{
	d->volume = v;
	d->at = 0;
	d->broken = TAPE_OK;
	d->in_file = d->sealing = d->short_block = false;
	memcpy(d->tape.barcode, v->barcode, sizeof d->tape.barcode);
}

static struct tape *op_load(struct tape_library *library, int64_t now_ns,
    struct tape_result *r)
{
	struct memtape *m = (struct memtape *)library;
	const struct memtape_failure *f;
	struct memtape_drive *d;
	unsigned i = 0;

	tape_result_init(r, now_ns);
	memtape_hook(m, MEMTAPE_LOAD);
	while (i < m->config.drives &&
	    (m->drives[i].avoided || m->drives[i].volume != NULL))
		i++;
	if (i == m->config.drives || m->next == m->config.volumes) {
		memtape_set_message(r, TAPE_NO_VOLUME, "load");
		return NULL;
	}
	d = &m->drives[i];
	f = memtape_count_one(m, MEMTAPE_LOAD);
	if (f != NULL && f->cause != TAPE_OK) {
		d->avoided = f->cause == TAPE_HARDWARE_ERROR;
		m->next += f->cause != TAPE_NO_VOLUME;
		memtape_set_message(r, f->cause, "load");
		return NULL;
	}
	m->volumes[m->next].drive = i;
	insert(d, &m->volumes[m->next++]);
	return &d->tape;
}

static struct tape *op_load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *r)
{
	struct memtape *m = (struct memtape *)library;
	unsigned i;

	tape_result_init(r, now_ns);
	for (i = 0; i < m->config.volumes; i++)
		if (strcmp(m->volumes[i].barcode, barcode) == 0 &&
		    !m->volumes[i].missing)
			return memtape_reader(m, i);
	memtape_set_message(r, TAPE_NO_VOLUME, "load");
	return NULL;
}

static void op_unload(struct tape_library *library, struct tape *tape,
    enum tape_close close, int64_t now_ns, struct tape_result *r)
{
	struct memtape *m = (struct memtape *)library;
	struct memtape_drive *d = (struct memtape_drive *)tape;
	struct memtape_volume *v = d->volume;

	tape_result_init(r, now_ns);
	if (d == &m->reader) {
		d->volume = NULL;
		return;
	}
	memtape_hook(m, MEMTAPE_UNLOAD);
	m->counts[MEMTAPE_UNLOAD]++;
	if (close == TAPE_CLOSE_REFUSED && v->changing)
		memtape_complain(m, "%s: written to, and given back as refused",
		    v->barcode);
	if (d->in_file && d->broken == TAPE_OK) {
		d->at = v->count;
		memtape_put(d, NULL, 0, r);
	}
	v->given_back = true;
	v->close = close;
	d->avoided = close == TAPE_CLOSE_AVOID_DRIVE;
	d->volume = NULL;
}

static const struct tape_library_ops library_ops = {
	.load = op_load,
	.load_named = op_load_named,
	.unload = op_unload,
};

uint64_t memtape_capacity(const struct memtape_config *k, unsigned i)
{
	uint64_t less = k->shrink_bytes * i;

	return less + k->least_bytes < k->capacity_bytes
	    ? k->capacity_bytes - less
	    : k->shrink_bytes > 0 ? k->least_bytes
				  : k->capacity_bytes;
}

struct memtape *memtape_new(const struct memtape_config *config)
{
	struct memtape *m = calloc(1, sizeof *m);
	unsigned i;

	if (m == NULL)
		abort();
	m->library.ops = &library_ops;
	m->config = *config;
	m->volumes = calloc(config->volumes + 1, sizeof *m->volumes);
	m->drives = calloc(config->drives + 1, sizeof *m->drives);
	if (m->volumes == NULL || m->drives == NULL)
		abort();
	for (i = 0; i < config->volumes; i++) {
		snprintf(m->volumes[i].barcode, TAPE_BARCODE_BYTES, "MEM%03uL0",
		    i + 1);
		memtape_size(m, i, memtape_capacity(config, i),
		    config->warning_bytes);
	}
	for (i = 0; i < config->drives; i++) {
		m->drives[i].tape.ops = &memtape_ops;
		m->drives[i].tape.drive = i;
		m->drives[i].library = m;
	}
	m->reader.tape.ops = &memtape_ops;
	m->reader.tape.drive = config->drives;
	m->reader.library = m;
	m->reader.reading = true;
	return m;
}

void memtape_free(struct memtape *m)
{
	unsigned i;

	if (m == NULL)
		return;
	for (i = 0; i < m->config.volumes; i++) {
		memtape_volume_cut(&m->volumes[i], 0);
		free(m->volumes[i].objects);
	}
	free(m->volumes);
	free(m->drives);
	free(m);
}

void memtape_prepare(struct memtape *m, unsigned i, enum memtape_kind kind)
{
	struct memtape_volume *v = &m->volumes[i];
	uint64_t bytes = m->config.block_bytes;
	struct header h = { .type = HEADER_LABEL,
		.dump = "an older one",
		.dump_id = 7,
		.sequence = 1,
		.block_bytes = bytes };
	char *block = calloc(1, bytes);

	if (block == NULL)
		abort();
	v->kind = kind;
	memtape_volume_cut(v, 0);
	memcpy(h.volume, v->barcode, sizeof h.volume);
	if (kind == MEMTAPE_SCRATCH)
		h.type = HEADER_SCRATCH;
	if (kind == MEMTAPE_OTHER_LABEL)
		h.volume[0] = 'X';
	if (kind == MEMTAPE_LABELLED || kind == MEMTAPE_SCRATCH ||
	    kind == MEMTAPE_OTHER_LABEL)
		header_format(&h, NULL, 0, block, bytes);
	else
		memset(block, 'x', bytes);
	if (kind != MEMTAPE_BLANK && kind != MEMTAPE_PROTECTED) {
		memtape_volume_add(v, block, bytes);
		memtape_volume_add(v, NULL, 0);
	}
	free(block);
}

void memtape_allow(struct memtape *m, unsigned i)
{
	m->volumes[i].overwrite = true;
}

void memtape_identify(struct memtape *m, unsigned i, const char *serial,
    unsigned partitions)
{
	struct memtape_volume *v = &m->volumes[i];

	snprintf(v->serial, sizeof v->serial, "%s", serial);
	v->partitions = partitions;
}

void memtape_size(struct memtape *m, unsigned i, uint64_t capacity_bytes,
    uint64_t warning_bytes)
{
	m->volumes[i].capacity_bytes = capacity_bytes;
	m->volumes[i].warning_bytes = warning_bytes;
}

struct tape_library *memtape_library(struct memtape *m)
{
	return &m->library;
}

uint64_t memtape_count(const struct memtape *m, enum memtape_what what)
{
	return m->counts[what] - m->sealing[what];
}

bool memtape_strayed(const struct memtape *m)
{
	return m->config.stray_nth > 0 && m->written >= m->config.stray_nth;
}

unsigned memtape_loaded(const struct memtape *m)
{
	return m->next;
}

void memtape_again(struct memtape *m)
{
	unsigned i;

	m->next = 0;
	for (i = 0; i < m->config.drives; i++)
		m->drives[i].avoided = false;
	for (i = 0; i < m->config.volumes; i++)
		m->volumes[i].changing = false;
}

const struct memtape_volume *memtape_volume(const struct memtape *m, unsigned i)
{
	return i < m->config.volumes ? &m->volumes[i] : NULL;
}

struct tape *memtape_reader(struct memtape *m, unsigned i)
{
	m->reader.volume = NULL;
	insert(&m->reader, &m->volumes[i]);
	return &m->reader.tape;
}

const char *memtape_complaint(const struct memtape *m)
{
	return m->complaint;
}
