/*
 * check_calibrate_midrun.c: a person takes the cartridge out in the middle of a
 * calibration, or exchanges it; the drive is not ready any more, or hangs.  The
 * run ends with the reason, keeps what it has measured, and writes nothing more.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/calibrate/calibrate.h"
#include "splitter/scsi/commands.h"
#include "splitter/scsi/tests/served_port.h"
#include "splitter/sg/sg.h"
#include "splitter/tests/run_suite.h"

enum {
	DATA_BYTES = 8 << 20,
	LARGEST_BYTES = 256 << 10,
	UNITS_BEFORE =
	    7, /* measured before it happens: of the host, and more */
	WRITE = 0x0a,
	WRITE_FILEMARKS = 0x10
};

static struct served_library *library;
static struct served_port *served;
static struct calibrate_result r;
static unsigned units, writes, filemarks;

/* By force: the door is locked. */
static void eject(void)
{
	struct scsi_unit unit;

	scsi_unit_init(&unit, served_port_scsi(served));
	ck_assert(scsi_send_prevent(&unit, false));
	served_library_take(library, 0);
}

static void exchange(void)
{
	eject();
	served_library_load(library, 0, 1);
}

static void become_unready(void)
{
	served_port_instead(served,
	    &(struct served_instead){ .opcode = -1,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_CHECK_CONDITION,
		.sense = { 0x70, 0, 2, 0, 0, 0, 0, 10, 0, 0, 0, 0, 4, 3 },
		.sense_bytes = 18,
		.for_good = true });
}

static void hang(void)
{
	served_port_instead(served,
	    &(struct served_instead){ .opcode = -1,
		.outcome = SCSI_LOST,
		.error = ETIMEDOUT,
		.for_good = true });
}

static const struct midrun_case {
	void (*happens)(void);
	const char *says;
} cases[] = {
	{ eject, "the drive was reset, or its cartridge was removed" },
	{ exchange, "the drive was reset, or its cartridge was removed" },
	{ become_unready, "manual intervention required" },
	{ hang, "no answer of the device (Connection timed out)" },
};

static const struct midrun_case *now_case;

static struct scsi_port *open_port(void *arg, uint32_t *largest_bytes,
    char *err, size_t err_bytes)
{
	(void)arg;
	(void)err;
	(void)err_bytes;
	*largest_bytes = LARGEST_BYTES;
	return served_port_scsi(served);
}

static void close_port(void *arg, struct scsi_port *port)
{
	(void)arg;
	(void)port;
}

static int64_t now(void *arg)
{
	(void)arg;
	return served_library_now_ns(library);
}

static void sleep_until(void *arg, int64_t at_ns)
{
	(void)arg;
	if (at_ns > served_library_now_ns(library))
		served_library_sleep(library,
		    at_ns - served_library_now_ns(library));
}

/* A measurement is safe; after some of them it happens. */
static int record(void *arg, const char *unit, const double *samples,
    size_t count, char *err, size_t err_bytes)
{
	(void)arg;
	(void)unit;
	(void)samples;
	(void)count;
	(void)err;
	(void)err_bytes;
	if (++units != UNITS_BEFORE)
		return 0;
	now_case->happens();
	writes = served_port_count(served, WRITE);
	filemarks = served_port_count(served, WRITE_FILEMARKS);
	return 0;
}

static struct tape *load(struct tape_library *tapes)
{
	static char label[32 << 10] = "label";
	struct tape_result result;
	struct tape *tape = tapes->ops->load(tapes, 0, &result);

	ck_assert_msg(tape != NULL, "%s", result.message);
	tape->ops->label(tape, label, sizeof label, 0, &result);
	ck_assert_msg(result.cause == TAPE_OK, "%s", result.message);
	return tape;
}

START_TEST(the_run_ends_and_nothing_more_is_written)
{
	const struct served_library_spec spec = { .takes_time = true };
	const struct sg_access access = { .open = open_port,
		.close = close_port };
	const struct real_options options = { .load_wait_ns =
						  INT64_C(960000000000) };
	struct calibrate_config config = { .clock = { now, sleep_until, NULL },
		.base = model_find("lto8"),
		.data_bytes = DATA_BYTES,
		.record = record };
	struct tape_library *tapes;
	struct tape_result result;
	struct tape *tape;

	now_case = &cases[_i];
	units = 0;
	library = served_library_new(&spec);
	served_library_load(library, 0, 0);
	served = served_port_open(library, 1, 0);
	tapes = sg_library_new("/dev/sg1", &options, &access);
	tape = load(tapes);
	config.tape = tape;
	config.data = calloc(1, DATA_BYTES);
	config.medium = &config.base->media[0];
	config.now_ns = served_library_now_ns(library);
	calibrate_run(&config, &r);
	ck_assert_int_eq(r.end, CALIBRATE_FAILED);
	ck_assert_msg(strncmp(r.message, "blocks: /dev/sg1: ", 18) == 0, "%s",
	    r.message);
	ck_assert_msg(strstr(r.message, now_case->says) != NULL, "%s",
	    r.message);
	ck_assert_uint_eq(units, UNITS_BEFORE);
	tapes->ops->unload(tapes, tape, TAPE_CLOSE_REFUSED, 0, &result);
	/* The command that met it, which the drive has not executed. */
	ck_assert_uint_le(served_port_count(served, WRITE) +
		served_port_count(served, WRITE_FILEMARKS),
	    writes + filemarks + 1);
	calibrate_result_clear(&r);
	free((void *)(uintptr_t)config.data);
	sg_library_free(tapes);
	served_port_close(served);
	served_library_free(library);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("calibrate_midrun");
	TCase *t = tcase_create("calibrate_midrun");

	tcase_add_loop_test(t, the_run_ends_and_nothing_more_is_written, 0,
	    sizeof cases / sizeof *cases);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
