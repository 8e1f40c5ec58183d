/* fake_sysfs.c: see fake_sysfs.h. */
#include "splitter/scsi/node/tests/fake_sysfs.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/base/temporary.h"

enum { ST_MAJOR = 9, SG_MAJOR = 21, CHANGER_MAJOR = 86, NO_REWIND = 128 };

static void die(const char *path)
{
	perror(path);
	abort();
}

static void make_folders(char *path)
{
	for (char *c = path + 1; *c != '\0'; c++)
		if (*c == '/') {
			*c = '\0';
			if (mkdir(path, 0777) != 0 && errno != EEXIST)
				die(path);
			*c = '/';
		}
}

static void path_of(struct fake_sysfs *fake, const char *path,
    char full[PATH_MAX])
{
	snprintf(full, PATH_MAX, "%s/%s", fake->root, path);
	make_folders(full);
}

void fake_sysfs_write(struct fake_sysfs *fake, const char *path,
    const char *text)
{
	char full[PATH_MAX];
	FILE *f;

	path_of(fake, path, full);
	f = fopen(full, "w");
	if (f == NULL || fputs(text, f) == EOF || fclose(f) != 0)
		die(full);
}

void fake_sysfs_link(struct fake_sysfs *fake, const char *path,
    const char *target)
{
	char full[PATH_MAX], to[PATH_MAX];

	path_of(fake, path, full);
	path_of(fake, target, to);
	if (symlink(to, full) != 0)
		die(full);
}

/* The files in /dev have their number as text. */
static int device_number(void *arg, const char *path, unsigned *major,
    unsigned *minor)
{
	FILE *f = fopen(path, "r");
	int n;

	(void)arg;
	if (f == NULL)
		return errno;
	n = fscanf(f, "%u:%u", major, minor);
	fclose(f);
	return n == 2 ? 0 : ENOTTY;
}

void fake_sysfs_make(struct fake_sysfs *fake)
{
	memset(fake, 0, sizeof *fake);
	snprintf(fake->root, sizeof fake->root, "%s/sysfs.XXXXXX",
	    temporary_folder());
	if (mkdtemp(fake->root) == NULL)
		die(fake->root);
	fake->system.root = fake->root;
	fake->system.device_number = device_number;
}

static int remove_one(const char *path, const struct stat *st, int flag,
    struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

void fake_sysfs_remove(struct fake_sysfs *fake)
{
	nftw(fake->root, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void add_node(struct fake_sysfs *fake, const char *device,
    const char *class, const char *name, unsigned major, unsigned minor)
{
	char path[PATH_MAX], at[PATH_MAX], number[32];

	snprintf(number, sizeof number, "%u:%u\n", major, minor);
	snprintf(path, sizeof path, "dev/%s", name);
	fake_sysfs_write(fake, path, number);
	snprintf(at, sizeof at, "%s/%s/%s", device, class, name);
	snprintf(path, sizeof path, "%.3000s/dev", at);
	fake_sysfs_write(fake, path, number);
	snprintf(path, sizeof path, "%.3000s/device", at);
	fake_sysfs_link(fake, path, device);
	snprintf(path, sizeof path, "sys/class/%s/%s", class, name);
	fake_sysfs_link(fake, path, at);
	snprintf(path, sizeof path, "%.3000s/subsystem", at);
	snprintf(at, sizeof at, "sys/class/%s", class);
	fake_sysfs_link(fake, path, at);
	snprintf(path, sizeof path, "sys/dev/char/%u:%u", major, minor);
	snprintf(at, sizeof at, "%s/%s/%s", device, class, name);
	fake_sysfs_link(fake, path, at);
}

static void add_by_id(struct fake_sysfs *fake, const char *name,
    const char *suffix, unsigned n)
{
	char path[PATH_MAX], to[64];

	snprintf(path, sizeof path, "%s/dev/tape/by-id/scsi-35000e11%u%s",
	    fake->root, n, suffix);
	make_folders(path);
	/* as udev makes them */
	snprintf(to, sizeof to, "../../%s%u", name, n);
	if (symlink(to, path) != 0)
		die(path);
}

void fake_sysfs_add(struct fake_sysfs *fake, const char *address,
    const char *above, unsigned type, unsigned n, unsigned sg)
{
	char device[PATH_MAX], text[64], name[PATH_MAX];

	snprintf(device, sizeof device, "sys/devices/%s/%s", above, address);
	snprintf(text, sizeof text, "%u\n", type);
	snprintf(name, sizeof name, "%.3000s/type", device);
	fake_sysfs_write(fake, name, text);
	snprintf(name, sizeof name, "sg%u", sg);
	add_node(fake, device, "scsi_generic", name, SG_MAJOR, sg);
	if (type == 1) {
		snprintf(name, sizeof name, "st%u", n);
		add_node(fake, device, "scsi_tape", name, ST_MAJOR, n);
		snprintf(name, sizeof name, "nst%u", n);
		add_node(fake, device, "scsi_tape", name, ST_MAJOR,
		    NO_REWIND + n);
		snprintf(name, sizeof name, "nst%ua", n);
		add_node(fake, device, "scsi_tape", name, ST_MAJOR,
		    NO_REWIND + 96 + n);
		add_by_id(fake, "st", "", n);
		add_by_id(fake, "nst", "-nst", n);
	} else if (type == 8) {
		snprintf(name, sizeof name, "sch%u", n);
		add_node(fake, device, "scsi_changer", name, CHANGER_MAJOR, n);
	}
}
