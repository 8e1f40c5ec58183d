/* check_fault_errors.c: the messages for invalid faults of a scenario. */
#include <check.h>
#include <string.h>

#include "sim/tests/scenario_text.h"
#include "splitter/tests/run_suite.h"

/* Lines 1 to 3 of the scenarios of all rows. */
#define GOOD                                                         \
	"title: t\n"                                                 \
	"library: {drives: [instant], volumes: {capacity: 1 GiB}}\n" \
	"dump: {size: 1 GiB}\n"

#define SIZES "B, kB, MB, GB, TB, KiB, MiB, GiB, TiB"
#define FAULTS                                                  \
	"write, read, slow, corrupt, block, header, filemark, " \
	"label, load, move, barcode, drive, spool_write, "      \
	"spool_read, slice, slice_announcement, producer, stall, cancel"
#define SPOOL  "splitter: {part: 1 MiB, cache: spool}\n"
#define SLICES "splitter: {cache: slices}\n"

static const struct row {
	const char *text;
	const char *errors; /* all of them, each with its newline */
} rows[] = {
	{ GOOD "faults: 3\n",
	    "4:9: faults: must be a list; begin each entry with \"- \", such "
	    "as - {volume: 2, at: 1 GiB, fail: write}\n" },
	{ GOOD "faults: [{}, {fail: write}, 5]\n",
	    "4:10: a fault needs the key \"fail\"\n"
	    "4:14: a write fault needs the key \"volume\"\n"
	    "4:14: a write fault needs the key \"at\" or \"block\"\n"
	    "4:29: a fault must be a mapping of keys, each followed by \": \" "
	    "and a value; the keys are fail, dump, volume, nth, at, cause, "
	    "mode, duration, after_time, once, unreached, block, file, partition, "
	    "length, sense, "
	    "recover_after, one_in, slowdown, operation, drive, every, "
	    "after_bytes, deferred, to_block\n" },
	{ GOOD "faults: [{fail: write, volume: 1, block: 2, partition: 1}]\n",
	    "4:56: partition: a volume of a scenario has only partition 0\n" },
	{ GOOD "faults: [{fail: barcode, volume: 2}]\n",
	    "4:34: volume: the library has only 1; this is the place in the "
	    "list of volumes, from 1\n" },
	{ GOOD "faults: [{volume: 2, at: 1 B, fail: write}]\n",
	    "4:19: volume: the library has only 1; this is the place in the "
	    "list of volumes, from 1\n" },
	{ GOOD "faults: [{volume: 1, at: 1 GiB, fail: write}]\n",
	    "4:26: at: never reached; volume 1 ends at 1 GiB\n" },
	{ "title: t\n"
	  "library: {drives: [instant], volumes: {capacity: 1 GiB}, "
	  "limit: {capacity: 2 MiB}}\n"
	  "dump: {size: 1 GiB}\n"
	  "faults: [{volume: 1, at: 2 MiB, fail: write}]\n",
	    "4:26: at: never reached; volume 1 ends at 2 MiB\n" },
	{ GOOD "faults: [{volume: 1, at: 1 B, fail: boom, sense: "
	       "medium_eror, once: yes}]\n",
	    "4:37: fail: unknown value \"boom\"; use one of " FAULTS "\n"
	    "4:50: sense: unknown value \"medium_eror\"; did you mean "
	    "\"medium_error\"?\n"
	    "4:69: once: unknown value \"yes\"; use one of false, true\n" },
	{ GOOD "faults: [{volume: 1, at: 1 B, fail: write, sense: "
	       "end_of_data}]\n",
	    "4:51: sense: end_of_data does not make an operation fail; use, "
	    "for example, medium_error\n" },
	{ GOOD "faults: [{volume: 1, at: 1 B, block: 2, fail: read, "
	       "recover_after: 1, "
	       "once: true}, {volume: 1, file: 3, fail: corrupt}]\n",
	    "4:10: a read fault takes only one of the keys \"at\" or "
	    "\"block\"\n"
	    "4:10: a read fault takes only one of the keys \"once\", "
	    "\"recover_after\" or \"one_in\"\n"
	    "4:84: a corrupt fault needs the key \"at\" or \"block\"\n"
	    "4:102: file: needs the key \"block\", a block of this file\n" },
	{ GOOD "faults: [{volume: 1, at: 0, length: 0, fail: slow, slowdown: "
	       "1}, "
	       "{volume: 1, block: 1, length: 1 B, fail: slow, once: true}]\n",
	    "4:37: length: too small; at least 1 B\n"
	    "4:62: slowdown: \"1\" is out of range; it is from 2 to 1000000\n"
	    "4:66: a slow fault needs the key \"slowdown\"\n"
	    "4:96: length: \"1 B\" is not a whole number without a unit\n"
	    "4:113: unknown key \"once\" in a slow fault; use one of fail, "
	    "volume, at, block, file, partition, length, slowdown, unreached\n" },

	{ GOOD "faults: [{fail: block, nth: 0, volume: 1}, {fail: heder, nth: "
	       "1}]\n",
	    "4:29: nth: \"0\" is out of range; it is from 1 to "
	    "18446744073709551615\n"
	    "4:32: unknown key \"volume\" in a block fault; use one of fail, "
	    "dump, nth, cause, once, unreached\n"
	    "4:51: fail: unknown value \"heder\"; did you mean \"header\"?\n" },
	{ GOOD "faults: [{fail: label, nth: 1, cause: PEOM}, {fail: load, "
	       "nth: 1, cause: broken}]\n",
	    "4:39: cause: unknown value \"PEOM\"; did you mean \"peom\"?\n"
	    "4:74: cause: unknown value \"broken\"; use one of medium_error, "
	    "peom, deferred_error, hardware_error, position_lost, unknown_error, "
	    "write_protected, storage_failed\n" },
	{ GOOD "faults: [{fail: move, mode: stuk, nth: 0, cause: peom}, {fail: "
	       "move}, {fail: mov, mode: stuck}]\n",
	    "4:29: mode: unknown value \"stuk\"; did you mean \"stuck\"?\n"
	    "4:40: nth: \"0\" is out of range; it is from 1 to "
	    "18446744073709551615\n"
	    "4:43: unknown key \"cause\" in a move fault; use one of fail, "
	    "nth, mode, once, unreached\n"
	    "4:57: a move fault needs the key \"nth\"\n"
	    "4:57: a move fault needs the key \"mode\"\n"
	    "4:78: fail: unknown value \"mov\"; did you mean \"move\"?\n" },
	{ GOOD "faults: [{fail: drive, operation: read, nth: 1, mode: move}, "
	       "{fail: drive, operation: write, nth: 1, to_block: 3}]\n",
	    "4:10: a drive fault with mode: move is not allowed with "
	    "operation: read\n"
	    "4:112: to_block: only with mode: move\n" },
	{ GOOD "faults: [{fail: filemark, once: true}]\n",
	    "4:10: a filemark fault needs the key \"nth\"\n" },
	{ GOOD "faults: [{fail: block, nth: 1, at: 1 B, sense: reset}]\n",
	    "4:32: unknown key \"at\" in a block fault; use one of fail, "
	    "dump, nth, cause, once, unreached\n"
	    "4:41: unknown key \"sense\" in a block fault; use one of fail, "
	    "dump, nth, cause, once, unreached\n" },
	{ GOOD "faults: [{fail: spool_write, at: 1 B}, {fail: slice, nth: 1, "
	       "mode: missing}]\n",
	    "4:17: fail: spool_write needs cache: spool in the splitter\n"
	    "4:47: fail: slice needs cache: slices in the splitter\n" },
	{ GOOD SLICES "faults: [{fail: spool_read, at: 1 B}]\n",
	    "5:17: fail: spool_read needs cache: spool in the splitter\n" },
	{ GOOD SPOOL "faults: [{fail: slice_announcement, nth: 1}]\n",
	    "5:17: fail: slice_announcement needs cache: slices in the "
	    "splitter\n" },
	{ GOOD SPOOL "faults: [{fail: spool_read, at: 1 B, once: true}, "
		     "{fail: spool_write}]\n",
	    "5:38: unknown key \"once\" in a spool_read fault; use one of "
	    "fail, dump, at, unreached\n"
	    "5:51: a spool_write fault needs the key \"at\"\n" },
	{ GOOD SPOOL "faults: [{fail: spool_write, at: 1 GiB}]\n",
	    "5:34: at: never reached; the dump ends at 1 GiB\n" },
	{ GOOD SLICES "faults: [{fail: slice, nth: 1}, {fail: slice, nth: 1, "
		      "mode: lost}]\n",
	    "5:10: a slice fault needs the key \"mode\"\n"
	    "5:61: mode: unknown value \"lost\"; use one of missing, "
	    "truncated, corrupt\n" },
	{ GOOD "faults: [{fail: producer, at: 1 GiB}, {fail: producer, at: "
	       "1073741825 B}, {fail: producer}]\n",
	    "4:60: at: never reached; the dump ends at 1 GiB\n"
	    "4:75: a producer fault needs the key \"at\"\n" },
	{ GOOD "faults: [{fail: stall, at: 5}, {fail: stall, at: 0, duration: "
	       "5 "
	       "MB}, {fail: stall, at: 0, duration: 10001 h}]\n",
	    "4:10: a stall fault needs the key \"duration\"\n"
	    "4:28: at: a size needs a unit, such as 64 MiB; there are " SIZES
	    "\n"
	    "4:63: duration: \"MB\" is the unit of a size; this must be "
	    "a time, such as 3 s\n"
	    "4:101: duration: too long; at most 10000 h\n" },
	{ GOOD "faults: [{fail: cancel}, {fail: cancel, at: 1 B, after_time: 1 "
	       "s}, {fail: cancel, after_time: soon}]\n",
	    "4:10: a cancel fault needs the key \"at\" or \"after_time\"\n"
	    "4:26: a cancel fault takes only one of the keys \"at\" or "
	    "\"after_time\"\n"
	    "4:95: after_time: \"soon\" is not a time; write a number and a "
	    "unit, such as 3 s\n" },
	{ GOOD "faults: [{fail: drive}, {fail: drive, operation: write}]\n",
	    "4:10: a drive fault needs the key \"operation\"\n"
	    "4:10: a drive fault needs the key \"nth\", \"every\", "
	    "\"after_bytes\", \"after_time\", \"one_in\" or \"at\"\n"
	    "4:25: a drive fault needs the key \"nth\", \"every\", "
	    "\"after_bytes\", \"after_time\", \"one_in\" or \"at\"\n" },
	{ GOOD "faults: [{fail: drive, operation: wirte, nth: 1, at: 1 B}]\n",
	    "4:10: a drive fault takes only one of the keys \"nth\", "
	    "\"every\", \"after_bytes\", \"after_time\", \"one_in\" or \"at\"\n"
	    "4:35: operation: unknown value \"wirte\"; did you mean "
	    "\"write\"?\n" },
	{ GOOD "faults: [{fail: drive, operation: load, nth: 1, drive: 2, "
	       "volume: 3}]\n",
	    "4:56: drive: the library has only 1; this is the place in the "
	    "list of drives, from 1\n"
	    "4:67: volume: the library has only 1; this is the place in the "
	    "list of volumes, from 1\n" },
	{ GOOD "faults: [{fail: drive, operation: load, after_bytes: 0, mode: "
	       "crash}]\n",
	    "4:54: after_bytes: too small; at least 1 B\n"
	    "4:63: mode: unknown value \"crash\"; use one of fail, hang, "
	    "reset, corrupt, slow, move, silent_reset\n" },
	{ GOOD "faults: [{fail: drive, operation: load, after_bytes: 1 B}]\n",
	    "4:10: a drive fault with mode: slow or after_bytes needs "
	    "operation: write or read\n" },
	{ GOOD "faults: [{fail: drive, operation: read, nth: 1, mode: hang, "
	       "sense: reset, deferred: true}]\n",
	    "4:68: sense: only with mode: fail\n"
	    "4:85: deferred: only an error of operation: write can be "
	    "deferred\n" },
	{ GOOD "faults: [{fail: drive, operation: read, nth: 1, duration: 1 s, "
	       "slowdown: 2}, {fail: drive, operation: read, mode: slow}]\n",
	    "4:59: duration: only with mode: hang\n"
	    "4:74: slowdown: only with mode: slow\n"
	    "4:78: a drive fault with mode: slow needs the key "
	    "\"slowdown\"\n" },
	{ GOOD "faults: [{fail: drive, operation: read, nth: 1, mode: slow, "
	       "slowdown: 2, once: true}, {fail: drive, operation: write, "
	       "nth: 1, "
	       "sense: cleaning_requested, deferred: true}]\n",
	    "4:80: once: not allowed with mode: slow; use at or nth\n"
	    "4:164: deferred: only an error of operation: write can be "
	    "deferred\n" },
	{ GOOD "faults: [{fail: drive, operation: read, nth: 1, length: 5 B, "
	       "mode: corrupt}]\n",
	    "4:10: a drive fault with mode: corrupt needs operation: write\n"
	    "4:57: length: needs the key \"at\", where it begins\n" },
	{ GOOD "faults: [{fail: drive, operation: read, at: 1 B, length: 0}, "
	       "{fail: drive, operation: read, after_time: 0 s}, {fail: drive, "
	       "operation: write, one_in: 0, sense: end_of_data}]\n",
	    "4:58: length: too small; at least 1 B\n"
	    "4:105: after_time: too short; at least 1 ns\n"
	    "4:151: one_in: \"0\" is out of range; it is from 1 to "
	    "18446744073709551615\n"
	    "4:161: sense: unknown value \"end_of_data\"; use one of "
	    "medium_error, read_error, recovered_write, recovered_read, "
	    "eod_not_found, position_lost, write_append_error, "
	    "volume_overflow, cartridge_fault, incompatible_medium, "
	    "unknown_format, cleaning_cartridge, write_protected, "
	    "worm_overwrite, security_error, unable_to_decrypt, "
	    "incorrect_encryption_key, hardware_error, positioning_error, "
	    "load_failed, cleaning_requested, failure_prediction, "
	    "temperature_exceeded, reset, medium_changed, becoming_ready, "
	    "no_medium\n" },
};
enum { ROWS = sizeof rows / sizeof *rows };

START_TEST(every_error_is_reported_with_its_place)
{
	scenario_text_says(rows[_i].text, rows[_i].errors);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("fault errors");
	TCase *tc = tcase_create("bad");

	tcase_add_loop_test(tc, every_error_is_reported_with_its_place, 0,
	    ROWS);
	suite_add_tcase(suite, tc);
	return run_suite(suite);
}
