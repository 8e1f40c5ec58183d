/* fake_sg.c: see fake_sg.h. */
#include "splitter/st/tests/fake_sg.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/big_endian.h"
#include "splitter/st/tests/fake_st_impl.h"

struct fake_sg {
	struct scsi_port port; /* first: cast to this */
	struct fake_st *f;
};

/* Sense data of an answer; key 0, asc 0, ascq 0 and no bits: GOOD. */
struct fake_check {
	uint8_t key, asc, ascq;
	bool filemark, eom, ili, deferred, has_information;
	int32_t information;
};

static const struct fake_check illegal = { .key = 5, .asc = 0x24 },
			       unsupported = { .key = 5, .asc = 0x20 },
			       locked = { .key = 5, .asc = 0x53, .ascq = 2 },
			       protected = { .key = 7, .asc = 0x27 },
			       write_error = { .key = 3, .asc = 0x0c },
			       read_error = { .key = 3, .asc = 0x11 };

static struct fake_check from_drive(const struct fake_sense *s, bool resets,
    bool writes)
{
	struct fake_check c = { .eom = s->eom,
		.filemark = s->mark,
		.deferred = s->deferred,
		.has_information = true,
		.information = (int32_t)s->undone };

	switch (s->key) {
	case KEY_NOT_READY:
		return (struct fake_check){ .key = 2, .asc = 0x3a };
	case KEY_ATTENTION:
		return (struct fake_check){ .key = 6,
			.asc = resets ? 0x29 : 0x28 };
	case KEY_ILLEGAL:
		return illegal;
	case KEY_MEDIUM:
		c.key = 3;
		c.asc = writes ? 0x0c : 0x11;
		break;
	case KEY_BLANK:
		c.key = 8;
		c.ascq = 5;
		break;
	case KEY_OVERFLOW:
		c.key = 0x0d;
		c.ascq = 2;
		break;
	case KEY_NONE:
		c.ascq = s->mark ? 1 : s->eom ? 2 : 0;
		break;
	}
	return c;
}

static void put_check(const struct fake_check *c, struct scsi_answer *a)
{
	a->status = SCSI_CHECK_CONDITION;
	a->raw[0] = (uint8_t)((c->has_information ? 0x80 : 0) |
	    (c->deferred ? 0x71 : 0x70));
	a->raw[2] = (uint8_t)(c->key | (c->filemark ? 0x80 : 0) |
	    (c->eom ? 0x40 : 0) | (c->ili ? 0x20 : 0));
	put_be(a->raw + 3, (uint64_t)(uint32_t)c->information, 4);
	a->raw[7] = 10;
	a->raw[12] = c->asc;
	a->raw[13] = c->ascq;
	a->raw_bytes = 18;
	scsi_sense_decode(a->raw, a->raw_bytes, &a->sense);
}

/* Stores data-in, as long as the command has room. */
static void put_data(const struct scsi_command *c, const void *data,
    uint32_t bytes, struct scsi_answer *a)
{
	uint32_t room = c->data_bytes < bytes ? c->data_bytes : bytes;

	memcpy(c->in, data, room);
	a->residual = c->data_bytes - room;
}

static uint64_t marks_before(const struct fake_st *f)
{
	uint64_t i, marks = 0;

	for (i = 0; i < f->at && f->volume != NULL; i++)
		marks += f->volume->objects[i].bytes == 0;
	return marks;
}

static void go_to_file(struct fake_st *f, uint64_t file, struct fake_sense *s)
{
	uint64_t i, marks = 0;

	memset(s, 0, sizeof *s);
	if (f->volume == NULL) {
		fake_drive_other(f, s);
		return;
	}
	for (i = 0; i < f->volume->count && marks < file; i++)
		marks += f->volume->objects[i].bytes == 0;
	fake_drive_go(f, marks == file ? i : f->volume->count + 1, s);
}

/* Returns what READ is answered with. */
static bool read_block(struct fake_st *f, const struct scsi_command *c,
    struct fake_sense *s, struct fake_check *check, struct scsi_answer *a)
{
	const struct memtape_object *o = fake_drive_read(f, s);

	a->residual = c->data_bytes;
	if (o == NULL || o->bytes == 0)
		return false;
	put_data(c, o->data, (uint32_t)o->bytes, a);
	if (o->bytes == c->data_bytes)
		return false;
	*check = (struct fake_check){ .ili = true,
		.has_information = true,
		.information =
		    (int32_t)((int64_t)c->data_bytes - (int64_t)o->bytes) };
	return true;
}

static bool read_position(struct fake_st *f, const struct scsi_command *c,
    struct fake_sense *s, struct scsi_answer *a)
{
	uint8_t data[32] = { 0 };
	uint64_t object = 0;

	fake_drive_tell(f, false, &object, s);
	if (s->check)
		return true;
	if (c->cdb[1] == 6) {
		put_be(data + 8, object, 8);
		put_be(data + 16, marks_before(f), 8);
		put_data(c, data, 32, a);
	} else {
		put_be(data + 4, object, 4);
		put_data(c, data, 20, a);
	}
	return true;
}

static void mode_sense(struct fake_st *f, const struct scsi_command *c,
    struct fake_sense *s, struct scsi_answer *a)
{
	uint8_t data[20] = { 0, 14, [7] = 8 };

	data[3] = (uint8_t)(0x10 |
	    (f->volume != NULL && f->volume->kind == MEMTAPE_PROTECTED ? 0x80
								       : 0));
	data[2] = f->config.medium_type;
	if ((c->cdb[2] & 0x3f) == 0x1d && f->config.worm_page) {
		data[1] = 18;
		data[16] = 0x1d;
		data[17] = 2;
		data[18] = 1;
	}
	fake_drive_other(f, s);
	if (!s->check)
		put_data(c, data, (uint32_t)data[1] + 2, a);
}

/* LOAD UNLOAD: what is unloaded stays in the mouth of the drive. */
static bool load(struct fake_st *f, bool loads, struct fake_sense *s,
    struct fake_check *check)
{
	if (loads && f->volume == NULL && f->mouth != NULL) {
		f->volume = f->mouth;
		f->mouth = NULL;
		f->at = 0;
		f->safe = f->volume->count;
		f->attention = ATTENTION_MEDIUM;
		return false;
	}
	fake_drive_go(f, 0, s);
	if (loads || s->check)
		return false;
	if (f->locked) {
		*check = locked;
		return true;
	}
	f->mouth = f->volume;
	f->volume = NULL;
	return false;
}

/*
 * Carries out a command.  Returns true if `check` is its answer, else the
 * answer is in `s`.
 */
static bool carry_out(struct fake_st *f, const struct scsi_command *c,
    struct fake_sense *s, struct fake_check *check, struct scsi_answer *a)
{
	static const uint8_t inquiry[36] = { 0x01, 0x80, 6, 2, 31, 0, 0, 0, 'F',
		'A', 'K', 'E', ' ', ' ', ' ', ' ', 'D', 'R', 'I', 'V', 'E', ' ',
		' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ', '1', '.', '0',
		'0' };
	uint8_t limits[6] = { 0 };

	switch (c->cdb[0]) {
	case 0x12:
		put_data(c, inquiry, sizeof inquiry, a);
		*check = illegal;
		return c->cdb[1] != 0;
	case 0x05:
		put_be(limits + 1, f->config.block_max_bytes, 3);
		put_be(limits + 4, f->config.block_min_bytes, 2);
		put_data(c, limits, sizeof limits, a);
		return false;
	case 0x00:
		fake_drive_other(f, s);
		return false;
	case 0x01:
		fake_drive_go(f, 0, s);
		return false;
	case 0x08:
		return read_block(f, c, s, check, a);
	case 0x0a:
		*check = protected;
		if (f->volume != NULL && f->volume->kind == MEMTAPE_PROTECTED)
			return true;
		fake_drive_write(f, c->out, c->data_bytes, s);
		return false;
	case 0x10:
		fake_drive_mark(f, (unsigned)get_be24(c->cdb + 2),
		    (c->cdb[1] & 1) == 0, s);
		return false;
	case 0x11:
		if (c->cdb[1] == 3)
			fake_drive_go(f, UINT64_MAX, s);
		else if (c->cdb[1] == 1)
			fake_drive_space_marks(f, (long)get_be24(c->cdb + 2),
			    s);
		else
			fake_drive_space_blocks(f, (long)get_be24(c->cdb + 2),
			    s);
		return false;
	case 0x1b:
		return load(f, c->cdb[4] & 1, s, check);
	case 0x1e:
		fake_drive_lock(f, c->cdb[4] & 1, s);
		return false;
	case 0x34:
		*check = illegal;
		return !read_position(f, c, s, a);
	case 0x55:
		fake_drive_other(f, s);
		return false;
	case 0x5a:
		mode_sense(f, c, s, a);
		return false;
	case 0x92:
		*check = unsupported;
		if (f->config.fast_eom) /* an old drive */
			return true;
		go_to_file(f, get_be64(c->cdb + 4), s);
		return false;
	default:
		*check = unsupported;
		return true;
	}
}

static void lose(struct scsi_answer *a, enum scsi_outcome outcome, int err)
{
	memset(a, 0, sizeof *a);
	a->outcome = outcome;
	a->error = err;
	a->host = outcome == SCSI_LOST ? 3 : 0;
}

/* What a failure makes of the answer before the drive has the command. */
static bool fails_before(enum fake_way way, int err,
    const struct scsi_command *c, struct scsi_answer *a)
{
	switch (err) {
	case 0:
		return false;
	case ENXIO:
		lose(a, SCSI_NOT_SENT, ENXIO);
		return true;
	case EBUSY:
		lose(a, SCSI_NOT_SENT, ENOMEM);
		return true;
	case EINTR:
		a->status = SCSI_BUSY;
		return true;
	}
	if (way == FAKE_INTERRUPTED)
		lose(a, SCSI_LOST, ETIMEDOUT);
	else
		put_check(c->direction == SCSI_DATA_IN ? &read_error
						       : &write_error,
		    a);
	return true;
}

static void execute(struct scsi_port *port, const struct scsi_command *c,
    struct scsi_answer *a)
{
	struct fake_st *f = ((struct fake_sg *)port)->f;
	struct fake_check check = { .key = 0 };
	struct fake_sense s = { .check = false };
	enum fake_way way;
	bool resets, decided;
	int err;

	a->began_ns = f->now_ns;
	a->outcome = SCSI_ANSWERED;
	a->has_residual = !f->config.no_sg;
	way = fake_next_fault(f, &err);
	if (!fails_before(way, err, c, a)) {
		resets = f->attention == ATTENTION_RESET;
		decided = carry_out(f, c, &s, &check, a);
		if (!decided && s.check)
			check = from_drive(&s, resets,
			    c->direction != SCSI_DATA_IN);
		if (decided || s.check)
			put_check(&check, a);
		if (fake_aftermath(f, way, 0) != 0)
			lose(a, SCSI_LOST, ETIMEDOUT);
	}
	if (!a->has_residual)
		a->residual = 0;
	a->done_ns = f->now_ns;
}

static int64_t clock_ns(struct scsi_port *port)
{
	return ((struct fake_sg *)port)->f->now_ns;
}

static bool sleep_ns(struct scsi_port *port, int64_t ns)
{
	((struct fake_sg *)port)->f->now_ns += ns;
	return true;
}

static int64_t waiting_ns(const struct scsi_port *port, const char **name)
{
	(void)port;
	*name = NULL;
	return 0;
}

static void close_port(struct scsi_port *port)
{
	free(port);
}

struct scsi_port *fake_sg_open(struct fake_st *f)
{
	static const struct scsi_port_ops ops = {
		.execute = execute,
		.clock_ns = clock_ns,
		.sleep_ns = sleep_ns,
		.waiting_ns = waiting_ns,
		.close = close_port,
	};
	struct fake_sg *p = calloc(1, sizeof *p);

	if (p == NULL)
		abort();
	p->port.ops = &ops;
	strcpy(p->port.name, "/dev/sg0");
	p->f = f;
	return &p->port;
}
