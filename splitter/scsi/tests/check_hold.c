/*
 * check_hold.c: exclusive use of a drive, and the drive left as found, for each
 * way in which a run ends.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <linux/mtio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/base/temporary.h"
#include "splitter/scsi/hold.h"
#include "splitter/scsi/tests/fake_sysfs.h"
#include "splitter/scsi/tests/served_port.h"
#include "splitter/tests/run_suite.h"

enum { ST_FD = 100, START_S = 1700000000, NOTICES_BYTES = 4096 };

static struct served_library *library;
static struct served_port *port, *other_port;
static struct scsi_unit unit, other;
static struct scsi_names names;
static struct scsi_hold_options options;
static char folder[256], err[512], notices[NOTICES_BYTES];

/* The st node. */
static struct {
	int error;
	unsigned opened, closed;
	int flags;
	struct mtop ops[8];
	unsigned op_count;
} st;

static int st_open(void *arg, const char *path, int flags)
{
	(void)arg;
	ck_assert_str_eq(path, names.st);
	st.flags = flags;
	errno = st.error;
	st.opened += st.error == 0;
	return st.error == 0 ? ST_FD : -1;
}

static int st_close(void *arg, int fd)
{
	(void)arg;
	ck_assert_int_eq(fd, ST_FD);
	st.closed++;
	return 0;
}

static int st_ioctl(void *arg, int fd, unsigned long request, void *what)
{
	(void)arg;
	ck_assert_int_eq(fd, ST_FD);
	ck_assert_uint_eq(request, MTIOCTOP);
	ck_assert_uint_lt(st.op_count, 8);
	memcpy(&st.ops[st.op_count++], what, sizeof st.ops[0]);
	return 0;
}

static const struct device_calls calls = {
	.open = st_open,
	.close = st_close,
	.ioctl = st_ioctl,
};

static void take_notice(void *arg, const char *message)
{
	size_t used = strlen(notices);

	(void)arg;
	snprintf(notices + used, sizeof notices - used, "%s\n", message);
}

static int remove_one(const char *path, const struct stat *status, int flag,
    struct FTW *ftw)
{
	(void)status;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void setup(void)
{
	memset(&st, 0, sizeof st);
	notices[0] = '\0';
	snprintf(folder, sizeof folder, "%s/hold.XXXXXX", temporary_folder());
	ck_assert_ptr_nonnull(mkdtemp(folder));
	library = served_library_new(NULL);
	served_library_load(library, 0, 0);
	port = served_port_open(library, 1, 0);
	other_port = served_port_open(library, 1, 1);
	served_port_clear_attentions(port);
	served_port_clear_attentions(other_port);
	scsi_unit_init(&unit, served_port_scsi(port));
	scsi_unit_init(&other, served_port_scsi(other_port));
	names = (struct scsi_names){
		.st = "/dev/nst0", .sg = "/dev/sg3", .address = "2:0:0:1"
	};
	options = (struct scsi_hold_options){ .names = &names,
		.calls = &calls,
		.folder = folder,
		.host = "host-of-the-test",
		.started_s = START_S,
		.notice = take_notice };
}

static void teardown(void)
{
	served_port_close(port);
	served_port_close(other_port);
	served_library_free(library);
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static struct scsi_hold *begin(void)
{
	struct scsi_hold *hold =
	    scsi_hold_begin(&unit, &options, err, sizeof err);

	ck_assert_msg(hold != NULL, "%s", err);
	return hold;
}

static void refuse(const char *says)
{
	ck_assert_ptr_null(scsi_hold_begin(&unit, &options, err, sizeof err));
	ck_assert_msg(strstr(err, says) != NULL, "%s", err);
	ck_assert_uint_eq(st.opened, st.closed);
}

static void end(struct scsi_hold *hold)
{
	ck_assert_msg(scsi_hold_end(hold, err, sizeof err), "%s", err);
}

/* Returns how many records there are; stores the path of the first. */
static unsigned records(char path[512])
{
	char pattern[300];
	unsigned count;
	glob_t found;

	snprintf(pattern, sizeof pattern, "%s/drive-*", folder);
	if (glob(pattern, 0, NULL, &found) != 0)
		return 0;
	count = (unsigned)found.gl_pathc;
	snprintf(path, 512, "%s", found.gl_pathv[0]);
	globfree(&found);
	return count;
}

/* Rewrites the record: the value of a word. */
static void change_record(const char *word, const char *value)
{
	char path[512], text[4096], line[300];
	size_t used = 0;
	FILE *f;

	ck_assert_uint_eq(records(path), 1);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof line, f) != NULL) {
		size_t n = strlen(word);

		if (strncmp(line, word, n) == 0 && line[n] == ' ')
			snprintf(line, sizeof line, "%s %s\n", word, value);
		used += (size_t)snprintf(text + used, sizeof text - used, "%s",
		    line);
	}
	fclose(f);
	f = fopen(path, "w");
	ck_assert(fputs(text, f) != EOF && fclose(f) == 0);
}

/* The run was killed: its process does not exist any more. */
static void kill_run(void)
{
	change_record("process_start", "0x1");
	st.closed = st.opened;
}

/* What the drive has: settings, reservations, door, and who may write. */
struct state {
	struct scsi_settings settings;
	struct scsi_persistent persistent;
};

static void get_state(struct state *state)
{
	scsi_settings_read(&other, &state->settings);
	ck_assert(scsi_send_persistent_read(&other, &state->persistent));
}

static bool other_writes(void)
{
	const struct scsi_command write = { .cdb = { 0x0a, 0, 0, 0, 9, 0 },
		.cdb_bytes = 6,
		.direction = SCSI_DATA_OUT,
		.out = "ninebytes",
		.data_bytes = 9,
		.name = "WRITE(6)" };
	const struct scsi_command rewind_it = {
		.cdb = { 0x01 }, .cdb_bytes = 6, .name = "REWIND"
	};

	return scsi_ask(&other, &write) && scsi_ask(&other, &rewind_it);
}

static void is_as_before(const struct state *before)
{
	struct state now;
	char text[256], path[512];

	get_state(&now);
	ck_assert_msg(!scsi_settings_compare(&before->settings, &now.settings,
			  text, sizeof text),
	    "%s", text);
	ck_assert_uint_eq(now.persistent.count, 0);
	ck_assert_uint_eq(now.persistent.type, SCSI_NOT_RESERVED);
	ck_assert_uint_eq(records(path), 0);
	ck_assert_uint_eq(st.opened, st.closed);
	ck_assert(other_writes());
}

/* Changes all that a run may change. */
static void change_all(void)
{
	struct scsi_settings now, want;

	ck_assert(scsi_send_prevent(&unit, true));
	scsi_settings_read(&unit, &now);
	want = now;
	want.block_bytes = 4096;
	want.buffered_mode = 0;
	want.compression = !now.compression;
	want.algorithm = want.compression;
	want.pews_mb = 7;
	ck_assert(now.has_mode && now.has_compression && now.has_pews);
	ck_assert_msg(scsi_settings_apply(&unit, &now, &want, err, sizeof err),
	    "%s", err);
	scsi_settings_read(&unit, &now);
	ck_assert_uint_eq(now.block_bytes, 4096);
	ck_assert_uint_eq(now.buffered_mode, 0);
	ck_assert_int_eq(now.compression, want.compression);
	ck_assert_uint_eq(now.pews_mb, 7);
	ck_assert(now.door_locked);
}

/* Killed runs free nothing. */
static struct scsi_hold *killed[2];

/* A run that changes all, and is killed. */
static void run_and_be_killed(unsigned n)
{
	killed[n] = begin();
	change_all();
	kill_run();
}

static void cannot_write(void)
{
	ck_assert(!other_writes());
	ck_assert_uint_eq(other.answer.status, SCSI_RESERVATION_CONFLICT);
}

START_TEST(a_run_that_ends_leaves_the_drive_as_found)
{
	struct scsi_hold *hold;
	struct state before;
	char path[512];

	get_state(&before);
	hold = begin();
	ck_assert_int_eq(scsi_hold_reserved(hold), SCSI_RESERVED_PERSISTENT);
	ck_assert_int_eq(st.flags, O_RDONLY | O_NONBLOCK);
	ck_assert_uint_eq(st.opened, 1);
	ck_assert_uint_eq(records(path), 1);
	ck_assert_ptr_nonnull(strstr(path, "/drive-TL"));
	cannot_write();
	change_all();
	ck_assert_uint_eq(scsi_hold_found(hold)->block_bytes, 0);
	end(hold);
	is_as_before(&before);
	/* The tape is at BOT: the st driver learns that. */
	ck_assert_uint_eq(st.op_count, 1);
	ck_assert_int_eq(st.ops[0].mt_op, MTREW);
	ck_assert_str_eq(notices, "");
}
END_TEST

START_TEST(nobody_ends_nothing)
{
	ck_assert(scsi_hold_end(NULL, err, sizeof err));
}
END_TEST

START_TEST(a_run_after_an_error_leaves_the_drive_as_found)
{
	const struct drive_fault fault = { .op = DRIVE_WRITE,
		.nth = 1,
		.once = true,
		.sense = { .key = 3, .asc = 0x0c } };
	const struct scsi_command write = { .cdb = { 0x0a, 0, 0, 0, 4, 0 },
		.cdb_bytes = 6,
		.direction = SCSI_DATA_OUT,
		.out = "data",
		.data_bytes = 4,
		.name = "WRITE(6)" };
	struct scsi_hold *hold;
	struct state before;

	get_state(&before);
	hold = begin();
	change_all();
	/* Written to in variable blocks, it fails. */
	ck_assert(scsi_set_block_bytes(&unit, 0, err, sizeof err));
	served_library_fault(library, 0, &fault);
	ck_assert(!scsi_send(&unit, &write));
	end(hold);
	served_library_heal(library);
	is_as_before(&before);
}
END_TEST

START_TEST(the_record_names_what_a_run_found)
{
	struct scsi_hold *hold = begin();
	char path[512], line[300];
	bool ended = false;
	unsigned seen = 0;
	FILE *f;

	ck_assert_uint_eq(records(path), 1);
	f = fopen(path, "r");
	while (fgets(line, sizeof line, f) != NULL) {
		seen += strcmp(line, "device /dev/sg3\n") == 0;
		seen += strcmp(line, "block_bytes 0x0\n") == 0;
		seen += strcmp(line, "buffered_mode 0x1\n") == 0;
		seen += strcmp(line, "reserved 0x1\n") == 0;
		seen += strncmp(line, "key 0x544c", 10) == 0;
		ended = strcmp(line, "end\n") == 0;
	}
	fclose(f);
	ck_assert_uint_eq(seen, 5);
	ck_assert(ended);
	end(hold);
}
END_TEST

START_TEST(release_restores_what_a_killed_run_left)
{
	struct state before;

	get_state(&before);
	run_and_be_killed(0);
	cannot_write();
	ck_assert_msg(scsi_hold_recover(&unit, &options, err, sizeof err), "%s",
	    err);
	ck_assert_ptr_nonnull(strstr(notices, "removed the registration 544c"));
	ck_assert_ptr_nonnull(strstr(notices, "and the reservation"));
	ck_assert_ptr_nonnull(strstr(notices, "block size 4096, was 0"));
	ck_assert_ptr_nonnull(strstr(notices, "door locked, was unlocked"));
	is_as_before(&before);
}
END_TEST

START_TEST(the_next_run_restores_what_a_killed_run_left)
{
	struct scsi_hold *hold;
	struct state before;

	get_state(&before);
	run_and_be_killed(0);
	options.started_s += 100;
	hold = begin();
	ck_assert_ptr_nonnull(strstr(notices, "an earlier run left the drive"));
	/* It found what the killed run found. */
	ck_assert_uint_eq(scsi_hold_found(hold)->block_bytes, 0);
	ck_assert(!scsi_hold_found(hold)->door_locked);
	end(hold);
	is_as_before(&before);
}
END_TEST

START_TEST(without_its_record_the_key_and_the_door_are_released)
{
	char path[512];
	struct scsi_settings now;

	killed[0] = begin();
	change_all();
	st.closed = st.opened;
	ck_assert_uint_eq(records(path), 1);
	ck_assert_int_eq(unlink(path), 0);
	ck_assert(scsi_hold_recover(&unit, &options, err, sizeof err));
	ck_assert_ptr_nonnull(strstr(notices, "removed the registration"));
	scsi_settings_read(&other, &now);
	ck_assert(!now.door_locked);
	ck_assert(other_writes());
}
END_TEST

START_TEST(a_damaged_record_is_reported)
{
	run_and_be_killed(0);
	change_record("block_bytes", "many");
	ck_assert(scsi_hold_recover(&unit, &options, err, sizeof err));
	ck_assert_ptr_nonnull(strstr(notices, "cannot be read, or is damaged"));
	ck_assert(other_writes());
}
END_TEST

static const char *const damages[] = { "", "tapelab drive record 2\nend\n",
	"tapelab drive record 1\n", "tapelab drive record 1\nkey\nend\n",
	"tapelab drive record 1\nkey 0xg\nend\n",
	"tapelab drive record 1\ndensity 0x100\nend\n",
	"tapelab drive record 1\nreserved 0x3\nend\n",
	"tapelab drive record 1\ncompression 0x2\nend\n",
	"tapelab drive record 1\nunknown 0x1\nend\n",
	"tapelab drive record 1\npid 99999999999999999999999\nend\n" };

START_TEST(every_damage_is_noticed)
{
	char path[512];
	FILE *f;

	end(begin());
	run_and_be_killed(0);
	ck_assert_uint_eq(records(path), 1);
	f = fopen(path, "w");
	ck_assert(fputs(damages[_i], f) != EOF && fclose(f) == 0);
	ck_assert(scsi_hold_recover(&unit, &options, err, sizeof err));
	ck_assert_msg(strstr(notices, "is damaged") != NULL, "%s", notices);
}
END_TEST

START_TEST(a_run_that_lives_is_left_alone)
{
	struct scsi_hold *hold = begin();

	ck_assert(!scsi_hold_recover(&unit, &options, err, sizeof err));
	ck_assert_msg(strstr(err, "of tapelab uses the drive") != NULL, "%s",
	    err);
	cannot_write();
	st.closed++; /* of the second begin() */
	st.opened++;
	ck_assert_ptr_null(scsi_hold_begin(&unit, &options, err, sizeof err));
	cannot_write();
	end(hold);
	ck_assert(other_writes());
}
END_TEST

/* Another initiator reserves the drive. */
static void reserve_other(uint64_t key)
{
	ck_assert(scsi_send_persistent_out(&other, SCSI_PERSISTENT_REGISTER, 0,
	    key));
	ck_assert(scsi_send_persistent_out(&other, SCSI_PERSISTENT_RESERVE, key,
	    0));
}

static void other_still_holds(uint64_t key)
{
	struct scsi_persistent p;

	ck_assert(scsi_send_persistent_read(&other, &p));
	ck_assert_uint_eq(p.count, 1);
	ck_assert_uint_eq(p.key, key);
	ck_assert_uint_eq(p.type, SCSI_EXCLUSIVE_ACCESS);
}

START_TEST(somebody_else_s_reservation_is_never_pre_empted)
{
	char path[512];

	reserve_other(0xabc);
	refuse("reserved (exclusive access), key 0000000000000abc, by iqn.");
	other_still_holds(0xabc);
	ck_assert_uint_eq(records(path), 0);
	ck_assert(scsi_hold_recover(&unit, &options, err, sizeof err));
	ck_assert_ptr_nonnull(strstr(notices, "key 0000000000000abc"));
	ck_assert_ptr_nonnull(strstr(notices, "left as they are"));
	other_still_holds(0xabc);
}
END_TEST

START_TEST(a_key_of_tapelab_on_another_host_is_somebody_else_s)
{
	reserve_other(UINT64_C(0x544c000001000001));
	refuse("of tapelab on another host");
	ck_assert(scsi_hold_recover(&unit, &options, err, sizeof err));
	other_still_holds(UINT64_C(0x544c000001000001));
}
END_TEST

START_TEST(somebody_was_faster)
{
	struct scsi_persistent p;
	char path[512];

	/* Between the look and the reservation, another one reserves. */
	ck_assert(scsi_send_persistent_out(&other, SCSI_PERSISTENT_REGISTER, 0,
	    7));
	served_port_instead(port,
	    &(struct served_instead){ .opcode = 0x5f,
		.after = 1,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_RESERVATION_CONFLICT });
	refuse("another program of this host has registered");
	ck_assert(scsi_send_persistent_read(&other, &p));
	/* Its own registration is gone, the other one's stays. */
	ck_assert_uint_eq(p.count, 1);
	ck_assert_uint_eq(p.registrants[0].key, 7);
	ck_assert_uint_eq(records(path), 0);
}
END_TEST

START_TEST(this_nexus_is_registered_by_another_program)
{
	struct scsi_persistent p;

	ck_assert(scsi_send_persistent_out(&unit, SCSI_PERSISTENT_REGISTER, 0,
	    0x4c544653));
	refuse("another program of this host has registered");
	ck_assert(scsi_send_persistent_read(&other, &p));
	ck_assert_uint_eq(p.count, 1);
	ck_assert_uint_eq(p.registrants[0].key, 0x4c544653);
}
END_TEST

START_TEST(a_drive_reserved_with_reserve_is_refused)
{
	char path[512];

	ck_assert(scsi_send_reserve(&other));
	refuse("with RESERVE; the drive does not say which");
	ck_assert_uint_eq(records(path), 0);
	ck_assert(scsi_hold_recover(&unit, &options, err, sizeof err));
	ck_assert_ptr_nonnull(strstr(notices,
	    "has reserved the drive with "
	    "RESERVE: left as it is"));
	ck_assert(other_writes());
	ck_assert(scsi_send_release(&other));
}
END_TEST

static void without_persistent(struct served_port *p)
{
	for (unsigned opcode = 0x5e; opcode <= 0x5f; opcode++)
		served_port_instead(p,
		    &(struct served_instead){ .opcode = (int)opcode,
			.outcome = SCSI_ANSWERED,
			.status = SCSI_CHECK_CONDITION,
			.sense = { 0x70, 0, 5, 0, 0, 0, 0, 10, 0, 0, 0, 0,
			    0x20 },
			.sense_bytes = 18,
			.for_good = true });
}

START_TEST(an_old_drive_is_reserved_with_reserve)
{
	struct scsi_hold *hold;
	struct state before;

	get_state(&before);
	without_persistent(port);
	hold = begin();
	ck_assert_int_eq(scsi_hold_reserved(hold), SCSI_RESERVED_SPC2);
	cannot_write();
	change_all();
	end(hold);
	is_as_before(&before);
	/* Killed, and released. */
	run_and_be_killed(0);
	cannot_write();
	ck_assert(scsi_hold_recover(&unit, &options, err, sizeof err));
	is_as_before(&before);
}
END_TEST

START_TEST(a_drive_that_cannot_be_reserved)
{
	struct scsi_hold *hold;

	without_persistent(port);
	served_port_check(port, 0x16, false,
	    &(struct served_sense){ .key = 5, .asc = 0x20, .information = -1 });
	hold = begin();
	ck_assert_int_eq(scsi_hold_reserved(hold), SCSI_RESERVED_NOT);
	ck_assert_ptr_nonnull(strstr(notices, "cannot be reserved: make sure"));
	end(hold);
	ck_assert_uint_eq(served_port_count(port, 0x17), 0);
}
END_TEST

START_TEST(a_door_that_another_keeps_locked_stays_locked)
{
	struct scsi_settings now;
	struct scsi_hold *hold;

	ck_assert(scsi_send_prevent(&other, true));
	hold = begin();
	ck_assert(scsi_hold_found(hold)->door_locked);
	ck_assert(scsi_send_prevent(&unit, true));
	end(hold);
	scsi_settings_read(&other, &now);
	ck_assert(now.door_locked);
	ck_assert(scsi_hold_recover(&unit, &options, err, sizeof err));
	ck_assert_ptr_nonnull(strstr(notices,
	    "the door is locked, not by "
	    "tapelab"));
	scsi_settings_read(&other, &now);
	ck_assert(now.door_locked);
	ck_assert(scsi_send_prevent(&other, false));
	scsi_settings_read(&other, &now);
	ck_assert(!now.door_locked);
}
END_TEST

START_TEST(a_door_that_this_host_had_locked_is_locked_again)
{
	struct scsi_settings now;
	struct scsi_hold *hold;

	/* by mt -f /dev/nst0 lock */
	ck_assert(scsi_send_prevent(&unit, true));
	hold = begin();
	ck_assert(scsi_hold_lock(hold, true, err, sizeof err));
	ck_assert(scsi_hold_lock(hold, false, err, sizeof err));
	served_port_check(port, 0x1e, false,
	    &(struct served_sense){ .key = 5, .asc = 0x20, .information = -1 });
	ck_assert(!scsi_hold_lock(hold, true, err, sizeof err));
	ck_assert_ptr_nonnull(strstr(err, "PREVENT ALLOW MEDIUM REMOVAL: "));
	end(hold);
	scsi_settings_read(&other, &now);
	ck_assert(now.door_locked);
}
END_TEST

static const struct st_case {
	int error;
	const char *says;
} st_cases[] = {
	{ EBUSY, "/dev/nst0: another program has it open" },
	{ EACCES, "/dev/nst0: Permission denied" },
};

START_TEST(an_st_node_that_cannot_be_held)
{
	struct state before;

	get_state(&before);
	st.error = st_cases[_i].error;
	refuse(st_cases[_i].says);
	st.error = 0;
	is_as_before(&before);
}
END_TEST

START_TEST(a_drive_without_an_st_node_is_held_with_a_notice)
{
	struct scsi_hold *hold;

	names.st[0] = '\0';
	hold = begin();
	ck_assert_uint_eq(st.opened, 0);
	ck_assert_ptr_nonnull(strstr(notices, "has no node for the drive"));
	end(hold);
	ck_assert_uint_eq(st.op_count, 0);
}
END_TEST

START_TEST(without_a_record_nothing_is_changed)
{
	struct state before;
	char path[512];

	get_state(&before);
	snprintf(path, sizeof path, "%s/file", folder);
	close(open(path, O_WRONLY | O_CREAT, 0600));
	options.folder = path; /* no folder can be made there */
	refuse("the record that lets a drive be restored");
	options.folder = folder;
	ck_assert_int_eq(unlink(path), 0);
	ck_assert_uint_eq(served_port_count(port, 0x5f), 0);
	is_as_before(&before);
}
END_TEST

START_TEST(what_cannot_be_restored_keeps_its_record)
{
	struct scsi_hold *hold;
	struct state before;
	char path[512];

	get_state(&before);
	hold = begin();
	change_all();
	served_port_check(port, 0x55, false,
	    &(struct served_sense){ .key = 4, .asc = 0x44, .information = -1 });
	ck_assert(!scsi_hold_end(hold, err, sizeof err));
	ck_assert_msg(strstr(err,
			  "cannot be set: MODE SELECT: Hardware "
			  "Error") != NULL,
	    "%s", err);
	ck_assert_uint_eq(records(path), 1);
	/* Reservation, door and all else are as before all the same. */
	kill_run();
	ck_assert_msg(scsi_hold_recover(&unit, &options, err, sizeof err), "%s",
	    err);
	is_as_before(&before);
}
END_TEST

START_TEST(a_drive_that_does_not_answer_is_not_taken)
{
	served_port_instead(port,
	    &(struct served_instead){
		.opcode = 0x00, .outcome = SCSI_LOST, .error = ETIMEDOUT });
	refuse("TEST UNIT READY: no answer of the device");
	/* A command that a killed process left runs for hours. */
	ck_assert_uint_eq(unit.command.timeout_s, SCSI_LONG_TIMEOUT_S);
}
END_TEST

START_TEST(a_drive_that_becomes_ready_is_waited_for)
{
	served_port_check(port, 0x00, false,
	    &(struct served_sense){
		.key = 2, .asc = 4, .ascq = 7, .information = -1 });
	served_port_check(port, 0x00, false,
	    &(struct served_sense){
		.key = 2, .asc = 4, .ascq = 7, .information = -1 });
	end(begin());
	ck_assert_ptr_nonnull(strstr(notices, "is not ready: waiting"));
	served_port_check(port, 0x00, false,
	    &(struct served_sense){
		.key = 2, .asc = 4, .ascq = 7, .information = -1 });
	served_port_check(port, 0x00, false,
	    &(struct served_sense){
		.key = 2, .asc = 4, .ascq = 7, .information = -1 });
	served_port_end_sleeps(port);
	refuse("the drive does not become ready");
}
END_TEST

START_TEST(an_empty_drive_can_be_held)
{
	struct scsi_hold *hold;

	served_library_take(library, 0);
	hold = begin();
	ck_assert(!scsi_hold_found(hold)->has_partition);
	end(hold);
	/* The st driver is not asked to rewind what is not there. */
	ck_assert_uint_eq(st.op_count, 0);
}
END_TEST

START_TEST(a_free_drive_has_nothing_to_release)
{
	ck_assert(scsi_hold_recover(&unit, &options, err, sizeof err));
	ck_assert_ptr_nonnull(strstr(notices, "left nothing on the drive"));
}
END_TEST

START_TEST(options_of_the_st_driver_are_restored)
{
	static const char at[] = "sys/devices/pci/host2/target2:0:0/2:0:0:1/"
				 "scsi_tape/nst0/options";
	struct fake_sysfs fake;
	struct scsi_hold *hold;
	char node[128];

	fake_sysfs_make(&fake);
	fake_sysfs_add(&fake, "2:0:0:1", "pci/host2/target2:0:0", 1, 0, 3);
	fake_sysfs_write(&fake, at, "0x00000501\n");
	snprintf(node, sizeof node, "%s/dev/nst0", fake.root);
	ck_assert_msg(scsi_find_names(node, &fake.system, &names, err,
			  sizeof err) == 0,
	    "%s", err);
	options.system = &fake.system;
	hold = begin();
	fake_sysfs_write(&fake, at, "0x00000500\n");
	end(hold);
	ck_assert_uint_eq(st.op_count, 2);
	ck_assert_int_eq(st.ops[0].mt_op, MTSETDRVBUFFER);
	ck_assert_uint_eq((unsigned)st.ops[0].mt_count,
	    MT_ST_BOOLEANS | 0x501u);
	ck_assert_int_eq(st.ops[1].mt_op, MTREW);
	fake_sysfs_remove(&fake);
}
END_TEST

/* Two partitions, by MODE SELECT and FORMAT MEDIUM. */
static void make_partitions(void)
{
	const struct scsi_command format = {
		.cdb = { 0x04, 0, 1 }, .cdb_bytes = 6, .name = "FORMAT MEDIUM"
	};
	struct scsi_mode_data mode;

	ck_assert(scsi_send_mode_sense(&unit, 0x11, 0, SCSI_MODE_CURRENT,
	    &mode));
	ck_assert_ptr_nonnull(mode.page);
	mode.page[3] = 1;    /* additional partitions */
	mode.page[4] = 0x3c; /* IDP, in MB */
	memset(mode.page + 8, 0, mode.page_bytes - 8);
	mode.page[9] = 20;
	if (mode.page_bytes > 11)
		mode.page[11] = 20;
	scsi_send_mode_select(&unit, &mode);
	ck_assert(scsi_send(&unit, &format));
}

static void go_to(struct scsi_unit *u, uint8_t partition)
{
	const struct scsi_command locate = {
		.cdb = { 0x2b, 2, 0, 0, 0, 0, 0, 0, partition },
		.cdb_bytes = 10,
		.name = "LOCATE",
	};

	ck_assert(scsi_ask(u, &locate));
}

START_TEST(the_partition_is_selected_again)
{
	struct scsi_settings now;
	struct scsi_hold *hold;

	make_partitions();
	go_to(&unit, 1);
	hold = begin();
	ck_assert_uint_eq(scsi_hold_found(hold)->partition, 1);
	go_to(&unit, 0);
	end(hold);
	scsi_settings_read(&other, &now);
	ck_assert_uint_eq(now.partition, 1);
	ck_assert(other_writes());
}
END_TEST

START_TEST(folder_of_the_records)
{
	char path[SCSI_PATH_BYTES];

	setenv("XDG_STATE_HOME", "/state", 1);
	scsi_hold_folder(path);
	ck_assert_str_eq(path, "/state/tapelab");
	setenv("XDG_STATE_HOME", "relative", 1);
	setenv("HOME", "/home/u", 1);
	scsi_hold_folder(path);
	ck_assert_str_eq(path, "/home/u/.local/state/tapelab");
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	scsi_hold_folder(path);
	ck_assert_str_eq(path, "/var/lib/tapelab");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("hold");
	TCase *t = tcase_create("hold");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, a_run_that_ends_leaves_the_drive_as_found);
	tcase_add_test(t, nobody_ends_nothing);
	tcase_add_test(t, a_run_after_an_error_leaves_the_drive_as_found);
	tcase_add_test(t, the_record_names_what_a_run_found);
	tcase_add_test(t, release_restores_what_a_killed_run_left);
	tcase_add_test(t, the_next_run_restores_what_a_killed_run_left);
	tcase_add_test(t, without_its_record_the_key_and_the_door_are_released);
	tcase_add_test(t, a_damaged_record_is_reported);
	tcase_add_loop_test(t, every_damage_is_noticed, 0,
	    sizeof damages / sizeof *damages);
	tcase_add_test(t, a_run_that_lives_is_left_alone);
	tcase_add_test(t, somebody_else_s_reservation_is_never_pre_empted);
	tcase_add_test(t, a_key_of_tapelab_on_another_host_is_somebody_else_s);
	tcase_add_test(t, somebody_was_faster);
	tcase_add_test(t, this_nexus_is_registered_by_another_program);
	tcase_add_test(t, a_drive_reserved_with_reserve_is_refused);
	tcase_add_test(t, an_old_drive_is_reserved_with_reserve);
	tcase_add_test(t, a_drive_that_cannot_be_reserved);
	tcase_add_test(t, a_door_that_another_keeps_locked_stays_locked);
	tcase_add_test(t, a_door_that_this_host_had_locked_is_locked_again);
	tcase_add_loop_test(t, an_st_node_that_cannot_be_held, 0,
	    sizeof st_cases / sizeof *st_cases);
	tcase_add_test(t, a_drive_without_an_st_node_is_held_with_a_notice);
	tcase_add_test(t, without_a_record_nothing_is_changed);
	tcase_add_test(t, what_cannot_be_restored_keeps_its_record);
	tcase_add_test(t, a_drive_that_does_not_answer_is_not_taken);
	tcase_add_test(t, a_drive_that_becomes_ready_is_waited_for);
	tcase_add_test(t, an_empty_drive_can_be_held);
	tcase_add_test(t, a_free_drive_has_nothing_to_release);
	tcase_add_test(t, options_of_the_st_driver_are_restored);
	tcase_add_test(t, the_partition_is_selected_again);
	tcase_add_test(t, folder_of_the_records);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
