/* fake_host.c: see fake_host.h. */
#include "splitter/changer/tests/fake_host.h"

#include <check.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vtl/base/files.h"

enum { ST_MAJOR = 9, SG_MAJOR = 21, NO_REWIND = 128 };

static int device_number(void *arg, const char *path, unsigned *major,
    unsigned *minor)
{
	const char *name = strrchr(path, '/');

	(void)arg;
	if (name != NULL && sscanf(name, "/nst%u", minor) == 1) {
		*minor += NO_REWIND;
		*major = ST_MAJOR;
	} else if (name != NULL && sscanf(name, "/sg%u", minor) == 1) {
		*major = SG_MAJOR;
	} else {
		return ENOENT;
	}
	return 0;
}

/* Writes a path below the root, and makes its folders. */
static void path_of(const struct fake_host *host, char path[512],
    const char *format, va_list ap)
{
	size_t n = strlen(host->root);

	memcpy(path, host->root, n + 1);
	vsnprintf(path + n, 512 - n, format, ap);
	for (char *p = path + n + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		mkdir(path, 0700);
		*p = '/';
	}
}

static void __attribute__((format(printf, 4, 5)))
put(const struct fake_host *host, const void *data, size_t bytes,
    const char *format, ...)
{
	char path[512];
	va_list ap;
	FILE *f;

	va_start(ap, format);
	path_of(host, path, format, ap);
	va_end(ap);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_uint_eq(fwrite(data, 1, bytes, f), bytes);
	fclose(f);
}

static void __attribute__((format(printf, 3, 4)))
put_link(const struct fake_host *host, const char *target, const char *format,
    ...)
{
	char path[512], to[512];
	va_list ap;

	va_start(ap, format);
	path_of(host, path, format, ap);
	va_end(ap);
	/* an absolute one is below the root */
	snprintf(to, sizeof to, "%s%s", target[0] == '/' ? host->root : "",
	    target);
	ck_assert_int_eq(symlink(to, path), 0);
}

void fake_host_make(struct fake_host *host)
{
	strcpy(host->root, "/tmp/fake_host.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(host->root));
	host->system = (struct scsi_system){ .root = host->root,
		.device_number = device_number };
	put(host, "", 0, "/sys/class/scsi_tape/none");
	put(host, "", 0, "/sys/class/scsi_generic/none");
}

/* A node of a class: its folder, and the links to it. */
static void add_class(struct fake_host *host, unsigned drive, const char *class,
    const char *name, unsigned major, unsigned minor)
{
	char folder[128], target[128];

	snprintf(folder, sizeof folder, "/sys/devices/0:0:0:%u/%s/%s", drive,
	    class, name);
	put_link(host, "../..", "%s/device", folder);
	snprintf(target, sizeof target, "/sys/class/%s", class);
	put_link(host, target, "%s/subsystem", folder);
	put_link(host, folder, "/sys/class/%s/%s", class, name);
	put_link(host, folder, "/sys/dev/char/%u:%u", major, minor);
}

void fake_host_keep(struct fake_host *host, unsigned n, unsigned code,
    const void *page, size_t bytes)
{
	put(host, page, bytes, "/sys/devices/0:0:0:%u/vpd_pg%02x", n, code);
}

void fake_host_product(struct fake_host *host, unsigned n, const char *product)
{
	put(host, product, strlen(product), "/sys/devices/0:0:0:%u/model", n);
}

void fake_host_add(struct fake_host *host, unsigned n, const char *serial)
{
	char name[32], page[128] = "";
	size_t bytes;

	put(host, "1\n", 2, "/sys/devices/0:0:0:%u/type", n);
	snprintf(name, sizeof name, "nst%u", n);
	add_class(host, n, "scsi_tape", name, ST_MAJOR, NO_REWIND + n);
	snprintf(name, sizeof name, "sg%u", n + 1);
	add_class(host, n, "scsi_generic", name, SG_MAJOR, n + 1);
	snprintf(name, sizeof name, "../../nst%u", n);
	put_link(host, name, "/dev/tape/by-id/scsi-%u-nst", n);
	if (serial == NULL)
		return;
	bytes = strlen(serial);
	page[0] = 1;
	page[1] = (char)0x80;
	page[3] = (char)bytes;
	memcpy(page + 4, serial, bytes);
	fake_host_keep(host, n, 0x80, page, bytes + 4);
}

const char *fake_host_node(const struct fake_host *host, const char *name,
    char path[SCSI_PATH_BYTES])
{
	snprintf(path, SCSI_PATH_BYTES, "%s/dev/%s", host->root, name);
	return path;
}

void fake_host_free(struct fake_host *host)
{
	files_remove(host->root);
}
