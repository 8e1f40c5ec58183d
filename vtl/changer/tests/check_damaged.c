/* check_damaged.c: a library.db that tapelab would not write is refused. */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "splitter/tests/run_suite.h"
#include "vtl/changer/changer.h"
#include "vtl/tests/vtl_scratch.h"

static char message[VOLUME_MESSAGE_BYTES];

/* Changes of library.db, and the message for each. */
#define CARTRIDGE(barcode, file, address)   \
	"insert into cartridges (barcode, " \
	"file, address) values ('" barcode "', " file ", " address ")"

static const struct {
	const char *sql;
	const char *says;
} damages[] = {
	{ "pragma application_id = 7", "not a library of tapelab" },
	{ "pragma user_version = 9", "made by a newer tapelab" },
	{ "drop table library", "is damaged" },
	{ "drop table cartridges", "is damaged" },
	{ "update elements set model = 'vhs' where kind = 'drive'",
	    "does not know: vhs" },
	{ "update elements set model = null where kind = 'drive'",
	    "does not know" },
	{ "update elements set profile = 'name: x' where kind = 'drive'",
	    "its library.db is damaged: the profile of a drive:1:1: " },
	{ "update elements set profile = '' where kind = 'drive'",
	    "column elements.profile has an" },
	{ "update elements set profile = x'00' where kind = 'drive'",
	    "column elements.profile has an" },
	{ "create trigger t after update on elements begin delete from "
	  "cartridges; end",
	    "other tables, indices, views or triggers" },
	{ "create view v as select 1", "other tables, indices, views or" },
	{ "delete from library", "has not exactly one row" },
	{ "update library set move_ns = -1", "column library.move_ns has an" },
	{ "update library set move_ns = 1 << 62",
	    "column library.move_ns has an" },
	{ "update elements set number = 7 where kind = 'drive'",
	    "does not match its kind and number" },
	{ "update elements set kind = 'slot' where kind = 'drive'",
	    "does not match its kind and number" },
	{ "update elements set address = 5000 where kind = 'slot' and number = "
	  "2",
	    "does not match its kind and number" },
	{ "delete from elements where kind = 'drive'", "not numbered from 0" },
	{ "update elements set address = 257, number = 1 where kind = 'drive'",
	    "not numbered from 0" },
	{ "update elements set open = 'yes'", "column elements.open has an" },
	{ "update elements set loads = -1", "column elements.loads has an" },
	{ CARTRIDGE("V/1", "'V/1.tape'", "1024"),
	    "the barcode of a volume is not" },
	{ CARTRIDGE("", "'.tape'", "1024"), "column cartridges.barcode has" },
	{ CARTRIDGE("V1", "'../home/id_rsa'", "1024"),
	    "does not match its barcode" },
	{ CARTRIDGE("V1", "'library.db'", "1024"),
	    "does not match its barcode" },
	{ CARTRIDGE("V1", "x'00'", "1024"), "does not match its barcode" },
	{ CARTRIDGE("V1", "'V1.tape'", "9999"),
	    "an address that is no element" },
	{ CARTRIDGE("V1", "'V1.tape'", "1"), "an address that is no element" },
	{ CARTRIDGE("V1", "'V1.tape'", "1024") "; update cartridges set uses = "
					       "-1",
	    "column cartridges.uses has an" },
	{ CARTRIDGE("V1", "'V1.tape'", "1024") "; update cartridges set id = "
					       "-1",
	    "column cartridges.id has an" },
	{ "insert into robot_faults values (1, 'stuck', -1, 0, 0)",
	    "column robot_faults.move has an" },
	{ "insert into behaviour values (0, 'residual', -1)",
	    "column behaviour.value has an" },
	{ "insert into drive_faults values (1, 0, null, 'write', 'fail', 1, 0, "
	  "0, 0, 0, 0, 0, 99, 0, 0, 0, 0, 0, 0, 0)",
	    "column drive_faults.sense_key has an" },
	{ "insert into drive_faults values (1, 0, null, 'write', 'fail', 1, 0, "
	  "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
	    "mode fail has no sense key" },
	{ "update elements set model = x'4c54', kind = 'drive' where kind = "
	  "'drive'",
	    "column elements.model has an" },
	{ "update elements set cleanings = 1.5", "column elements.cleanings" },
	{ "insert into clients (pid, program) values (1, char(27))",
	    "column clients.program has an" },
	{ "insert into clients (pid, program, host) values (1, 'a', char(127))",
	    "column clients.host has an" },
	{ "insert into drive_faults values (1, 0, null, 'write', 'hang', 1, 0, "
	  "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 << 62, 0)",
	    "column drive_faults.duration_ns has an" },
	{ "insert into drive_faults values (1, 0, null, 'write', 'hang', 1, 0, "
	  "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1)",
	    "column drive_faults.strikes has an" },
	{ "update elements set serial = null where kind = 'drive'",
	    "has no serial number" },
	{ "update elements set serial = 'TL0' where kind in ('robot', 'drive')",
	    "same serial number" },
	{ "update elements set naa = '3000000000000001' where kind in "
	  "('robot', 'drive')",
	    "same NAA" },
	{ "update elements set naa = 'F000000000000001' where kind = 'robot'",
	    "an NAA is not" },
	{ "update elements set vendor = 'too long, it is' where kind = 'robot'",
	    "column elements.vendor has an" },
};

START_TEST(a_damaged_library_is_reported)
{
	const struct model *model = model_find("lto8");
	const struct changer_spec spec = {
		.drives = &model, .drive_count = 1, .slot_count = 2
	};
	struct changer_element *e;
	struct changer *c;
	size_t n;

	ck_assert_msg(changer_create(scratch_path("lib"), &spec, false,
			  message) == 0,
	    "%s", message);
	scratch_sql("lib/library.db", damages[_i].sql);
	c = changer_open(scratch_path("lib"), "a test", true, false, message);
	if (c != NULL) {
		ck_assert_int_eq(changer_list(c, &e, &n), CHANGER_ERROR);
		snprintf(message, sizeof message, "%s", changer_message(c));
	}
	ck_assert_msg(strstr(message, damages[_i].says) != NULL, "%s", message);
	changer_close(c);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("damaged");
	TCase *t = tcase_create("damaged");

	suite_add_tcase(s, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, scratch_setup, scratch_teardown);
	tcase_add_loop_test(t, a_damaged_library_is_reported, 0,
	    sizeof damages / sizeof damages[0]);
	return run_suite(s);
}
