/*
 * initiator.c: checks what this host has to attach a library: the kernel's
 * initiator and tape drivers, open-iscsi, and QEMU.
 */
#include "sim/command/serve/impl.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "sim/command/cmd.h"

static bool exists(const char *pattern)
{
	glob_t found;
	bool any = glob(pattern, 0, NULL, &found) == 0;

	if (any)
		globfree(&found);
	return any;
}

/* Returns whether the running kernel has a module, loaded or not. */
static bool has_module(const char *name)
{
	struct utsname kernel;
	char path[512], line[512], file[64];
	bool built_in = false;
	FILE *f;

	snprintf(path, sizeof path, "/sys/module/%s", name);
	if (exists(path))
		return true;
	if (uname(&kernel) != 0)
		return false;
	snprintf(path, sizeof path,
	    "/lib/modules/%.200s/kernel/drivers/scsi/%s.ko*", kernel.release,
	    name);
	if (exists(path))
		return true;
	snprintf(path, sizeof path, "/lib/modules/%.200s/modules.builtin",
	    kernel.release);
	snprintf(file, sizeof file, "/%s.ko", name);
	f = fopen(path, "re");
	while (f != NULL && !built_in && fgets(line, sizeof line, f) != NULL)
		built_in = strstr(line, file) != NULL;
	if (f != NULL)
		fclose(f);
	return built_in;
}

/* Returns whether a program is in PATH or in the folders of administrators. */
static bool has_program(const char *name)
{
	const char *path = getenv("PATH");
	char *folders, *folder, *rest = NULL;
	char file[4096];
	bool found = false;

	if (asprintf(&folders, "%s:/usr/sbin:/sbin", path != NULL ? path : "") <
	    0)
		return false;
	for (folder = strtok_r(folders, ":", &rest); folder != NULL && !found;
	     folder = strtok_r(NULL, ":", &rest)) {
		snprintf(file, sizeof file, "%s/%s", folder, name);
		found = access(file, X_OK) == 0;
	}
	free(folders);
	return found;
}

static bool report(bool has, const char *what, const char *why)
{
	printf("%-8s %s%s%s\n", has ? "found" : "missing", what,
	    has ? "" : ": ", has ? "" : why);
	return has;
}

static const struct {
	const char *name, *why;
} modules[] = {
	{ "iscsi_tcp", "the initiator of the kernel; on a cloud kernel install "
		       "the package with further modules" },
	{ "st", "the tape driver" },
	{ "sg", "the driver that mtx and sg3_utils use" },
	{ "ch", "the driver of changers; mtx does without it" },
}, programs[] = {
	{ "iscsiadm", "install open-iscsi" },
	{ "iscsid", "install open-iscsi" },
	{ "mt", "install mt-st" },
	{ "mtx", "install mtx" },
};

/* What Linux needs to attach a library itself. */
static bool check_linux(void)
{
	char what[64];
	bool all = true;
	size_t i;

	puts("To attach a library to this host:");
	for (i = 0; i < sizeof modules / sizeof *modules; i++) {
		snprintf(what, sizeof what, "kernel module %s",
		    modules[i].name);
		all &=
		    report(has_module(modules[i].name), what, modules[i].why) ||
		    strcmp(modules[i].name, "ch") == 0;
	}
	for (i = 0; i < sizeof programs / sizeof *programs; i++)
		all &= report(has_program(programs[i].name), programs[i].name,
		    programs[i].why);
	all &= report(geteuid() == 0, "root",
	    "iscsiadm and the tape devices need it: use sudo");
	return all;
}

static bool check_qemu(void)
{
	bool all;

	puts("To attach a library to a guest of QEMU, without root:");
	all = report(has_program("qemu-system-x86_64"), "qemu-system-x86_64",
	    "install qemu-system-x86");
	all &= report(exists("/usr/lib/*/qemu/block-iscsi.so") ||
		exists("/usr/lib/qemu/block-iscsi.so") ||
		exists("/usr/lib64/qemu/block-iscsi.so") ||
		exists("/usr/lib64/qemu-kvm/block-iscsi.so"),
	    "QEMU's iSCSI initiator",
	    "install qemu-block-extra (Debian, Ubuntu) or "
	    "qemu-block-iscsi, or attach inside the guest by open-iscsi");
	report(access("/dev/kvm", R_OK | W_OK) == 0, "/dev/kvm",
	    "guests work, but slowly");
	return all;
}

int serve_check_initiator(void)
{
	bool any = check_linux();

	any |= check_qemu();
	return any ? CMD_OK : CMD_FAILED;
}
