/* check_names.c: which nodes belong to one drive, and who has them open. */
#include <check.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "splitter/scsi/node/tests/fake_sysfs.h"
#include "splitter/tests/run_suite.h"

static struct fake_sysfs fake;
static struct scsi_names names;
static char err[512];

static void setup(void)
{
	fake_sysfs_make(&fake);
	fake_sysfs_add(&fake, "2:0:0:1", "pci/host2/target2:0:0", 1, 0, 3);
	fake_sysfs_add(&fake, "2:0:0:2", "pci/host2/target2:0:0", 1, 1, 4);
	fake_sysfs_add(&fake, "2:0:0:0", "pci/host2/target2:0:0", 8, 0, 2);
	fake_sysfs_add(&fake, "0:0:0:0", "pci/host0/target0:0:0", 0, 0, 0);
	fake_sysfs_write(&fake, "sys/class/scsi_host/host2/proc_name",
	    "iscsi_tcp\n");
	fake_sysfs_write(&fake,
	    "sys/devices/pci/host2/target2:0:0/2:0:0:1/scsi_tape/nst0/options",
	    "0x00000501\n");
}

static void teardown(void)
{
	fake_sysfs_remove(&fake);
}

/* Finds the names of a node, given below the root. */
static int find(const char *path)
{
	char full[PATH_MAX];

	snprintf(full, sizeof full, "%s%s", fake.root, path);
	return scsi_find_names(full, &fake.system, &names, err, sizeof err);
}

/* Returns a path without the root. */
static const char *below(const char *path)
{
	size_t n = strlen(fake.root);

	return strncmp(path, fake.root, n) == 0 ? path + n : path;
}

static const struct name_case {
	const char *path;
	enum scsi_node_kind kind;
	bool rewinds;
} name_cases[] = {
	{ "/dev/nst0", SCSI_NODE_ST, false },
	{ "/dev/nst0a", SCSI_NODE_ST, false },
	{ "/dev/st0", SCSI_NODE_ST, true },
	{ "/dev/sg3", SCSI_NODE_SG, false },
	{ "/dev/tape/by-id/scsi-35000e110", SCSI_NODE_ST, true },
	{ "/dev/tape/by-id/scsi-35000e110-nst", SCSI_NODE_ST, false },
};

START_TEST(each_name_of_a_drive_gives_the_same_nodes)
{
	const struct name_case *c = &name_cases[_i];

	ck_assert_msg(find(c->path) == 0, "%s", err);
	ck_assert_int_eq(names.given, c->kind);
	ck_assert_int_eq(names.given_rewinds, c->rewinds);
	ck_assert_str_eq(below(names.st), "/dev/nst0");
	ck_assert_str_eq(below(names.sg), "/dev/sg3");
	ck_assert_str_eq(names.changer, "");
	ck_assert_str_eq(below(names.by_id),
	    "/dev/tape/by-id/scsi-35000e110-nst");
	ck_assert_str_eq(names.address, "2:0:0:1");
	ck_assert_str_eq(names.driver, "iscsi_tcp");
	ck_assert_str_eq(names.link_speed, "");
	ck_assert_str_eq(names.st_options, "0x00000501");
}
END_TEST

START_TEST(a_changer_has_nodes_too)
{
	ck_assert_int_eq(find("/dev/sch0"), 0);
	ck_assert_int_eq(names.given, SCSI_NODE_CHANGER);
	ck_assert_str_eq(below(names.changer), "/dev/sch0");
	ck_assert_str_eq(below(names.sg), "/dev/sg2");
	ck_assert_str_eq(names.st, "");
	ck_assert_int_eq(find("/dev/sg2"), 0);
	ck_assert_str_eq(below(names.changer), "/dev/sch0");
}
END_TEST

/* What is no name of a drive, for a command that needs one. */
static const struct drive_case {
	const char *path;
	int found;
	const char *says;
} drive_cases[] = {
	{ "/dev/nst0", 0, "" },
	{ "/dev/nst0a", 0, "" },
	{ "/dev/sg4", 0, "" },
	{ "/dev/tape/by-id/scsi-35000e110-nst", 0, "" },
	{ "/dev/st0", -1, "rewinds the tape when it is closed: use " },
	{ "/dev/tape/by-id/scsi-35000e111", -1, "/dev/nst1" },
	{ "/dev/sch0", -1, "this is a changer, not a tape drive: name the " },
	{ "/dev/sg2", -1, "this is a changer, not a tape drive" },
	{ "/dev/nst9", -1,
	    "No such file or directory: name a drive such as /dev/nst0 or " },
	{ "/sys/class/scsi_host/host2/proc_name", -1,
	    "this is not a character device: name a drive such as" },
	{ "/dev/ttyS0", -1, "this is not a tape drive: name a drive such as" },
	{ "/dev/sg0", -1,
	    "this is not a tape drive, but another SCSI device: name a drive" },
	/* /sys does not have them. */
	{ "/dev/nst6", SCSI_DRIVE_ST_ONLY, "is /sys mounted?" },
	{ "/dev/st6", -1, "use the one whose name begins with nst" },
	{ "/dev/sg16", -1, "has the driver found the drive, and is /sys" },
};

START_TEST(a_command_that_uses_a_drive_takes_the_same_names)
{
	const struct drive_case *c = &drive_cases[_i];
	char full[PATH_MAX];

	fake_sysfs_write(&fake, "dev/ttyS0", "4:64\n");
	fake_sysfs_write(&fake, "dev/nst6", "9:134\n");
	fake_sysfs_write(&fake, "dev/st6", "9:6\n");
	fake_sysfs_write(&fake, "dev/sg16", "21:16\n");
	snprintf(full, sizeof full, "%s%s", fake.root, c->path);
	err[0] = '\0';
	ck_assert_int_eq(scsi_find_drive(full, &fake.system, &names, err,
			     sizeof err),
	    c->found);
	ck_assert_msg(strstr(err, c->says) != NULL, "%s", err);
	if (c->found == -1)
		ck_assert_ptr_nonnull(strstr(err, full));
}
END_TEST

/* What is no name of a changer, for a command that needs one. */
static const struct drive_case changer_cases[] = {
	{ "/dev/sch0", 0, "" },
	{ "/dev/sg2", 0, "" },
	{ "/dev/nst0", -1,
	    "this is a tape drive, not a changer: name a changer such as" },
	{ "/dev/sg4", -1, "this is a tape drive, not a changer" },
	{ "/dev/sch9", -1,
	    "No such file or directory: name a changer such as /dev/sch0 or " },
	/* Expected: advice about a changer.  Bug: about a drive. */
	{ "/dev/ttyS0", -1,
	    "this is not a changer: name a changer such as /dev/sch0 or "
	    "/dev/sg4, or a command such as \"mtx -f /dev/sg4\"" },
	{ "/dev/sg0", -1, "this is not a changer, but another SCSI device" },
};

START_TEST(a_command_that_uses_a_changer_takes_no_other_names)
{
	const struct drive_case *c = &changer_cases[_i];
	char full[PATH_MAX];

	fake_sysfs_write(&fake, "dev/ttyS0", "4:64\n");
	snprintf(full, sizeof full, "%s%s", fake.root, c->path);
	err[0] = '\0';
	ck_assert_int_eq(scsi_find_changer(full, &fake.system, &names, err,
			     sizeof err),
	    c->found);
	ck_assert_msg(strstr(err, c->says) != NULL, "%s", err);
	ck_assert_ptr_null(strstr(err, "/dev/nst0 or"));
}
END_TEST

START_TEST(speed_of_sas_and_of_fibre_channel)
{
	fake_sysfs_add(&fake, "5:0:0:0",
	    "pci/host5/port-5:1/end_device-5:1/target5:0:0", 1, 5, 15);
	fake_sysfs_write(&fake,
	    "sys/devices/pci/host5/port-5:1/phy-5:3/sas_phy/phy-5:3/"
	    "negotiated_linkrate",
	    "12.0 Gbit\n");
	ck_assert_int_eq(find("/dev/nst5"), 0);
	ck_assert_str_eq(names.link_speed, "12.0 Gbit");
	fake_sysfs_write(&fake, "sys/class/fc_host/host2/speed", "8 Gbit\n");
	ck_assert_int_eq(find("/dev/nst1"), 0);
	ck_assert_str_eq(names.link_speed, "8 Gbit");
}
END_TEST

static const struct wrong_case {
	const char *path, *says;
} wrong_cases[] = {
	{ "/dev/nst9", "No such file or directory: name a drive such as" },
	{ "/sys/class/scsi_host/host2/proc_name",
	    "this is not a character device" },
	{ "/dev/ttyS0", "not a tape drive or changer: name a drive such as" },
	{ "/dev/sg0", "but another SCSI device" },
};

START_TEST(other_things_are_refused)
{
	fake_sysfs_write(&fake, "dev/ttyS0", "4:64\n");
	ck_assert_int_eq(find(wrong_cases[_i].path), -1);
	ck_assert_msg(strstr(err, wrong_cases[_i].says) != NULL, "%s", err);
	ck_assert_ptr_nonnull(strstr(err, wrong_cases[_i].path));
}
END_TEST

/* As drivers/scsi/sg.c prints it. */
static const char debug[] =
    "max_active_device=5  def_reserved_size=32768\n"
    " >>> device=sg2 2:0:0:0   em=0 sg_tablesize=1 excl=0 open_cnt=1\n"
    "   FD(1): timeout=60000ms bufflen=32768 (res)sgat=1 low_dma=0\n"
    "   cmd_q=0 f_packid=0 k_orphan=0 closed=0\n"
    "     act: id=1 blen=0 t_o/elap=300000/99000ms sgat=0 op=0xa5\n"
    " >>> device=sg3 2:0:0:1   em=0 sg_tablesize=1 excl=1 open_cnt=1\n"
    "   FD(1): timeout=60000ms bufflen=32768 (res)sgat=1 low_dma=0\n"
    "   cmd_q=0 f_packid=0 k_orphan=0 closed=0\n"
    "     rcv: id=6 blen=0 dur=7000000ms sgat=0 op=0x0a\n"
    "     act: id=7 blen=0 t_o/elap=1680000/43210ms sgat=0 op=0x10\n"
    "   FD(2): timeout=60000ms bufflen=32768 (res)sgat=1 low_dma=0\n"
    "   cmd_q=0 f_packid=0 k_orphan=0 closed=0\n"
    "     rb>> act: id=1 blen=0 t_o/elap=14000000/3000ms sgat=0 op=0x00\n"
    " >>> device=sg4 2:0:0:2   em=0 sg_tablesize=1 excl=0 open_cnt=1\n"
    "   FD(1): timeout=60000ms bufflen=32768 (res)sgat=1 low_dma=0\n"
    "   cmd_q=0 f_packid=0 k_orphan=0 closed=0\n"
    "     No requests active\n";

START_TEST(the_oldest_command_without_an_answer)
{
	struct scsi_pending pending;

	ck_assert_int_eq(find("/dev/nst0"), 0);
	ck_assert(!scsi_find_pending(&names, &fake.system, &pending));
	fake_sysfs_write(&fake, "proc/scsi/sg/debug", debug);
	ck_assert(scsi_find_pending(&names, &fake.system, &pending));
	ck_assert_uint_eq(pending.opcode, 0x10);
	ck_assert_int_eq(pending.age_ns, INT64_C(43210) * 1000000);
	ck_assert_int_eq(find("/dev/sg4"), 0);
	ck_assert(!scsi_find_pending(&names, &fake.system, &pending));
	ck_assert_int_eq(find("/dev/sg2"), 0);
	ck_assert(scsi_find_pending(&names, &fake.system, &pending));
	ck_assert_uint_eq(pending.opcode, 0xa5);
}
END_TEST

START_TEST(a_drive_without_an_st_driver_has_an_sg_node)
{
	char path[PATH_MAX], moved[PATH_MAX];

	fake_sysfs_add(&fake, "7:0:0:0", "pci/host7/target7:0:0", 1, 7, 17);
	ck_assert_int_eq(find("/dev/sg17"), 0);
	/* The class is gone when its driver is not loaded. */
	snprintf(path, sizeof path, "%.3000s/scsi_tape", names.folder);
	snprintf(moved, sizeof moved, "%.3000s/gone", names.folder);
	ck_assert_int_eq(rename(path, moved), 0);
	ck_assert_int_eq(find("/dev/sg17"), 0);
	ck_assert_str_eq(names.st, "");
	ck_assert_str_eq(names.by_id, "");
	ck_assert_str_eq(below(names.sg), "/dev/sg17");
}
END_TEST

static void open_in(unsigned process, const char *program, unsigned fd,
    const char *path)
{
	char at[128];

	snprintf(at, sizeof at, "proc/%u/comm", process);
	fake_sysfs_write(&fake, at, program);
	snprintf(at, sizeof at, "proc/%u/fd/%u", process, fd);
	fake_sysfs_link(&fake, at, path);
}

START_TEST(programs_that_have_a_node_open)
{
	char text[256];

	ck_assert_int_eq(find("/dev/nst0"), 0);
	ck_assert_uint_eq(scsi_find_users(&names, &fake.system, text,
			      sizeof text),
	    0);
	ck_assert_str_eq(text, "");
	open_in(812, "bacula-sd\n", 4, "dev/st0");
	open_in(900, "mt\n", 3, "dev/nst1");
	open_in(901, "cat\n", 3, "dev/null");
	open_in((unsigned)getpid(), "check_names\n", 3, "dev/sg3");
	ck_assert_uint_eq(scsi_find_users(&names, &fake.system, text,
			      sizeof text),
	    1);
	ck_assert_str_eq(text, "bacula-sd (process 812)");
	strcpy(text, "/dev/sg3: busy");
	scsi_add_users(&names, &fake.system, text, sizeof text);
	ck_assert_str_eq(text,
	    "/dev/sg3: busy; the drive is in use by bacula-sd (process 812)");
	open_in(813, "a\033b\n", 4, "dev/sg3");
	ck_assert_uint_eq(scsi_find_users(&names, &fake.system, text,
			      sizeof text),
	    2);
	ck_assert_ptr_nonnull(strstr(text, "a?b (process 813)"));
	/* A short buffer is no danger. */
	scsi_find_users(&names, &fake.system, text, 10);
	ck_assert_uint_eq(strlen(text), 9);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("names");
	TCase *t = tcase_create("names");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, each_name_of_a_drive_gives_the_same_nodes, 0,
	    sizeof name_cases / sizeof *name_cases);
	tcase_add_test(t, a_changer_has_nodes_too);
	tcase_add_test(t, speed_of_sas_and_of_fibre_channel);
	tcase_add_loop_test(t, a_command_that_uses_a_drive_takes_the_same_names,
	    0, sizeof drive_cases / sizeof *drive_cases);
	tcase_add_loop_test(t,
	    a_command_that_uses_a_changer_takes_no_other_names, 0,
	    sizeof changer_cases / sizeof *changer_cases);
	tcase_add_loop_test(t, other_things_are_refused, 0,
	    sizeof wrong_cases / sizeof *wrong_cases);
	tcase_add_test(t, the_oldest_command_without_an_answer);
	tcase_add_test(t, a_drive_without_an_st_driver_has_an_sg_node);
	tcase_add_test(t, programs_that_have_a_node_open);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
