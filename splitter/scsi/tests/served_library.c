/* served_library.c: see served_library.h. */
#include "splitter/scsi/tests/served_library.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "splitter/base/temporary.h"
#include "vtl/changer/drive_settings.h"
#include "vtl/library/library.h"
#include "vtl/serve/client.h"
#include "vtl/serve/serve.h"
#include "vtl/volume/history.h"

enum { VOLUMES_MAX = 64, DRIVES_MAX = 8, PATH_BYTES = 256 };

struct served_library {
	char folder[PATH_BYTES];
	struct volume_spec volumes[VOLUMES_MAX];
	struct serve *serve;
	struct changer *changer; /* another program's */
	struct pace_clock clock;
	bool takes_time;
	int64_t now_ns;
};

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "served library: %s: %s\n", what, why);
	abort();
}

static int64_t clock_now(void *arg)
{
	return ((struct served_library *)arg)->now_ns;
}

static void clock_sleep(void *arg, int64_t at_ns)
{
	struct served_library *l = arg;

	if (l->now_ns < at_ns)
		l->now_ns = at_ns;
}

static void warn(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

static void create(struct served_library *l,
    const struct served_library_spec *spec)
{
	static const struct volume_spec plain = { .capacity_bytes = 64 << 20,
		.has_early_warning = true,
		.early_warning_bytes = 1 << 20 };
	static const char *const cleaning[] = { "CLN001CU" };
	const struct model *models[DRIVES_MAX];
	const unsigned drives = spec->drives > 0 ? spec->drives : 1;
	const unsigned volumes = spec->volumes > 0 ? spec->volumes : 4;
	const struct changer_spec elements = { .drives = models,
		.drive_count = drives,
		.behaviour = spec->behaviour,
		.slot_count = volumes + spec->cleaning + spec->empty_slots,
		.ie_count = spec->ie_slots,
		.move_ns = 8000000000 };
	const struct library_stock stock = { .volumes = l->volumes,
		.volume_count = volumes,
		.cleaning = cleaning,
		.cleaning_count = spec->cleaning };
	char message[VOLUME_MESSAGE_BYTES];
	unsigned i;

	if (drives > DRIVES_MAX || volumes > VOLUMES_MAX)
		fail("too many", "drives or volumes");
	for (i = 0; i < drives; i++)
		models[i] =
		    model_find(spec->model != NULL ? spec->model : "lto8");
	for (i = 0; i < volumes; i++) {
		l->volumes[i] = spec->volume != NULL ? *spec->volume : plain;
		if (l->volumes[i].payload == VOLUME_PAYLOAD_NONE)
			l->volumes[i].payload = VOLUME_PAYLOAD_RAW;
		snprintf(l->volumes[i].barcode, VOLUME_BARCODE_BYTES,
		    "VTA%03u%s", i + 1,
		    spec->suffix != NULL ? spec->suffix : "L8");
	}
	if (library_create(l->folder, &elements, &stock, false, message) != 0)
		fail(l->folder, message);
}

static void connect_all(struct served_library *l)
{
	char message[SERVE_MESSAGE_BYTES];
	unsigned nexus;

	const struct serve_options options = {
		.clock = l->takes_time ? &l->clock : NULL,
		.speed_permille = PACE_REAL_TIME,
		.warn = warn,
	};

	l->serve = serve_open(l->folder, &options, message);
	if (l->serve == NULL)
		fail(l->folder, message);
	l->changer = changer_open(l->folder, "a test", false, false, message);
	if (l->changer == NULL)
		fail(l->folder, message);
	for (nexus = 0; nexus < SERVED_NEXUSES; nexus++)
		served_library_reconnect(l, nexus);
}

struct served_library *
served_library_new(const struct served_library_spec *spec)
{
	static const struct served_library_spec defaults;
	struct served_library *l = calloc(1, sizeof *l);

	if (l == NULL)
		fail("memory", "none left");
	if (spec == NULL)
		spec = &defaults;
	l->clock = (struct pace_clock){
		.now_ns = clock_now, .sleep_until = clock_sleep, .arg = l
	};
	l->takes_time = spec->takes_time;
	snprintf(l->folder, sizeof l->folder, "%s/tapelab-served-XXXXXX",
	    temporary_folder());
	if (mkdtemp(l->folder) == NULL)
		fail(l->folder, "cannot be made");
	create(l, spec);
	connect_all(l);
	return l;
}

static int remove_one(const char *path, const struct stat *st, int kind,
    struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

void served_library_free(struct served_library *l)
{
	if (l == NULL)
		return;
	changer_close(l->changer);
	serve_close(l->serve);
	nftw(l->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(l);
}

const char *served_library_folder(const struct served_library *l)
{
	return l->folder;
}

const char *served_library_barcode(const struct served_library *l,
    unsigned volume)
{
	return l->volumes[volume].barcode;
}

int64_t served_library_now_ns(const struct served_library *l)
{
	return l->now_ns;
}

void served_library_sleep(struct served_library *l, int64_t ns)
{
	l->now_ns += ns;
}

/* Sends a request of another program to the server. */
static json_t *ask(struct served_library *l, json_t *request)
{
	char message[SERVE_MESSAGE_BYTES] = "no server";
	struct serve_client *client = serve_client_open(l->folder, message);
	json_t *answer =
	    client != NULL ? serve_client_ask(client, request, message) : NULL;

	if (answer == NULL)
		fail(l->folder, message);
	serve_client_close(client);
	return answer;
}

void served_library_move(struct served_library *l, unsigned from, unsigned to)
{
	json_t *answer = ask(l,
	    json_pack("{s:s, s:i, s:i}", "do", "move", "from", (int)from, "to",
		(int)to));

	l->now_ns += json_integer_value(json_object_get(answer, "wait_ns"));
	json_decref(answer);
}

void served_library_load(struct served_library *l, unsigned drive,
    unsigned volume)
{
	served_library_move(l, CHANGER_SLOT_ADDRESS + volume,
	    CHANGER_DRIVE_ADDRESS + drive);
}

void served_library_take(struct served_library *l, unsigned drive)
{
	served_library_move(l, CHANGER_DRIVE_ADDRESS + drive, 0);
}

/* The library was changed with l->changer. */
static void changed(struct served_library *l, enum changer_status status)
{
	if (status != CHANGER_OK)
		fail(l->folder, changer_message(l->changer));
	json_decref(ask(l, json_pack("{s:s}", "do", "changed")));
}

void served_library_fault(struct served_library *l, unsigned drive,
    const struct drive_fault *fault)
{
	const struct changer_drive_fault one = { .drive = (int)drive,
		.fault = *fault };

	changed(l, changer_add_drive_fault(l->changer, &one));
}

void served_library_heal(struct served_library *l)
{
	changed(l, changer_clear_faults(l->changer));
}

void served_library_defect(struct served_library *l, unsigned volume,
    const struct volume_defect *d)
{
	json_t *answer = ask(l,
	    json_pack("{s:s, s:s, s:{s:I, s:i, s:i, s:i, s:b, s:i, s:i, s:i, "
		      "s:I, s:I, s:I, s:I, s:I, s:I}}",
		"do", "defect", "barcode", l->volumes[volume].barcode, "defect",
		"at", (json_int_t)d->at, "key", d->sense.key, "asc",
		d->sense.asc, "ascq", d->sense.ascq, "once", (int)d->once,
		"fail", (int)d->fail, "partition", (int)d->partition, "unit",
		(int)d->unit, "file", (json_int_t)d->file, "length",
		(json_int_t)d->length, "recover_after",
		(json_int_t)d->recover_after, "one_in", (json_int_t)d->one_in,
		"slowdown", (json_int_t)d->slowdown, "fault",
		(json_int_t)d->fault));

	if (!json_is_true(json_object_get(answer, "served")))
		fail(l->volumes[volume].barcode, "is in no drive");
	json_decref(answer);
}

void served_library_wear(struct served_library *l, unsigned volume,
    uint64_t loads)
{
	char *path = library_volume_path(l->folder, l->volumes[volume].barcode);
	char message[VOLUME_MESSAGE_BYTES] = "out of memory";
	struct volume *v =
	    path != NULL ? volume_open(path, false, message) : NULL;

	if (v == NULL || volume_add_loads(v, loads) != 0 ||
	    volume_close(v, message) != 0)
		fail(l->volumes[volume].barcode, message);
	free(path);
}

void served_library_protect(struct served_library *l, unsigned volume)
{
	char *path = library_volume_path(l->folder, l->volumes[volume].barcode);

	if (path == NULL || chmod(path, 0444) != 0)
		fail(l->volumes[volume].barcode, "cannot be protected");
	free(path);
}

void served_library_unreadable(struct served_library *l, unsigned volume)
{
	changed(l,
	    changer_make_unreadable(l->changer, l->volumes[volume].barcode));
}

void served_library_reset(struct served_library *l, unsigned device)
{
	device_reset(serve_get_device(l->serve, device).device, l->now_ns);
}

void served_library_reconnect(struct served_library *l, unsigned nexus)
{
	struct device_port port = { .target = "iqn.2026-11.tapelab:served",
		.isid = { (uint8_t)nexus } };
	size_t i;

	snprintf(port.initiator, sizeof port.initiator, "iqn.2026-11.test:%u",
	    nexus);
	for (i = 0; i < serve_device_count(l->serve); i++) {
		struct device *device = serve_get_device(l->serve, i).device;

		device_nexus_lost(device, nexus);
		device_nexus_open(device, nexus, &port);
	}
}

void served_library_execute(struct served_library *l, struct served_call *call)
{
	static const uint16_t luns[DRIVES_MAX + 1] = { 0, 1, 2, 3, 4, 5, 6, 7,
		8 };
	struct unit_clocks *clocks = serve_clocks(l->serve);
	struct device *device = serve_get_device(l->serve, call->device).device;
	struct device_command command = { .nexus = call->nexus,
		.expected = call->bytes,
		.out = call->out,
		.out_bytes = call->out != NULL ? call->bytes : 0,
		.in = call->in,
		.in_room = call->in != NULL ? call->bytes : 0,
		.luns = luns,
		.lun_count = serve_device_count(l->serve) };
	struct unit_time begun = unit_clock_begin(clocks, call->device);
	struct device_answer answer;

	memcpy(command.cdb, call->cdb, call->cdb_bytes);
	if (l->takes_time && begun.now_ns < l->now_ns)
		begun.now_ns = l->now_ns;
	device_execute(device, &command, begun.now_ns, &answer);
	if (l->takes_time)
		l->now_ns = answer.done_ns;
	else
		unit_clock_end(clocks, call->device, &begun, answer.done_ns);
	call->status = (uint8_t)answer.status;
	call->sense_bytes = answer.sense_bytes;
	memcpy(call->sense, answer.sense, answer.sense_bytes);
	call->residual = answer.residual;
}
