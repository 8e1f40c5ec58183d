/*
 * check_fake_st.c: the simulated driver behaves as the real one; fake_st.h has
 * the list of rules, and each row of st_rows.h has the name of its rule.
 */
#include <check.h>
#include <string.h>

#include "splitter/st/tests/st_rows.h"
#include "splitter/tests/run_suite.h"

enum { BLOCK = 4096 };

static void act(void *arg, char way)
{
	struct fake_st *f = arg;

	if (way == 'L')
		fake_st_lock(f);
	else
		fake_st_fail(f, 0,
		    way == 'l'       ? FAKE_LOSE
			: way == 'M' ? FAKE_LOSE_LATE
			: way == 'S' ? FAKE_LOSE_SILENTLY
			: way == 'R' ? FAKE_RESET
			: way == 'T' ? FAKE_TAKEN_OUT
			: way == 'B' ? FAKE_PUT_BACK
			: way == 'X' ? FAKE_EXCHANGED
				     : FAKE_ZONE_ERROR);
}

START_TEST(the_driver_answers_as_the_real_one)
{
	const struct st_row *row = &st_rows[_i];
	const struct memtape_config tapes = { .drives = 1,
		.volumes = row->blocks > 0,
		.block_bytes = BLOCK,
		.capacity_bytes = (uint64_t)row->blocks * BLOCK,
		.warning_bytes = row->warning == 0
		    ? MEMTAPE_NO_WARNING
		    : (uint64_t)row->warning * BLOCK };
	struct fake_st_config config = row->fake;
	char text[ST_ROWS_TEXT_BYTES] = "";
	struct st_player player = {
		.device = "/dev/nst0", .block_bytes = BLOCK, .act = act
	};
	struct fake_st *f;

	config.tapes = memtape_new(&tapes);
	if (row->kind == MEMTAPE_PROTECTED)
		memtape_prepare(config.tapes, 0, row->kind);
	f = fake_st_new(&config);
	player.sys = fake_st_sys(f);
	player.act_arg = f;
	st_rows_play(&player, row->script, text);
	ck_assert_msg(strcmp(text, row->answers) == 0,
	    "%s: %s\n%s\nbut is\n"
	    "%s",
	    row->name, row->script, row->answers, text);
	fake_st_free(f);
	memtape_free(config.tapes);
}
END_TEST

START_TEST(a_note_on_the_real_driver_is_about_a_row)
{
	unsigned i, j, found;

	for (i = 0; i < st_rows_real_count; i++) {
		found = 0;
		for (j = 0; j < st_rows_count; j++)
			found +=
			    strcmp(st_rows_real[i].name, st_rows[j].name) == 0;
		ck_assert_msg(found == 1, "%s: %u rows", st_rows_real[i].name,
		    found);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("the fake tape driver");
	TCase *tc = tcase_create("lines");

	tcase_add_loop_test(tc, the_driver_answers_as_the_real_one, 0,
	    (int)st_rows_count);
	tcase_add_test(tc, a_note_on_the_real_driver_is_about_a_row);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
