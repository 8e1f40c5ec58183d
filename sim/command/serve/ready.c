/*
 * ready.c: how to attach a library that is served.
 *
 * The server has the file of --ready locked as long as it lives, however it
 * ends: whoever could lock it has found the file of a server that was killed.
 */
#include "sim/command/serve/impl.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/named_file.h"
#include "sim/command/cmd.h"
#include "sim/command/print.h"

enum { BY_ID_BYTES = 64 };

void serve_target_suffix(size_t drive, char suffix[SUFFIX_BYTES])
{
	snprintf(suffix, SUFFIX_BYTES, "drive%zu", drive);
}

static void element_name(const struct serve_device *device, size_t lun,
    char name[32])
{
	if (device->model == NULL)
		snprintf(name, 32, "changer");
	else
		snprintf(name, 32, "drive:%zu", lun - 1);
}

/*
 * The link that udev makes (60-persistent-storage-tape.rules): the type of the
 * designator, 3, and the NAA; the tape device that does not rewind.
 */
static void by_id(const struct serve_device *device, char path[BY_ID_BYTES])
{
	snprintf(path, BY_ID_BYTES, "/dev/tape/by-id/scsi-3%016" PRIx64 "%s",
	    device->identity->naa, device->model == NULL ? "-changer" : "-nst");
}

static void print_devices(const struct attachment *a)
{
	char name[32], path[BY_ID_BYTES];
	size_t i;

	for (i = 0; i < serve_device_count(a->serve); i++) {
		struct serve_device d = serve_get_device(a->serve, i);

		element_name(&d, i, name);
		by_id(&d, path);
		printf("  LUN %zu: %s, %s %s, serial number %s, %s\n", i, name,
		    d.identity->vendor, d.identity->product, d.identity->serial,
		    path);
	}
}

void serve_print_attachment(const struct attachment *a)
{
	char portal[ISCSI_PORTAL_BYTES];

	iscsi_portal_write(&a->portal, portal);
	print_line("serving ", a->folder);
	printf("at %s as %s\n", portal, a->name);
	print_devices(a);
	printf("attach it to Linux (open-iscsi):\n"
	       "  iscsiadm -m discoverydb -t sendtargets -p %s --discover\n"
	       "  iscsiadm -m node -T %s -p %s --login\n",
	    portal, a->name, portal);
	printf("attach it to a guest of QEMU:\n"
	       "  -device virtio-scsi-pci,id=tapes\n"
	       "  -drive if=none,format=raw,id=changer,file=iscsi://%s/%s/0\n"
	       "  -device scsi-generic,bus=tapes.0,drive=changer,lun=0\n"
	       "  -drive if=none,format=raw,id=drive0,file=iscsi://%s/%s/1\n"
	       "  -device scsi-generic,bus=tapes.0,drive=drive0,lun=1\n",
	    portal, a->name, portal, a->name);
	if (a->needs_chap)
		printf("set user and secret of the initiator: CHAP in "
		       "tapelab-serve(1)\n");
	fflush(stdout);
}

static json_t *device_json(const struct attachment *a, size_t lun)
{
	struct serve_device d = serve_get_device(a->serve, lun);
	char name[32], path[BY_ID_BYTES], naa[17], suffix[SUFFIX_BYTES];
	char target[ISCSI_NAME_BYTES + SUFFIX_BYTES] = "";
	json_t *json;

	element_name(&d, lun, name);
	by_id(&d, path);
	snprintf(naa, sizeof naa, "%016" PRIx64, d.identity->naa);
	json = json_pack("{s:i, s:s, s:i, s:s, s:s, s:s, s:s, s:s, s:s}", "lun",
	    (int)lun, "element", name, "address", (int)d.address, "vendor",
	    d.identity->vendor, "product", d.identity->product, "revision",
	    d.identity->revision, "serial", d.identity->serial, "naa", naa,
	    "by_id", path);
	if (lun == 0)
		return json;
	serve_target_suffix(lun - 1, suffix);
	snprintf(target, sizeof target, "%s.%s", a->name, suffix);
	json_object_set_new(json, "target", json_string(target));
	return json;
}

static json_t *ready_json(const struct attachment *a)
{
	char portal[ISCSI_PORTAL_BYTES];
	json_t *luns = json_array();
	size_t i;

	iscsi_portal_write(&a->portal, portal);
	for (i = 0; i < serve_device_count(a->serve); i++)
		json_array_append_new(luns, device_json(a, i));
	return json_pack("{s:o, s:i, s:s, s:s, s:i, s:s, s:o}", "library",
	    print_text(a->folder), "pid", (int)getpid(), "address", portal,
	    "host", a->portal.host, "port", (int)a->portal.port, "iqn", a->name,
	    "luns", luns);
}

static int ready_failed(const char *path, const char *why)
{
	fprintf(stderr, "tapelab: --ready: cannot write %s: %s\n", path, why);
	return CMD_USAGE;
}

static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

/*
 * Returns whether a regular file is one of --ready.  An empty one is, too: of
 * mktemp(1), or of a server that was killed before it wrote.
 */
static bool is_ready_file(const char *path, off_t bytes)
{
	json_t *json;
	bool is_one;

	if (bytes == 0)
		return true;
	json = json_load_file(path, 0, NULL);
	is_one = json_is_integer(json_object_get(json, "pid")) &&
	    json_is_string(json_object_get(json, "iqn"));
	json_decref(json);
	return is_one;
}

/* Returns why what is at `path` must stay; NULL: it can be replaced. */
static const char *find_objection(const char *path)
{
	const char *objection = named_file_objection(path);
	struct stat st;

	if (objection == NULL && stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	    !is_ready_file(path, st.st_size))
		objection = "no server has written this file, so it is not "
			    "replaced: name another file, or remove it";
	return objection;
}

static int write_line(FILE *f, const char *text)
{
	int error = fprintf(f, "%s\n", text) < 0 || fflush(f) != 0 ? errno : 0;

	if (fclose(f) != 0 && error == 0)
		error = errno;
	return error;
}

/*
 * Creates the file from which `path` is made.  One that is there is left of a server
 * that was killed.  Returns NULL, and an error.
 */
static FILE *create_new(const char *new, int *error)
{
	FILE *f = fopen(new, "wxe");

	*error = f != NULL ? 0 : errno;
	if (*error != EEXIST || find_objection(new) != NULL)
		return f;
	if (unlink(new) == 0)
		f = fopen(new, "wxe");
	*error = f != NULL ? 0 : errno;
	return f;
}

/*
 * Writes the text as a new file, which then replaces `path`, and stays locked.
 * Returns an exit status.
 */
static int replace(const char *path, const char *text, struct file_lock **held)
{
	char *new;
	FILE *f;
	int error, status;

	if (asprintf(&new, "%s.new", path) < 0)
		return ready_failed(path, strerror(ENOMEM));
	f = create_new(new, &error);
	if (f != NULL)
		error = write_line(f, text);
	/* A file system without locks: a later start removes the file. */
	if (error == 0 &&
	    (*held = file_lock_open(new, FILE_LOCK_WRITE)) != NULL)
		file_lock_take(*held, 0, false);
	if (error == 0 && rename(new, path) != 0)
		error = errno;
	if (error != 0 && f != NULL)
		unlink(new);
	status = error == 0
	    ? CMD_OK
	    : ready_failed(f != NULL ? path : new, strerror(error));
	free(new);
	return status;
}

/*
 * Writes the text into what is there: a FIFO or a device.  A file in its place
 * would take it away from all who use it.
 */
static int write_into(const char *path, const char *text)
{
	char err[256];
	FILE *f = named_file_open(path, err, sizeof err);
	int error;

	if (f == NULL)
		return ready_failed(path, err);
	error = write_line(f, text);
	return error == 0 ? CMD_OK : ready_failed(path, strerror(error));
}

int serve_remove_old_ready(const char *path)
{
	const char *objection = find_objection(path);
	struct file_lock *lock;

	if (objection != NULL)
		return ready_failed(path, objection);
	if (is_special(path))
		return CMD_OK;
	lock = file_lock_open(path, FILE_LOCK_READ);
	if (lock == NULL || file_lock_test(lock, 0) != FILE_LOCK_HELD)
		unlink(path);
	file_lock_close(lock);
	return CMD_OK;
}

void serve_end_ready(const char *path, struct file_lock *held)
{
	struct stat own, there;

	if (held == NULL)
		return;
	if (file_lock_stat(held, &own) == 0 && lstat(path, &there) == 0 &&
	    own.st_dev == there.st_dev && own.st_ino == there.st_ino)
		unlink(path);
	file_lock_close(held);
}

int serve_write_ready(const char *path, const struct attachment *a,
    struct file_lock **held)
{
	const char *objection = find_objection(path);
	int status;
	json_t *json;
	char *text;

	*held = NULL;
	if (objection != NULL)
		return ready_failed(path, objection);
	json = ready_json(a);
	text = json_dumps(json, JSON_INDENT(2));
	json_decref(json);
	if (text == NULL)
		status = ready_failed(path, strerror(ENOMEM));
	else if (is_special(path))
		status = write_into(path, text);
	else
		status = replace(path, text, held);
	free(text);
	return status;
}
