/* check_device_choice.c: which back end uses a drive, and why. */
#include <check.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "splitter/api/device_choice.h"
#include "splitter/scsi/node/tests/fake_sysfs.h"
#include "splitter/tests/run_suite.h"

static struct fake_sysfs fake;
static struct device_choice choice;
static char err[512];

static void setup(void)
{
	fake_sysfs_make(&fake);
	fake_sysfs_add(&fake, "2:0:0:1", "pci/host2/target2:0:0", 1, 0, 3);
	fake_sysfs_add(&fake, "2:0:0:2", "pci/host2/target2:0:0", 1, 1, 4);
	fake_sysfs_add(&fake, "2:0:0:0", "pci/host2/target2:0:0", 8, 0, 2);
}

static void teardown(void)
{
	fake_sysfs_remove(&fake);
}

static int choose(const char *path, enum splitter_backend wanted)
{
	char full[PATH_MAX];

	snprintf(full, sizeof full, "%s%s", fake.root, path);
	return device_choose(full, wanted, &fake.system, &choice, err,
	    sizeof err);
}

static const char *below(const char *path)
{
	return path + (path[0] != '\0' ? strlen(fake.root) : 0);
}

START_TEST(any_node_of_a_drive_names_it)
{
	static const char *const nodes[] = { "/dev/nst1", "/dev/nst1a",
		"/dev/sg4", "/dev/tape/by-id/scsi-35000e111-nst" };
	const bool is_sg = _i == 2;

	ck_assert_int_eq(choose(nodes[_i], SPLITTER_BACKEND_ANY), 0);
	ck_assert_int_eq(choice.backend, SPLITTER_BACKEND_SG);
	ck_assert_str_eq(below(choice.names.sg), "/dev/sg4");
	ck_assert_ptr_nonnull(strstr(choice.why, "SCSI commands, through"));
	ck_assert_int_eq(choose(nodes[_i], SPLITTER_BACKEND_ST), 0);
	ck_assert_int_eq(choice.backend, SPLITTER_BACKEND_ST);
	ck_assert_str_eq(below(choice.st), is_sg ? "/dev/nst1" : nodes[_i]);
	/* Some rules are not met, whoever chose it. */
	ck_assert_ptr_nonnull(strstr(choice.why,
	    "the tape driver, without reservation"));
	ck_assert_ptr_nonnull(strstr(choice.why, ": it was chosen, and"));
}
END_TEST

START_TEST(what_is_no_drive_is_refused)
{
	static const struct {
		const char *path, *says;
	} rows[] = {
		{ "/dev/st0", "rewinds the tape when it is closed: use " },
		{ "/dev/tape/by-id/scsi-35000e110", "rewinds the tape" },
		{ "/dev/sch0", "a changer, not a tape drive" },
		{ "/dev/sg2", "a changer, not a tape drive" },
	};
	enum splitter_backend wanted;

	for (wanted = SPLITTER_BACKEND_ST; wanted <= SPLITTER_BACKEND_ANY;
	     wanted++) {
		ck_assert_int_eq(choose(rows[_i].path, wanted), -1);
		ck_assert_msg(strstr(err, rows[_i].says) != NULL, "%s", err);
	}
	if (_i == 0)
		ck_assert_ptr_nonnull(strstr(err, "/dev/nst0"));
}
END_TEST

/* Returns whether the process had CAP_SYS_RAWIO; it has not any more. */
static bool drop_raw_io(void)
{
	bool had;
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	ck_assert_int_eq(syscall(SYS_capget, &header, data), 0);
	had = (data[0].effective & 1u << CAP_SYS_RAWIO) != 0;
	data[0].effective &= ~(1u << CAP_SYS_RAWIO);
	ck_assert_int_eq(syscall(SYS_capset, &header, data), 0);
	return had;
}

/* The sg node may not be opened: the line says what is missing, and the rule. */
START_TEST(without_leave_for_the_sg_node_the_tape_driver_is_used)
{
	char path[PATH_MAX];
	bool memory_was_missing;

	snprintf(path, sizeof path, "%s/dev/sg3", fake.root);
	ck_assert_int_eq(chmod(path, 0), 0);
	ck_assert_int_eq(chmod(fake.root, 0755), 0);
	/* access() asks for the real user; the other one removes the files */
	if (getuid() == 0)
		ck_assert_int_eq(setreuid(65534, (uid_t)-1), 0);
	ck_assert_int_eq(choose("/dev/nst0", SPLITTER_BACKEND_ANY), 0);
	ck_assert_int_eq(choice.backend, SPLITTER_BACKEND_ST);
	ck_assert_msg(strstr(choice.why, "/dev/sg3: Permission denied") !=
		    NULL &&
		strstr(choice.why, "GROUP=\"tape\"") != NULL,
	    "%s", choice.why);
	memory_was_missing =
	    strstr(choice.why,
		"without reservation, cartridge memory (MAM) and "
		"error counters: ") != NULL;
	ck_assert_int_eq(choose("/dev/nst0", SPLITTER_BACKEND_SG), -1);
	ck_assert_ptr_nonnull(strstr(err, "Permission denied"));
	ck_assert_int_eq(choose("/dev/sg3", SPLITTER_BACKEND_ANY), 0);
	ck_assert_str_eq(below(choice.st), "/dev/nst0");
	/* The same if it was asked for: the sg node is forbidden all the same. */
	ck_assert_int_eq(choose("/dev/nst0", SPLITTER_BACKEND_ST), 0);
	ck_assert_msg(strstr(choice.why, "without reservation") != NULL &&
		strstr(choice.why, "/dev/sg3: Permission denied") != NULL,
	    "%s", choice.why);
	/* With that capability both are read through the tape driver. */
	ck_assert_int_eq(memory_was_missing, !drop_raw_io());
	ck_assert_int_eq(choose("/dev/nst0", SPLITTER_BACKEND_ANY), 0);
	ck_assert_msg(strstr(choice.why, "and error counters: ") != NULL, "%s",
	    choice.why);
}
END_TEST

/* The driver has no node for the device. */
static void remove_class(const char *address, const char *class)
{
	char path[512], away[520];

	snprintf(path, sizeof path,
	    "%s/sys/devices/pci/host2/target2:0:0/%s/%s", fake.root, address,
	    class);
	snprintf(away, sizeof away, "%s.away", path);
	ck_assert_int_eq(rename(path, away), 0);
}

START_TEST(a_drive_without_a_node_of_a_driver)
{
	remove_class("2:0:0:1", "scsi_generic");
	ck_assert_int_eq(choose("/dev/nst0", SPLITTER_BACKEND_ANY), 0);
	ck_assert_int_eq(choice.backend, SPLITTER_BACKEND_ST);
	ck_assert_ptr_nonnull(strstr(choice.why, "modprobe sg"));
	remove_class("2:0:0:2", "scsi_tape");
	ck_assert_int_eq(choose("/dev/sg4", SPLITTER_BACKEND_ANY), 0);
	ck_assert_int_eq(choice.backend, SPLITTER_BACKEND_SG);
	ck_assert_int_eq(choose("/dev/sg4", SPLITTER_BACKEND_ST), -1);
	ck_assert_ptr_nonnull(strstr(err, "modprobe st"));
}
END_TEST

START_TEST(a_device_that_is_not_there)
{
	enum splitter_backend wanted;

	for (wanted = SPLITTER_BACKEND_ST; wanted <= SPLITTER_BACKEND_ANY;
	     wanted++) {
		ck_assert_int_eq(choose("/dev/nst7", wanted), -1);
		ck_assert_ptr_nonnull(strstr(err, "No such file"));
	}
}
END_TEST

/* As in a container without /sys: only the tape driver's back end is left. */
START_TEST(a_device_that_is_not_in_sysfs)
{
	fake_sysfs_write(&fake, "dev/nst6", "9:134\n");
	ck_assert_int_eq(choose("/dev/nst6", SPLITTER_BACKEND_SG), -1);
	ck_assert_ptr_nonnull(strstr(err, "is /sys mounted?"));
	ck_assert_int_eq(choose("/dev/nst6", SPLITTER_BACKEND_ANY), 0);
	ck_assert_int_eq(choice.backend, SPLITTER_BACKEND_ST);
	ck_assert_str_eq(below(choice.st), "/dev/nst6");
	ck_assert_str_eq(choice.why, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("device_choice");
	TCase *t = tcase_create("device_choice");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, any_node_of_a_drive_names_it, 0, 4);
	tcase_add_loop_test(t, what_is_no_drive_is_refused, 0, 4);
	tcase_add_test(t,
	    without_leave_for_the_sg_node_the_tape_driver_is_used);
	tcase_add_test(t, a_drive_without_a_node_of_a_driver);
	tcase_add_test(t, a_device_that_is_not_there);
	tcase_add_test(t, a_device_that_is_not_in_sysfs);
	suite_add_tcase(suite, t);
	return run_suite(suite);
}
