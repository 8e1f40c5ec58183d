/*
 * device_main.c: the command on a simulated tape device.
 *
 * Usage: device_main [KEY=VALUE ...] VERB ARGUMENT...
 *
 * The program is linked with its own system calls for the back end of the tape
 * driver, so --device /dev/nst0 is a drive in memory, with the volumes MEM001L0
 * and so on.  /dev/st0 is its node that rewinds, /dev/sg9 a node of a driver that
 * is not loaded, and /dev/ttyS0 is no tape:
 *
 *     volumes=N    number of volumes (2); the first one is in the drive
 *     kind=KIND    their contents: blank, scratch, labelled, foreign (blank)
 *     empty=1      the drive is empty
 *     busy=1       the drive never becomes ready; to open it takes ten seconds of
 *                  its clock, since the command itself sleeps in real time
 *     locked=1     the door of the drive is locked
 *     block_max=N  largest block that the drive accepts, in bytes
 *     no_sg=1      SG_IO is not permitted
 *     worm=1       the volumes are write-once
 *     mam=1        media have serial numbers: those names
 *     fail=N:WAY   before the Nth call, from 1, the drive is disturbed: reset,
 *                  out, back, exchanged; the last volume, which is then put
 *                  in, is foreign
 *     old=1        the kernel is 6.1
 *     root=FOLDER  has the folders /sys and /dev of the host
 *     robot=FILE   has the name of the volume in the drive, or nothing: a robot
 *                  changes the file.  The drive is empty at first
 *     report=FILE  file for a line at the end: the state of the door, the
 *                  number of objects on each volume, whether anything was
 *                  written on an exchanged volume
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "splitter/scsi/node/names.h"
#include "splitter/st/tests/fake_st.h"

static struct {
	struct memtape *tapes;
	struct fake_st *st;
	const char *report;
	unsigned volumes;
	bool busy;
	const char *robot;
	char loaded[TAPE_BARCODE_BYTES]; /* by the robot */
} it = { .volumes = 2 };

#define BUSY_OPEN_NS INT64_C(10000000000)

static char root[256];

/* The nodes of the host; its one drive has the numbers of /dev/nst0. */
static const struct {
	const char *name;
	unsigned major, minor;
} nodes[] = {
	{ "nst0", 9, 128 },
	{ "st0", 9, 0 },
	{ "sg9", 21, 9 },
	{ "ttyS0", 4, 64 },
};

static int device_number(void *arg, const char *path, unsigned *major,
    unsigned *minor)
{
	const char *name = strrchr(path, '/');

	(void)arg;
	for (size_t i = 0; name != NULL && i < sizeof nodes / sizeof *nodes;
	     i++)
		if (strcmp(name + 1, nodes[i].name) == 0) {
			*major = nodes[i].major;
			*minor = nodes[i].minor;
			return 0;
		}
	return ENOENT;
}

const struct scsi_system scsi_system_running = { .root = root,
	.device_number = device_number };

/* Puts into the drive what the robot has put there. */
static void look_at_robot(void)
{
	char name[TAPE_BARCODE_BYTES] = "";
	unsigned i = it.volumes;
	FILE *f;

	if (it.robot == NULL || (f = fopen(it.robot, "r")) == NULL)
		return;
	if (fgets(name, sizeof name, f) == NULL)
		name[0] = '\0';
	fclose(f);
	name[strcspn(name, "\n")] = '\0';
	if (strcmp(name, it.loaded) == 0)
		return;
	strcpy(it.loaded, name);
	if (sscanf(name, "MEM%uL0", &i) == 1)
		i--;
	fake_st_insert(it.st, i);
}

static int device_open(void *arg, const char *path, int flags)
{
	const struct device_calls *sys = fake_st_sys(it.st);

	(void)arg;
	look_at_robot();
	if (strncmp(path, root, strlen(root)) == 0)
		path += strlen(root);
	if (it.busy)
		sys->sleep_ns(sys->arg, BUSY_OPEN_NS);
	return sys->open(sys->arg, path, flags);
}

static int device_close(void *arg, int fd)
{
	const struct device_calls *sys = fake_st_sys(it.st);

	(void)arg;
	return sys->close(sys->arg, fd);
}

static ssize_t device_read(void *arg, int fd, void *buf, size_t bytes)
{
	const struct device_calls *sys = fake_st_sys(it.st);

	(void)arg;
	return sys->read(sys->arg, fd, buf, bytes);
}

static ssize_t device_write(void *arg, int fd, const void *buf, size_t bytes)
{
	const struct device_calls *sys = fake_st_sys(it.st);

	(void)arg;
	return sys->write(sys->arg, fd, buf, bytes);
}

static int device_ioctl(void *arg, int fd, unsigned long request, void *what)
{
	const struct device_calls *sys = fake_st_sys(it.st);

	(void)arg;
	return sys->ioctl(sys->arg, fd, request, what);
}

static int64_t device_clock_ns(void *arg)
{
	const struct device_calls *sys = fake_st_sys(it.st);

	(void)arg;
	return sys->clock_ns(sys->arg);
}

static void device_sleep_ns(void *arg, int64_t ns)
{
	const struct device_calls *sys = fake_st_sys(it.st);

	(void)arg;
	sys->sleep_ns(sys->arg, ns);
}

const struct device_calls device_calls_system = {
	.open = device_open,
	.close = device_close,
	.read = device_read,
	.write = device_write,
	.ioctl = device_ioctl,
	.clock_ns = device_clock_ns,
	.sleep_ns = device_sleep_ns,
};

static const struct subcommand {
	const char *name;
	int (*run)(int argc, char **argv);
} verbs[] = {
	{ "write", cmd_write },
	{ "read", cmd_read },
	{ "scan", cmd_scan },
	{ "label", cmd_label },
	{ "run", cmd_run },
	{ "calibrate", cmd_calibrate },
	{ "release", cmd_release },
};

static const struct {
	const char *name;
	enum memtape_kind kind;
} kinds[] = {
	{ "blank", MEMTAPE_BLANK },
	{ "scratch", MEMTAPE_SCRATCH },
	{ "labelled", MEMTAPE_LABELLED },
	{ "foreign", MEMTAPE_FOREIGN },
};

static const struct {
	const char *name;
	enum fake_way way;
} ways[] = {
	{ "reset", FAKE_RESET },
	{ "out", FAKE_TAKEN_OUT },
	{ "back", FAKE_PUT_BACK },
	{ "exchanged", FAKE_EXCHANGED },
};

static void misused(const char *what)
{
	fprintf(stderr, "device_main: %s\n", what);
	exit(64);
}

/* Parses "7:reset": the 7th operation, and the name of the failure. */
static struct fake_fault fault_of(const char *text)
{
	struct fake_fault fault = { .nth = strtoull(text, NULL, 10) };
	const char *name = strchr(text, ':');
	size_t i;

	for (i = 0; name != NULL && i < sizeof ways / sizeof *ways; i++)
		if (strcmp(ways[i].name, name + 1) == 0) {
			fault.way = ways[i].way;
			return fault;
		}
	misused(text);
	return fault;
}

static enum memtape_kind kind_of(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].name, name) == 0)
			return kinds[i].kind;
	misused(name);
	return MEMTAPE_BLANK;
}

static void report(void)
{
	const struct memtape_volume *v;
	FILE *out;
	unsigned i;

	if (it.report == NULL || (out = fopen(it.report, "w")) == NULL)
		return;
	fprintf(out, "%s %s", fake_st_locked(it.st) ? "locked" : "unlocked",
	    fake_st_intruded(it.st) ? "intruded" : "untouched");
	for (i = 0; (v = memtape_volume(it.tapes, i)) != NULL; i++)
		fprintf(out, " %" PRIu64, v->count);
	fprintf(out, "\n");
	fclose(out);
}

static void put_up(struct fake_st_config *config, enum memtape_kind kind,
    bool empty, bool locked)
{
	const struct memtape_config tapes = { .drives = 1,
		.volumes = it.volumes,
		.block_bytes = 4096,
		.capacity_bytes = 16 << 20,
		.warning_bytes = MEMTAPE_NO_WARNING };
	unsigned i;

	it.tapes = memtape_new(&tapes);
	for (i = 0; i < it.volumes; i++)
		memtape_prepare(it.tapes, i,
		    i > 0 && i + 1 == it.volumes && config->fault_count > 0
			? MEMTAPE_FOREIGN
			: kind);
	config->tapes = it.tapes;
	it.st = fake_st_new(config);
	if (empty || it.robot != NULL)
		fake_st_insert(it.st, it.volumes);
	if (locked)
		fake_st_lock(it.st);
	atexit(report);
}

int main(int argc, char **argv)
{
	struct fake_st_config config = { .no_sg = false };
	enum memtape_kind kind = MEMTAPE_BLANK;
	bool empty = false, locked = false;
	struct fake_fault fault;
	const char *value;
	char key[32];
	size_t i;
	int n;

	signal(SIGPIPE, SIG_IGN);
	for (n = 1; n < argc && (value = strchr(argv[n], '=')) != NULL; n++) {
		snprintf(key, sizeof key, "%.*s", (int)(value - argv[n]),
		    argv[n]);
		value++;
		if (strcmp(key, "volumes") == 0)
			it.volumes = (unsigned)atoi(value);
		else if (strcmp(key, "kind") == 0)
			kind = kind_of(value);
		else if (strcmp(key, "empty") == 0)
			empty = true;
		else if (strcmp(key, "busy") == 0)
			it.busy = true, config.ready_ns = INT64_MAX;
		else if (strcmp(key, "locked") == 0)
			locked = true;
		else if (strcmp(key, "block_max") == 0)
			config.block_max_bytes = strtoull(value, NULL, 10);
		else if (strcmp(key, "no_sg") == 0)
			config.no_sg = true;
		else if (strcmp(key, "worm") == 0)
			config.medium_type = 0x8c; /* LTO-8 */
		else if (strcmp(key, "mam") == 0)
			config.has_mam = true;
		else if (strcmp(key, "old") == 0)
			config.old_kernel = true;
		else if (strcmp(key, "report") == 0)
			it.report = value;
		else if (strcmp(key, "root") == 0)
			snprintf(root, sizeof root, "%s", value);
		else if (strcmp(key, "robot") == 0)
			it.robot = value;
		else if (strcmp(key, "fail") != 0)
			misused(argv[n]);
		if (strcmp(key, "fail") == 0) {
			fault = fault_of(value);
			config.faults = &fault;
			config.fault_count = 1;
		}
	}
	put_up(&config, kind, empty, locked);
	for (i = 0; n < argc && i < sizeof verbs / sizeof *verbs; i++)
		if (strcmp(verbs[i].name, argv[n]) == 0)
			return verbs[i].run(argc - n, argv + n);
	misused("no such verb");
}
