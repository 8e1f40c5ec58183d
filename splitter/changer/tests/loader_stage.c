/* loader_stage.c: see loader_stage.h. */
#include "splitter/changer/tests/loader_stage.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "splitter/scsi/commands.h"

enum { MOVE_MEDIUM = 0xa5 };

struct loader_stage los;

static const char *const names[] = { "VTA001L8", "VTA002L8" };

/* The drive of a node: "sg1" is nst0, the last drive. */
static struct scsi_port *open_drive(void *arg, const char *path, char *why,
    size_t why_bytes)
{
	static const struct served_instead busy = { .opcode = -1,
		.outcome = SCSI_ANSWERED,
		.status = SCSI_BUSY,
		.for_good = true };
	struct served_port *drive;
	unsigned n = 0;

	(void)arg;
	ck_assert_int_eq(sscanf(strrchr(path, '/'), "/sg%u", &n), 1);
	snprintf(why, why_bytes, "%s: in use", path);
	if (los.sg_in_use)
		return NULL;
	drive = served_port_open(los.library, DRIVES + 1 - n, 1);
	if (n == los.hangs)
		served_port_busy_until(drive, INT64_MAX);
	if (n == los.busy)
		served_port_instead(drive, &busy);
	return served_port_scsi(drive);
}

/* The nodes of the tape driver can only be opened: a drive is asked by sg. */
static int open_st(void *arg, const char *path, int flags)
{
	enum { A_DESCRIPTOR = 9999 };

	(void)arg, (void)path, (void)flags;
	errno = EBUSY;
	return los.st_in_use ? -1 : A_DESCRIPTOR;
}

static int close_st(void *arg, int fd)
{
	(void)arg, (void)fd;
	return 0;
}

static int ask_st(void *arg, int fd, unsigned long request, void *what)
{
	(void)arg, (void)fd, (void)request, (void)what;
	errno = EIO;
	return -1;
}

static const struct device_calls st_calls = {
	.open = open_st, .close = close_st, .ioctl = ask_st
};

static bool pass_time(void *arg, int64_t ns)
{
	(void)arg;
	served_library_sleep(los.library, ns);
	return true;
}

static void note(void *arg, const char *message)
{
	(void)arg;
	snprintf(los.said + strlen(los.said),
	    sizeof los.said - strlen(los.said), "%s\n", message);
}

static void make_library(const struct drive_options *behaviour)
{
	const struct served_library_spec spec = { .drives = DRIVES,
		.ie_slots = 2,
		.empty_slots = 1,
		.cleaning = true,
		.behaviour = behaviour,
		.takes_time = behaviour != NULL };

	los.library = served_library_new(&spec);
	los.port = served_port_open(los.library, SERVED_CHANGER, 0);
}

void loader_stage_up(void)
{
	make_library(NULL);
	fake_host_make(&los.host);
	for (unsigned n = 0; n < DRIVES; n++)
		fake_host_add(&los.host, n, NULL);
	los.said[0] = '\0';
	los.sg_in_use = los.st_in_use = los.reading = false;
	los.hangs = los.busy = 0;
}

void loader_stage_down(void)
{
	loader_free(los.loader);
	los.loader = NULL;
	served_library_free(los.library);
	fake_host_free(&los.host);
}

void loader_stage_initialize(int64_t ns)
{
	const struct drive_options behaviour = { .media_initialization_ns =
						     ns };

	served_port_close(los.port);
	served_library_free(los.library);
	make_library(&behaviour);
}

/* Opens the changer, whose port is bent, if `bend` is not NULL. */
void loader_stage_begin(const struct bend *bend)
{
	const struct loader_options options = { .names = names,
		.names_count = 2,
		.load_wait_ns = INT64_MAX,
		.reading = los.reading,
		.host = { .system = &los.host.system,
		    .open = open_drive,
		    .calls = &st_calls },
		.sleep = pass_time,
		.notice = note };
	struct scsi_port *scsi = served_port_scsi(los.port);
	struct autochanger *changer;

	if (bend != NULL)
		scsi = bent_port_new(scsi, bend);
	changer = autochanger_on_port(scsi, los.err, sizeof los.err);
	ck_assert_msg(changer != NULL, "%s", los.err);
	los.loader = loader_new(changer, &options, los.err, sizeof los.err);
	ck_assert_msg(los.loader != NULL, "%s", los.err);
}

const char *loader_stage_node(const char *name)
{
	static char path[SCSI_PATH_BYTES];

	return fake_host_node(&los.host, name, path);
}

void ck_proves(const char *name)
{
	ck_assert_msg(loader_prove(los.loader, loader_stage_node(name),
			  los.barcode, los.err, sizeof los.err) == 0,
	    "%s", los.err);
}

void ck_does_not_prove(const char *name, const char *words)
{
	ck_assert_int_eq(loader_prove(los.loader, loader_stage_node(name),
			     los.barcode, los.err, sizeof los.err),
	    -1);
	ck_assert_msg(strstr(los.err, words) != NULL, "%s", los.err);
}

void ck_changes(const char *name, const char *wanted)
{
	ck_assert_msg(loader_change(los.loader, loader_stage_node(name), wanted,
			  false, los.barcode, los.err, sizeof los.err) == 0,
	    "%s", los.err);
}

void ck_fails(const char *name, const char *wanted, const char *words)
{
	ck_assert_int_eq(loader_change(los.loader, loader_stage_node(name),
			     wanted, false, los.barcode, los.err,
			     sizeof los.err),
	    -1);
	ck_assert_msg(strstr(los.err, words) != NULL, "%s", los.err);
}

static void note_away(void *arg, const char *code, const char *where)
{
	(void)arg;
	snprintf(los.away + strlen(los.away),
	    sizeof los.away - strlen(los.away), "%s %s;", code, where);
}

int loader_stage_finish(void)
{
	los.away[0] = '\0';
	return loader_finish(los.loader, note_away, NULL, los.err,
	    sizeof los.err);
}

/* Whether the drive, from 0, has loaded a cartridge. */
bool loader_stage_is_loaded(unsigned drive)
{
	struct served_port *p = served_port_open(los.library, drive + 1, 2);
	struct scsi_unit unit;
	bool ready;

	scsi_unit_init(&unit, served_port_scsi(p));
	ready = scsi_send_ready(&unit) == SCSI_READY;
	served_port_close(p);
	return ready;
}

unsigned loader_stage_moves(void)
{
	return served_port_count(los.port, MOVE_MEDIUM);
}
