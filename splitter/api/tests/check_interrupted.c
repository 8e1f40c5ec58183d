/*
 * check_interrupted.c: a dump that is cancelled at a call of its drive, as
 * SIGINT does it, and resumed again and again, with the tape driver and with SCSI
 * commands.  The call itself is interrupted, too.
 *
 * At whichever call: all that is called safe is on tape, and in the end the dump
 * is there, block for block.
 */
#include <check.h>
#include <string.h>

#include "splitter/api/tests/public_rig.h"
#include "splitter/st/tests/st_rig.h"
#include "splitter/tests/run_suite.h"

enum {
	PARTS = DUMP / (2 * BLOCK) + 1,
	TRIES = 20 /* how often a dump is interrupted */
};

static struct splitter *dump;
static unsigned left;       /* calls up to the interrupt; 0: none comes */
static unsigned interrupts; /* that came */
static uint64_t safe_bytes; /* of the last dump */
static struct splitter_part safe[PARTS];
static size_t safe_count;

static void before_call(void *arg)
{
	(void)arg;
	if (left == 0 || --left > 0)
		return;
	interrupts++;
	/* The library makes its last calls when the dump is freed. */
	if (dump != NULL)
		splitter_cancel(dump);
}

/*
 * Another process begins the dump, or resumes it, on the volume in the drive, and
 * is interrupted at call `at` (0: never).  Returns whether the dump is whole.
 */
static bool write_dump(bool by_commands, unsigned at)
{
	const struct fake_fault interrupted = { at, FAKE_INTERRUPTED, false };
	struct st_rig rig = { .by_commands = by_commands,
		.no_change = true,
		.fake = { .faults = &interrupted,
		    .fault_count = at > 0,
		    .before_call = before_call } };
	static const char *const name[] = { "MEM001L0" };
	uint64_t from = safe_bytes;
	const struct splitter_summary *end;
	bool whole;

	if (safe_count == 0) /* it begins again */
		pub.config.dump_id++;
	pub.config.library = st_rig_up(&rig, pub.tapes);
	pub.config.resume = safe_count > 0 ? safe : NULL;
	pub.config.resume_count = safe_count;
	pub.config.resume_volumes = safe_count > 0;
	pub.config.append = safe_count > 0 ? name : NULL;
	pub.config.append_count = safe_count > 0;
	pub.config.overwrite = safe_count > 0 ? NULL : name;
	pub.config.overwrite_count = safe_count == 0;
	left = at;
	dump = pub_begin();
	splitter_push(dump, pub.source + from, DUMP - from);
	splitter_eof(dump);
	end = splitter_wait(dump);
	whole = end->outcome == SPLITTER_DONE;
	ck_assert_msg(end->safe_bytes >= from, "call %u: %s", at, end->message);
	ck_assert_msg(whole || (at > 0 && left == 0), "call %u: %s", at,
	    end->message);
	safe_bytes = end->safe_bytes;
	for (safe_count = 0; safe_count < PARTS &&
	     splitter_get_part(dump, safe_count, &safe[safe_count],
		 sizeof safe[0]) == 0;)
		safe_count++;
	pub_check_safe(dump, safe_bytes);
	splitter_free(dump);
	dump = NULL;
	st_rig_down(&rig);
	return whole;
}

/* Returns how often the dump was interrupted, each time at call `at`. */
static unsigned interrupt_at(bool by_commands, unsigned at)
{
	unsigned tries = 0;

	pub_set_up(false);
	pub.config.part_bytes = 2 * BLOCK;
	pub.config.dump_id = 0;
	interrupts = 0;
	safe_count = 0;
	safe_bytes = 0;
	while (!write_dump(by_commands, tries < TRIES ? at : 0))
		ck_assert_uint_le(tries++, TRIES);
	ck_assert_uint_eq(safe_bytes, DUMP);
	pub_tear_down();
	return interrupts;
}

START_TEST(a_dump_that_is_interrupted_at_any_call_can_be_resumed)
{
	bool by_commands = _i == 1;
	unsigned at, count, all = 0;

	for (at = 1; (count = interrupt_at(by_commands, at)) > 0; at++)
		all += count;
	ck_assert_uint_gt(at, 40);
	ck_assert_uint_ge(all, 1000);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("interrupts");
	TCase *tcase = tcase_create("interrupts");

	tcase_set_timeout(tcase, 240);
	tcase_add_loop_test(tcase,
	    a_dump_that_is_interrupted_at_any_call_can_be_resumed, 0, 2);
	suite_add_tcase(s, tcase);
	return run_suite(s);
}
