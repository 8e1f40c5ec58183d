/*
 * check_sg_reserve.c: the drive is reserved whenever something is written.
 *
 * Expected: a drive that was without power is reserved again before the next
 * volume is written.
 * Bug: it was reserved once, at the start; the next volumes were written while
 * another host could write on them, too.
 */
#include <check.h>
#include <string.h>

#include "splitter/scsi/commands.h"
#include "splitter/sg/tests/sg_stage.h"
#include "splitter/tests/run_suite.h"

static struct served_port *other_port;
static struct scsi_unit other;

static void begin(void)
{
	sgs.holds = true;
	sg_stage_begin(64, 8);
	sg_stage_write_files(1);
	other_port = served_port_open(sgs.served, 1, 1);
	served_port_clear_attentions(other_port);
	scsi_unit_init(&other, served_port_scsi(other_port));
}

static void end(void)
{
	served_port_close(other_port);
	sg_stage_down();
}

static bool other_writes(void)
{
	const struct scsi_command write = { .cdb = { 0x0a, 0, 0, 0, 9, 0 },
		.cdb_bytes = 6,
		.direction = SCSI_DATA_OUT,
		.out = "ninebytes",
		.data_bytes = 9,
		.name = "WRITE(6)" };

	return scsi_ask(&other, &write);
}

/* The drive loses power: with APTPL 0 all registrations are lost. */
static void lose_power(void)
{
	struct scsi_persistent p;
	struct scsi_unit own;

	scsi_unit_init(&own, served_port_scsi(sgs.port));
	ck_assert(scsi_send_persistent_read(&own, &p));
	ck_assert_uint_eq(p.count, 1);
	ck_assert(scsi_send_persistent_out(&own, SCSI_PERSISTENT_REGISTER,
	    p.registrants[0].key, 0));
	served_library_reset(sgs.served, 1);
}

static void other_reserves(void)
{
	ck_assert(scsi_send_persistent_out(&other, SCSI_PERSISTENT_REGISTER, 0,
	    0x0123456789abcdef));
	ck_assert(scsi_send_persistent_out(&other, SCSI_PERSISTENT_RESERVE,
	    0x0123456789abcdef, 0));
}

static void ck_reserved(void)
{
	ck_assert(!other_writes());
	ck_assert_uint_eq(other.answer.status, SCSI_RESERVATION_CONFLICT);
}

START_TEST(after_a_loss_of_power_the_next_volume_is_reserved)
{
	begin();
	ck_reserved();
	sg_stage_header();
	lose_power();
	sg_stage_run(2);
	sg_stage_ck(TAPE_POSITION_LOST);
	sgs.notice[0] = '\0';
	sg_stage_unload(TAPE_CLOSE_SUSPECT);
	sg_stage_load();
	ck_assert_msg(strstr(sgs.notice, "is reserved again") != NULL, "%s",
	    sgs.notice);
	ck_reserved();
	sg_stage_write_files(1);
	ck_reserved();
	sg_stage_unload(TAPE_CLOSE_GOOD);
	sg_stage_free();
	/* The end of the run ends it. */
	ck_assert(other_writes());
	end();
}
END_TEST

/* The same volume, when it is labelled after the loss. */
START_TEST(a_label_after_a_loss_of_power_is_reserved)
{
	begin();
	sg_stage_rewind();
	sg_stage_read(SG_BLOCK);
	sg_stage_ck(TAPE_OK);
	lose_power();
	sg_stage_label();
	sg_stage_ck(TAPE_POSITION_LOST);
	sg_stage_label();
	sg_stage_ck(TAPE_OK);
	ck_reserved();
	end();
}
END_TEST

START_TEST(a_drive_that_another_host_took_meanwhile_is_refused)
{
	begin();
	lose_power();
	other_reserves();
	sg_stage_header();
	sg_stage_ck(TAPE_POSITION_LOST);
	sg_stage_unload(TAPE_CLOSE_SUSPECT);
	ck_assert_ptr_null(sgs.library->ops->load(sgs.library, 0, &sgs.r));
	ck_assert_int_eq(sgs.r.cause, TAPE_NO_VOLUME);
	ck_assert_msg(strstr(sgs.r.message,
			  "the drive is reserved (exclusive access), key "
			  "0123456789abcdef") != NULL,
	    "%s", sgs.r.message);
	/* It keeps the drive. */
	ck_assert(other_writes());
	end();
}
END_TEST

/* The drive is asked for each volume, and not for each block. */
START_TEST(without_a_unit_attention_nothing_is_asked)
{
	unsigned asked;

	begin();
	sgs.notice[0] = '\0';
	asked = served_port_count(sgs.port, 0x5e);
	sg_stage_header();
	sg_stage_run(2);
	sg_stage_filemark();
	ck_assert_uint_eq(served_port_count(sgs.port, 0x5e), asked);
	sg_stage_unload(TAPE_CLOSE_GOOD);
	sg_stage_load();
	ck_assert_uint_gt(served_port_count(sgs.port, 0x5e), asked);
	ck_assert_uint_eq(sgs.notice[0], '\0');
	end();
}
END_TEST

/* A port whose drive answers BUSY until a time. */
static const struct scsi_port_ops *plain;
static int64_t busy_until_ns;

static void execute_if_idle(struct scsi_port *port,
    const struct scsi_command *command, struct scsi_answer *answer)
{
	if (port->ops->clock_ns(port) >= busy_until_ns) {
		plain->execute(port, command, answer);
		return;
	}
	answer->outcome = SCSI_ANSWERED;
	answer->status = SCSI_BUSY;
}

static void be_busy(int64_t ns)
{
	static struct scsi_port_ops busy;
	struct scsi_port *port = served_port_scsi(sgs.port);

	plain = port->ops;
	busy = *plain;
	busy.execute = execute_if_idle;
	port->ops = &busy;
	busy_until_ns = busy.clock_ns(port) + ns;
}

/*
 * Expected: a drive that answers BUSY while it loads the next volume is waited
 * for, as long as any drive that is not ready.
 * Bug: the reservation was looked at before, and a minute of BUSY ended the
 * dump.
 */
START_TEST(a_reserved_drive_that_is_busy_for_long_is_waited_for)
{
	sgs.options.load_wait_ns = INT64_C(960000000000);
	begin();
	sg_stage_unload(TAPE_CLOSE_FULL);
	lose_power();
	be_busy(INT64_C(90000000000));
	sg_stage_load();
	ck_reserved();
	sg_stage_write_files(1);
	end();
}
END_TEST

/* The next volume is in the drive, and not loaded. */
START_TEST(nothing_is_loaded_in_a_drive_that_another_host_took)
{
	unsigned loads;

	begin();
	sg_stage_unload(TAPE_CLOSE_FULL);
	lose_power();
	other_reserves();
	served_port_check(sgs.port, 0x00, false,
	    &(struct served_sense){
		.key = 2, .asc = 0x04, .ascq = 0x02, .information = -1 });
	loads = served_port_count(sgs.port, 0x1b);
	ck_assert_ptr_null(sgs.library->ops->load(sgs.library, 0, &sgs.r));
	sg_stage_ck(TAPE_NO_VOLUME);
	/* It names the drive once, and who has it. */
	ck_assert_msg(strstr(sgs.r.message,
			  "/dev/sg1: the drive is reserved (exclusive access), "
			  "key 0123456789abcdef") == sgs.r.message,
	    "%s", sgs.r.message);
	ck_assert_uint_eq(served_port_count(sgs.port, 0x1b), loads);
	end();
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sg_reserve");
	TCase *t = tcase_create("sg_reserve");

	tcase_add_test(t, after_a_loss_of_power_the_next_volume_is_reserved);
	tcase_add_test(t, a_label_after_a_loss_of_power_is_reserved);
	tcase_add_test(t, a_drive_that_another_host_took_meanwhile_is_refused);
	tcase_add_test(t, without_a_unit_attention_nothing_is_asked);
	tcase_add_test(t, a_reserved_drive_that_is_busy_for_long_is_waited_for);
	tcase_add_test(t, nothing_is_loaded_in_a_drive_that_another_host_took);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
