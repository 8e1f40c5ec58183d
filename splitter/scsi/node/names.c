/* names.c: see names.h. */
#include "splitter/scsi/node/names.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/major.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "splitter/base/first_line.h"
#include "splitter/base/sentence.h"

/* Texts that are too long become "": a name that is cut names nothing. */
#define PRINT(text, ...) print(text, sizeof(text), __VA_ARGS__)

static bool __attribute__((format(printf, 3, 4)))
print(char *text, size_t bytes, const char *format, ...)
{
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(text, bytes, format, ap);
	va_end(ap);
	if (n >= 0 && (size_t)n < bytes)
		return true;
	text[0] = '\0';
	return false;
}

static const char *root_of(const struct scsi_system *system)
{
	return system->root != NULL ? system->root : "";
}

static int number_of(const struct scsi_system *system, const char *path,
    unsigned *major_number, unsigned *minor_number)
{
	struct stat st;

	if (system->device_number != NULL)
		return system->device_number(system->arg, path, major_number,
		    minor_number);
	if (stat(path, &st) != 0)
		return errno;
	if (!S_ISCHR(st.st_mode))
		return ENOTTY;
	*major_number = major(st.st_rdev);
	*minor_number = minor(st.st_rdev);
	return 0;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/*
 * Calls `take` with the names in a folder, in the order of the alphabet, until
 * it returns true.  Returns whether it did.
 */
static bool each_name(const char *folder,
    bool (*take)(void *arg, const char *name), void *arg)
{
	struct dirent **list = NULL;
	int count = scandir(folder, &list, NULL, alphasort);
	bool taken = false;

	for (int i = 0; i < count; i++) {
		if (!taken && list[i]->d_name[0] != '.')
			taken = take(arg, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return taken;
}

/* The shortest name that begins so: "nst0", not "nst0a". */
struct first {
	const char *prefix;
	char *name;
	size_t bytes;
};

static bool take_first(void *arg, const char *name)
{
	struct first *f = arg;

	if (strncmp(name, f->prefix, strlen(f->prefix)) == 0 &&
	    (f->name[0] == '\0' || strlen(name) < strlen(f->name)))
		print(f->name, f->bytes, "%s", name);
	return false;
}

/* Finds the node of a class that the device has: "sg3" in scsi_generic/. */
static void node_of(const char *root, const char *folder, const char *class,
    const char *prefix, char path[SCSI_PATH_BYTES])
{
	char name[64] = "", in[PATH_MAX];
	struct first f = { prefix, name, sizeof name };

	path[0] = '\0';
	if (!PRINT(in, "%s/%s", folder, class))
		return;
	each_name(in, take_first, &f);
	if (name[0] != '\0')
		print(path, SCSI_PATH_BYTES, "%s/dev/%s", root, name);
}

struct link_search {
	const char *folder, *target;
	char *path;
};

/* A link in /dev/tape/by-id to the node. */
static bool take_link(void *arg, const char *name)
{
	struct link_search *s = arg;
	char path[PATH_MAX], to[PATH_MAX];
	ssize_t n;

	if (!PRINT(path, "%s/%s", s->folder, name))
		return false;
	n = readlink(path, to, sizeof to - 1);
	if (n <= 0)
		return false;
	to[n] = '\0';
	if (strcmp(base_of(to), s->target) != 0)
		return false;
	return print(s->path, SCSI_PATH_BYTES, "%s", path);
}

static void find_by_id(const char *root, struct scsi_names *names)
{
	const char *node = names->st[0] != '\0' ? names->st : names->changer;
	char folder[PATH_MAX];
	struct link_search search = { folder, base_of(node), names->by_id };

	if (node[0] != '\0' && PRINT(folder, "%s/dev/tape/by-id", root))
		each_name(folder, take_link, &search);
}

static bool take_phy(void *arg, const char *name)
{
	struct first *f = arg;
	char path[PATH_MAX];

	if (strncmp(name, "phy-", 4) != 0 ||
	    !PRINT(path, "%s/%s/sas_phy/%s/negotiated_linkrate", f->prefix,
		name, name))
		return false;
	first_line_read(path, f->name, f->bytes);
	return f->name[0] != '\0';
}

/*
 * The speed of a SAS device is in its port, .../port-0:1/, above
 * .../end_device-0:1/target0:0:1/0:0:1:0; that of Fibre Channel in the host.
 */
static void find_link_speed(const char *root, struct scsi_names *names)
{
	char port[PATH_MAX], path[PATH_MAX];
	char *end = NULL;
	unsigned host;

	if (PRINT(port, "%s", names->folder))
		end = strstr(port, "/end_device-");
	if (end != NULL) {
		struct first f = { port, names->link_speed,
			sizeof names->link_speed };

		*end = '\0';
		each_name(port, take_phy, &f);
	}
	if (names->link_speed[0] == '\0' &&
	    sscanf(names->address, "%u:", &host) == 1 &&
	    PRINT(path, "%s/sys/class/fc_host/host%u/speed", root, host))
		first_line_read(path, names->link_speed,
		    sizeof names->link_speed);
}

static void find_adapter(const char *root, struct scsi_names *names)
{
	char path[PATH_MAX];
	unsigned host;

	if (sscanf(names->address, "%u:", &host) == 1 &&
	    PRINT(path, "%s/sys/class/scsi_host/host%u/proc_name", root, host))
		first_line_read(path, names->driver, sizeof names->driver);
	find_link_speed(root, names);
	if (names->st[0] != '\0' &&
	    PRINT(path, "%s/sys/class/scsi_tape/%s/options", root,
		base_of(names->st)))
		first_line_read(path, names->st_options,
		    sizeof names->st_options);
}

/* Returns whether the class of this device in sysfs is one of ours. */
static bool find_kind(const char *class_folder, struct scsi_names *names)
{
	char subsystem[PATH_MAX], real[PATH_MAX];
	const char *class;

	if (!PRINT(subsystem, "%s/subsystem", class_folder) ||
	    realpath(subsystem, real) == NULL)
		return false;
	class = base_of(real);
	if (strcmp(class, "scsi_tape") == 0) {
		names->given = SCSI_NODE_ST;
		names->given_rewinds = base_of(class_folder)[0] != 'n';
	} else if (strcmp(class, "scsi_generic") == 0) {
		names->given = SCSI_NODE_SG;
	} else if (strcmp(class, "scsi_changer") == 0) {
		names->given = SCSI_NODE_CHANGER;
	} else {
		return false;
	}
	return true;
}

/* The type of the device, as SPC-4 has it; NUL: unknown. */
enum { TAPE = '1', CHANGER = '8' };

static char type_of(const char *folder)
{
	char path[PATH_MAX], type[16] = "";

	if (PRINT(path, "%s/type", folder))
		first_line_read(path, type, sizeof type);
	return type[0] != '\0' && type[1] == '\0' ? type[0] : '\0';
}

/* What a name should be of, for messages about one that is of something else. */
struct wanted {
	const char *what, *advice;
};

static const struct wanted any = { "a tape drive or changer",
	"name a drive such as /dev/nst0 or /dev/sg3, or a changer such as "
	"/dev/sch0 or /dev/sg4" };
static const struct wanted drive = { "a tape drive",
	"name a drive such as /dev/nst0 or /dev/sg3" };
static const struct wanted changer = { "a changer",
	"name a changer such as /dev/sch0 or /dev/sg4, or a command such as "
	"\"mtx -f /dev/sg4\"" };

static int __attribute__((format(printf, 4, 5)))
fail(char *err, size_t err_bytes, const char *path, const char *format, ...)
{
	char why[2 * SCSI_PATH_BYTES];
	va_list ap;

	va_start(ap, format);
	sentence_v(why, sizeof why, format, ap);
	va_end(ap);
	sentence(err, err_bytes, "%s: %s", path, why);
	return -1;
}

static int not_wanted(char *err, size_t err_bytes, const char *path,
    const struct wanted *wanted, const char *but)
{
	return fail(err, err_bytes, path, "this is not %s%s: %s", wanted->what,
	    but, wanted->advice);
}

/* A device that /sys does not have. */
static int find_by_number(unsigned major_number, unsigned minor_number,
    const char *path, const struct wanted *wanted, struct scsi_names *names,
    char *err, size_t err_bytes)
{
	enum { NO_REWIND = 0x80 }; /* in the minor number of the st driver */

	if (major_number != SCSI_TAPE_MAJOR &&
	    major_number != SCSI_GENERIC_MAJOR &&
	    major_number != SCSI_CHANGER_MAJOR)
		return not_wanted(err, err_bytes, path, wanted, "");
	fail(err, err_bytes, path,
	    "its device is not in /sys: has the driver found the drive, and is "
	    "/sys mounted?");
	if (major_number != SCSI_TAPE_MAJOR)
		return -1;
	names->given = SCSI_NODE_ST;
	names->given_rewinds = (minor_number & NO_REWIND) == 0;
	return SCSI_DRIVE_ST_ONLY;
}

static int find(const char *path, const struct scsi_system *system,
    const struct wanted *wanted, struct scsi_names *names, char *err,
    size_t err_bytes)
{
	const char *root = root_of(system);
	char by_number[PATH_MAX], class_folder[PATH_MAX], real[PATH_MAX];
	unsigned major_number = 0, minor_number = 0;
	int error = number_of(system, path, &major_number, &minor_number);

	memset(names, 0, sizeof *names);
	if (error == ENOTTY)
		return fail(err, err_bytes, path,
		    "this is not a character device: %s", wanted->advice);
	if (error == ENOENT)
		return fail(err, err_bytes, path,
		    "No such file or directory: %s", wanted->advice);
	if (error != 0)
		return fail(err, err_bytes, path, "%s", strerror(error));
	if (!PRINT(by_number, "%s/sys/dev/char/%u:%u", root, major_number,
		minor_number) ||
	    realpath(by_number, class_folder) == NULL)
		return find_by_number(major_number, minor_number, path, wanted,
		    names, err, err_bytes);
	if (!find_kind(class_folder, names))
		return not_wanted(err, err_bytes, path, wanted, "");
	if (!PRINT(by_number, "%s/device", class_folder) ||
	    realpath(by_number, real) == NULL ||
	    !PRINT(names->folder, "%s", real) ||
	    !PRINT(names->address, "%s", base_of(real)))
		return fail(err, err_bytes, path,
		    "its device is not in /sys: is /sys mounted?");
	if (type_of(real) != TAPE && type_of(real) != CHANGER)
		return not_wanted(err, err_bytes, path, wanted,
		    ", but another SCSI device");
	node_of(root, real, "scsi_tape", "nst", names->st);
	node_of(root, real, "scsi_generic", "sg", names->sg);
	node_of(root, real, "scsi_changer", "sch", names->changer);
	find_by_id(root, names);
	find_adapter(root, names);
	return 0;
}

int scsi_find_names(const char *path, const struct scsi_system *system,
    struct scsi_names *names, char *err, size_t err_bytes)
{
	return find(path, system != NULL ? system : &scsi_system_running, &any,
		   names, err, err_bytes) == 0
	    ? 0
	    : -1;
}

int scsi_find_drive(const char *path, const struct scsi_system *system,
    struct scsi_names *names, char *err, size_t err_bytes)
{
	int found = find(path, system != NULL ? system : &scsi_system_running,
	    &drive, names, err, err_bytes);

	if (found == -1)
		return -1;
	/* Without its driver a changer has only an sg node. */
	if (found == 0 && type_of(names->folder) == CHANGER)
		return fail(err, err_bytes, path,
		    "this is a changer, not a tape drive: name the drive with "
		    "--device and the changer with --changer");
	if (names->given_rewinds)
		return fail(err, err_bytes, path,
		    "this node rewinds the tape when it is closed: use %s",
		    names->st[0] != '\0'
			? names->st
			: "the one whose name begins with nst");
	return found;
}

int scsi_find_changer(const char *path, const struct scsi_system *system,
    struct scsi_names *names, char *err, size_t err_bytes)
{
	if (find(path, system != NULL ? system : &scsi_system_running, &changer,
		names, err, err_bytes) != 0)
		return -1;
	if (type_of(names->folder) == CHANGER)
		return 0;
	return fail(err, err_bytes, path,
	    "this is a tape drive, not a changer: %s", changer.advice);
}
