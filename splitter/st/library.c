/* library.c: a library of one drive of the tape driver. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/st/impl.h"

struct st_library {
	struct real_library base; /* first: cast to this */
	struct st st;
};

static struct st *st_of(struct real_drive *drive)
{
	return (struct st *)drive;
}

static int64_t clock_ns(struct real_drive *drive)
{
	const struct st *st = st_of(drive);

	return st->sys->clock_ns(st->sys->arg);
}

static int open_drive(struct real_drive *drive, struct tape_result *r)
{
	return st_open(st_of(drive), r);
}

static void close_drive(struct real_drive *drive, struct tape_result *r)
{
	st_close(st_of(drive), r);
}

static int ask_position(struct real_drive *drive, uint64_t *object)
{
	return st_get_position(st_of(drive), object);
}

static void fail_ask(struct real_drive *drive, struct tape_result *r,
    const char *doing, int err)
{
	st_fail_write(st_of(drive), r, doing, err);
}

static bool rewind_tape(struct real_drive *drive, struct tape_result *r)
{
	int err = st_rewind(st_of(drive));

	if (err != 0)
		st_fail_read(st_of(drive), r, "rewind", err);
	return err == 0;
}

static bool go_to_file(struct real_drive *drive, uint64_t file,
    const char *doing, struct tape_result *r)
{
	st_locate_file(st_of(drive), file, doing, r);
	return r->cause == TAPE_OK;
}

static bool pass_blocks(struct real_drive *drive, uint64_t blocks,
    const char *doing, struct tape_result *r)
{
	int err = st_command(st_of(drive), MTFSR, (int)blocks, doing);

	if (err != 0)
		st_fail_read(st_of(drive), r, doing, err);
	return err == 0;
}

static void read_object(struct real_drive *drive, void *buf, uint64_t buf_bytes,
    struct tape_result *r)
{
	st_read_object(st_of(drive), buf, buf_bytes, r);
}

static bool set_door(struct real_drive *drive, bool lock, char *why,
    size_t why_bytes)
{
	return st_set_door(st_of(drive), lock, why, why_bytes);
}

static const struct real_ops real_ops = {
	.clock_ns = clock_ns,
	.open = open_drive,
	.close = close_drive,
	.ask_position = ask_position,
	.fail_ask = fail_ask,
	.rewind = rewind_tape,
	.go_to_file = go_to_file,
	.pass_blocks = pass_blocks,
	.read = read_object,
	.set_door = set_door,
};

static const struct tape_ops tape_ops = {
	.name = "st",
	.limits = real_limits,
	.position = real_position,
	.label = st_op_label,
	.start_file = st_op_start_file,
	.write = st_op_write,
	.filemark = st_op_filemark,
	.read = real_op_read,
	.locate = real_op_locate,
	.locate_eod = st_op_locate_eod,
	.rewind = real_op_rewind,
	.identity = st_op_identity,
	.condition = st_op_condition,
	.format = st_op_format,
};

/* Finds the name of the device in sysfs.  The path may be a symbolic link. */
static void find_name(struct st *st)
{
	char *path = realpath(st->drive.device, NULL);
	const char *from = path != NULL ? path : st->drive.device;
	const char *slash = strrchr(from, '/');

	snprintf(st->name, sizeof st->name, "%s",
	    slash != NULL ? slash + 1 : from);
	free(path);
}

struct tape_library *st_library_new(const char *device,
    const struct real_options *options, const struct device_calls *sys)
{
	struct st_library *l = calloc(1, sizeof *l);

	if (l == NULL)
		return NULL;
	l->st.drive.tape.ops = &tape_ops;
	l->st.drive.ops = &real_ops;
	l->st.drive.options = *options;
	l->st.drive.device = device;
	real_library_init(&l->base, &l->st.drive);
	l->st.sys = sys != NULL ? sys : &device_calls_system;
	l->st.fd = -1;
	atomic_init(&l->st.call_begun_ns, 0);
	atomic_init(&l->st.call, NULL);
	find_name(&l->st);
	return &l->base.library;
}

int st_library_probe(struct tape_library *library, uint64_t block_bytes,
    char *err, size_t err_bytes)
{
	struct st *st = &((struct st_library *)library)->st;
	struct tape_result r;
	int failed;

	real_begin(&st->drive.tape, 0, &r);
	failed = st_probe(st, block_bytes, &r);
	if (failed == 0 || failed == ENOMEDIUM)
		return 0;
	snprintf(err, err_bytes, "%s", r.message);
	return -1;
}

void st_library_free(struct tape_library *library)
{
	struct st_library *l = (struct st_library *)library;

	if (l != NULL && l->base.out) {
		st_end_file(&l->st);
		real_unlock(&l->st.drive);
		st_restore_settings(&l->st);
	}
	if (l != NULL && l->st.fd != -1)
		st_close_node(&l->st);
	free(l);
}

int64_t st_library_waiting_ns(const struct tape_library *library,
    const char **doing)
{
	const struct st *st = &((const struct st_library *)library)->st;
	int64_t begun_ns = atomic_load(&st->call_begun_ns);

	*doing = begun_ns == 0 ? NULL : atomic_load(&st->call);
	return *doing == NULL ? 0 : st->sys->clock_ns(st->sys->arg) - begun_ns;
}
