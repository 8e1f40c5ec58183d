/* hold_stage.c: see hold_stage.h. */
#include "splitter/scsi/hold/tests/hold_stage.h"

#include <check.h>
#include <errno.h>
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "splitter/base/temporary.h"

enum { ST_FD = 100, START_S = 1700000000 };

struct served_library *held_library;
struct served_port *held_port, *held_other_port;
struct scsi_unit held_unit, held_other;
struct scsi_names held_names;
struct scsi_hold_options held_options;
char held_folder[256], held_err[512], held_notices[HELD_NOTICES_BYTES];

struct held_st held_st;

static int st_open(void *arg, const char *path, int flags)
{
	(void)arg;
	ck_assert_str_eq(path, held_names.st);
	held_st.flags = flags;
	errno = held_st.error;
	held_st.opened += held_st.error == 0;
	return held_st.error == 0 ? ST_FD : -1;
}

static int st_close(void *arg, int fd)
{
	(void)arg;
	ck_assert_int_eq(fd, ST_FD);
	held_st.closed++;
	return 0;
}

static int st_ioctl(void *arg, int fd, unsigned long request, void *what)
{
	(void)arg;
	ck_assert_int_eq(fd, ST_FD);
	ck_assert_uint_eq(request, MTIOCTOP);
	ck_assert_uint_lt(held_st.op_count, 8);
	memcpy(&held_st.ops[held_st.op_count++], what, sizeof held_st.ops[0]);
	return 0;
}

static const struct device_calls held_calls = {
	.open = st_open,
	.close = st_close,
	.ioctl = st_ioctl,
};

static void take_notice(void *arg, const char *message)
{
	size_t used = strlen(held_notices);

	(void)arg;
	snprintf(held_notices + used, sizeof held_notices - used, "%s\n",
	    message);
}

static int remove_one(const char *path, const struct stat *status, int flag,
    struct FTW *ftw)
{
	(void)status;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void held_setup_with(const char *suffix)
{
	const struct served_library_spec spec = { .suffix = suffix };

	memset(&held_st, 0, sizeof held_st);
	held_notices[0] = '\0';
	snprintf(held_folder, sizeof held_folder, "%s/hold.XXXXXX",
	    temporary_folder());
	ck_assert_ptr_nonnull(mkdtemp(held_folder));
	held_library = served_library_new(&spec);
	served_library_load(held_library, 0, 0);
	held_port = served_port_open(held_library, 1, 0);
	held_other_port = served_port_open(held_library, 1, 1);
	served_port_clear_attentions(held_port);
	served_port_clear_attentions(held_other_port);
	scsi_unit_init(&held_unit, served_port_scsi(held_port));
	scsi_unit_init(&held_other, served_port_scsi(held_other_port));
	held_names = (struct scsi_names){
		.st = "/dev/nst0", .sg = "/dev/sg3", .address = "2:0:0:1"
	};
	held_options = (struct scsi_hold_options){ .names = &held_names,
		.calls = &held_calls,
		.folder = held_folder,
		.host = "host-of-the-test",
		.started_s = START_S,
		.notice = take_notice };
}

void held_setup(void)
{
	held_setup_with(NULL);
}

void held_teardown(void)
{
	served_port_close(held_port);
	served_port_close(held_other_port);
	served_library_free(held_library);
	nftw(held_folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

struct scsi_hold *held_begin(void)
{
	struct scsi_hold *hold = scsi_hold_begin(&held_unit, &held_options,
	    held_err, sizeof held_err);

	ck_assert_msg(hold != NULL, "%s", held_err);
	return hold;
}

void held_refuse(const char *says)
{
	ck_assert_ptr_null(scsi_hold_begin(&held_unit, &held_options, held_err,
	    sizeof held_err));
	ck_assert_msg(strstr(held_err, says) != NULL, "%s", held_err);
	ck_assert_uint_eq(held_st.opened, held_st.closed);
}

void held_end(struct scsi_hold *hold)
{
	ck_assert_msg(scsi_hold_end(hold, held_err, sizeof held_err), "%s",
	    held_err);
}

/* Returns how many records there are; stores the path of the first. */
unsigned held_records(char path[512])
{
	char pattern[300];
	unsigned count;
	glob_t found;

	snprintf(pattern, sizeof pattern, "%s/drive-*", held_folder);
	if (glob(pattern, 0, NULL, &found) != 0)
		return 0;
	count = (unsigned)found.gl_pathc;
	snprintf(path, 512, "%s", found.gl_pathv[0]);
	globfree(&found);
	return count;
}

void held_change_record(const char *word, const char *value)
{
	char path[512], text[4096], line[300];
	size_t used = 0;
	FILE *f;

	ck_assert_uint_eq(held_records(path), 1);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof line, f) != NULL) {
		size_t n = strlen(word);

		if (strncmp(line, word, n) == 0 && line[n] == ' ') {
			if (value == NULL)
				continue;
			snprintf(line, sizeof line, "%s %s\n", word, value);
		}
		used += (size_t)snprintf(text + used, sizeof text - used, "%s",
		    line);
	}
	fclose(f);
	f = fopen(path, "w");
	ck_assert(fputs(text, f) != EOF && fclose(f) == 0);
}

/* The run was killed: its process does not exist any more. */
void held_kill_run(void)
{
	held_change_record("process_start", "0x1");
	held_st.closed = held_st.opened;
}

void held_get_state(struct held_state *state)
{
	scsi_settings_read(&held_other, &state->settings);
	ck_assert(scsi_send_persistent_read(&held_other, &state->persistent));
}

bool held_other_writes(void)
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

	return scsi_ask(&held_other, &write) &&
	    scsi_ask(&held_other, &rewind_it);
}

void held_is_as_before(const struct held_state *before)
{
	struct held_state now;
	char text[256], path[512];

	held_get_state(&now);
	ck_assert_msg(!scsi_settings_compare(&before->settings, &now.settings,
			  text, sizeof text),
	    "%s", text);
	ck_assert_uint_eq(now.persistent.count, 0);
	ck_assert_uint_eq(now.persistent.type, SCSI_NOT_RESERVED);
	ck_assert_uint_eq(held_records(path), 0);
	ck_assert_uint_eq(held_st.opened, held_st.closed);
	ck_assert(held_other_writes());
}

/* Changes all that a run may change. */
void held_change_all(void)
{
	struct scsi_settings now, want;

	ck_assert(scsi_send_prevent(&held_unit, true));
	scsi_settings_read(&held_unit, &now);
	want = now;
	want.block_bytes = 4096;
	want.buffered_mode = 0;
	want.compression = !now.compression;
	want.algorithm = want.compression;
	want.pews_mb = 7;
	ck_assert(now.has_mode && now.has_compression && now.has_pews);
	ck_assert_msg(scsi_settings_apply(&held_unit, &now, &want, held_err,
			  sizeof held_err),
	    "%s", held_err);
	scsi_settings_read(&held_unit, &now);
	ck_assert_uint_eq(now.block_bytes, 4096);
	ck_assert_uint_eq(now.buffered_mode, 0);
	ck_assert_int_eq(now.compression, want.compression);
	ck_assert_uint_eq(now.pews_mb, 7);
	ck_assert(now.door_locked);
}

/* Killed runs free nothing. */
struct scsi_hold *held_killed[2];

/* A run that changes all, and is killed. */
void held_run_and_be_killed(unsigned n)
{
	held_killed[n] = held_begin();
	held_change_all();
	held_kill_run();
}

void held_cannot_write(void)
{
	ck_assert(!held_other_writes());
	ck_assert_uint_eq(held_other.answer.status, SCSI_RESERVATION_CONFLICT);
}

void held_make_partitions(void)
{
	const struct scsi_command format = {
		.cdb = { 0x04, 0, 1 }, .cdb_bytes = 6, .name = "FORMAT MEDIUM"
	};
	struct scsi_mode_data mode;

	ck_assert(scsi_send_mode_sense(&held_unit, 0x11, 0, SCSI_MODE_CURRENT,
	    &mode));
	ck_assert_ptr_nonnull(mode.page);
	mode.page[3] = 1;    /* additional partitions */
	mode.page[4] = 0x3c; /* IDP, in MB */
	memset(mode.page + 8, 0, mode.page_bytes - 8);
	mode.page[9] = 20;
	if (mode.page_bytes > 11)
		mode.page[11] = 20;
	scsi_send_mode_select(&held_unit, &mode);
	ck_assert(scsi_send(&held_unit, &format));
}

void held_go_to(uint8_t partition)
{
	const struct scsi_command locate = {
		.cdb = { 0x2b, 2, 0, 0, 0, 0, 0, 0, partition },
		.cdb_bytes = 10,
		.name = "LOCATE",
	};

	ck_assert(scsi_ask(&held_unit, &locate));
}

void held_without_persistent(struct served_port *p)
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
