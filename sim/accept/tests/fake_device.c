/* fake_device.c: see fake_device.h. */
#include "sim/accept/tests/fake_device.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "splitter/filter/filter.h"
#include "splitter/format/header.h"
#include "vtl/library/library.h"

const char *const fake_device_names[FAKE_VOLUMES] = { "VTA001L8", "VTA002L8",
	"VTA003L8" };

/* The tapes of the library, with the faults. */
struct faulty {
	struct filter filter; /* first: cast to this */
	struct fake_device *fake;
};

static struct fake_device *fake_of(const struct tape *tape)
{
	return ((struct faulty *)((const struct filter_tape *)tape)->filter)
	    ->fake;
}

static unsigned place_of(const char *barcode)
{
	unsigned i = 0;

	while (i + 1 < FAKE_VOLUMES &&
	    strcmp(fake_device_names[i], barcode) != 0)
		i++;
	return i;
}

static void count_down(struct fake_device *fake, unsigned *left)
{
	if (*left > 0 && --*left == 0)
		kill(getpid(), fake->signal);
}

/* A volume is about to be changed. */
static void change(struct tape *tape)
{
	struct fake_device *fake = fake_of(tape);

	count_down(fake, &fake->killed_at_change);
	fake->changed++;
}

static void label(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	struct fake_device *fake = fake_of(tape);

	change(tape);
	if (fake->failing_labels > 0) {
		fake->failing_labels--;
		tape_result_init(result, now_ns);
		filter_fail(tape, result, TAPE_MEDIUM_ERROR,
		    "volume %s: the drive reports 3/0C/00", tape->barcode);
		return;
	}
	filter_label(tape, block, bytes, now_ns, result);
	count_down(fake, &fake->killed_at_change);
}

static void start_file(struct tape *tape, const void *block, uint64_t bytes,
    int64_t now_ns, struct tape_result *result)
{
	change(tape);
	filter_start_file(tape, block, bytes, now_ns, result);
}

static void filemark(struct tape *tape, bool sync, int64_t now_ns,
    struct tape_result *result)
{
	change(tape);
	filter_filemark(tape, sync, now_ns, result);
}

static void write_run(struct tape *tape, const struct tape_run *run,
    int64_t now_ns, struct tape_result *result)
{
	struct fake_device *fake = fake_of(tape);
	unsigned place = place_of(tape->barcode);

	fake->writes++;
	count_down(fake, &fake->killed_at);
	change(tape);
	if (fake->changes[place] != TAPE_IDENTITY_UNKNOWN)
		fake->changes[place] += 1000;
	tape_result_init(result, now_ns);
	if (fake->hardware_error_at > 0 && --fake->hardware_error_at == 0)
		filter_fail(tape, result, TAPE_HARDWARE_ERROR,
		    "the drive reports 4/44/00");
	else if (fake->bad[place])
		filter_fail(tape, result, TAPE_MEDIUM_ERROR,
		    "volume %s: the drive reports 3/0C/00", tape->barcode);
	else
		filter_write(tape, run, now_ns, result);
}

static void read_block(struct tape *tape, void *buf, uint64_t buf_bytes,
    struct tape_block *block, int64_t now_ns, struct tape_result *result)
{
	struct fake_device *fake = fake_of(tape);
	struct header label;
	char err[256];

	filter_read(tape, buf, buf_bytes, block, now_ns, result);
	if (fake->failing_reads > 0) {
		fake->failing_reads--;
		filter_fail(tape, result, TAPE_MEDIUM_ERROR,
		    "volume %s: the drive reports 3/11/00", tape->barcode);
	} else if (fake->unreadable != TAPE_OK && block->bytes > 4096 &&
	    header_parse(buf, block->bytes, &label, err, sizeof err) != 0)
		filter_fail(tape, result, fake->unreadable,
		    "volume %s: the drive reports 3/11/00", tape->barcode);
}

static void identity(struct tape *tape, struct tape_identity *id)
{
	const struct fake_device *fake = fake_of(tape);
	unsigned place = place_of(tape->barcode);

	if (fake->serials[place] != NULL)
		snprintf(id->serial, sizeof id->serial, "%s",
		    fake->serials[place]);
	if (fake->barcodes[place] != NULL)
		snprintf(id->barcode, sizeof id->barcode, "%s",
		    fake->barcodes[place]);
	if (fake->claimed[place])
		id->barcode_claimed = TAPE_KNOWN_YES;
	if (fake->write_once[place])
		id->write_once = TAPE_KNOWN_YES;
	id->change_reference = fake->changes[place];
}

static const struct tape_ops tape_ops = {
	.name = "faulty",
	.label = label,
	.start_file = start_file,
	.write = write_run,
	.filemark = filemark,
	.read = read_block,
	.identity = identity,
};

/* Writes a block of another program at the beginning of the volume. */
static void write_foreign(struct tape *tape, const char *name)
{
	char block[4096] = "of another program";
	struct tape_result result;

	(void)name;
	filter_label(tape, block, sizeof block, 0, &result);
}

static void write_label(struct tape *tape, const char *name)
{
	struct header h = { .type = HEADER_SCRATCH, .block_bytes = 65536 };
	char block[65536];
	struct tape_result result;

	snprintf(h.volume, sizeof h.volume, "%s", name);
	header_format(&h, "", 0, block, sizeof block);
	filter_label(tape, block, sizeof block, 0, &result);
}

static struct tape *load_named(struct tape_library *library,
    const char *barcode, int64_t now_ns, struct tape_result *result)
{
	struct fake_device *fake = ((struct faulty *)library)->fake;
	struct tape *tape = filter_load_named(library,
	    fake->wrong != NULL ? fake->wrong : barcode, now_ns, result);

	fake->loaded = place_of(barcode);
	if (fake->foreign_at_load > 0 && --fake->foreign_at_load == 0) {
		write_foreign(tape, "");
		fake->changed_at_load = fake->changed;
		fake->failing_reads = fake->failing_then;
		if (fake->memory_fails)
			fake->changes[place_of(barcode)] =
			    TAPE_IDENTITY_UNKNOWN;
	}
	return tape;
}

static const struct tape_library_ops library_ops = {
	.load_named = load_named,
};

static int facts(struct accept_device *d, struct acceptance *a, char *err,
    size_t err_bytes)
{
	const struct fake_device *fake = (const struct fake_device *)d;

	if (fake->refusal != NULL) {
		snprintf(err, err_bytes, "%s", fake->refusal);
		return -1;
	}
	acceptance_set(&a->vendor, "FAKE");
	acceptance_set(&a->product, "DRIVE");
	acceptance_set(&a->firmware, fake->firmware);
	acceptance_set(&a->serial, fake->serial);
	acceptance_set(&a->virtual_drive, fake->virtual_drive);
	return acceptance_add_fact(a, ACCEPTANCE_OF_DRIVE, "Firmware",
		   fake->firmware) != NULL
	    ? 0
	    : -1;
}

static void medium(struct accept_device *d, struct acceptance *a,
    const char *name)
{
	struct fake_device *fake = (struct fake_device *)d;

	strcpy(d->other_generation, fake->generation);
	if (fake->generation_loads > 0 && --fake->generation_loads == 0)
		fake->generation = "";
	d->capacity_bytes = fake->capacities[place_of(name)];
	if (a != NULL)
		acceptance_add_fact(a, ACCEPTANCE_OF_CARTRIDGE, name, "fake");
}

static bool counters(struct accept_device *d, struct tape_counters *to)
{
	struct fake_device *fake = (struct fake_device *)d;
	bool after = fake->loads++ % 2 == 1;

	memset(to, 0, sizeof *to);
	if (fake->no_counters || fake->uncounted[fake->loaded])
		return false;
	to->count = 4;
	to->counter[0] = (struct tape_counter){ .page = 0x02,
		.code = 0x0006,
		.grows = true,
		.name = "Total uncorrected errors",
		.value = after ? 100 + fake->uncorrected : 100 };
	to->counter[1] = (struct tape_counter){ .page = 0x03,
		.code = 0x0006,
		.grows = true,
		.name = "Total uncorrected errors",
		.value = after && fake->clears ? 0
		    : after                    ? 7 + fake->uncorrected_reads
					       : 7 };
	for (unsigned i = 2; i < 4; i++)
		to->counter[i] = (struct tape_counter){ .page = (uint8_t)i,
			.code = 0x0003,
			.grows = true,
			.name = "Total errors corrected",
			.value = after ? (i - 1) * fake->corrected : 0 };
	if (fake->foreign_bytes > 0)
		to->counter[to->count++] = (struct tape_counter){ .page = 0x0c,
			.unit = TAPE_UNIT_BYTES,
			.grows = true,
			.name = "Data bytes received",
			.value = after ? fake->foreign_bytes : 0 };
	if (fake->foreign_loads > 0)
		to->counter[to->count++] = (struct tape_counter){ .page = 0x14,
			.grows = true,
			.name = "Lifetime media loads",
			.value = after ? fake->foreign_loads : 0 };
	to->has_alerts = !fake->no_alerts;
	/* Flags of a load: from the second one on. */
	to->alerts = (after ? fake->alerts : 0) |
	    (fake->loads > 2 ? fake->alerts_of_load : 0);
	return true;
}

static void collect(struct accept_device *d, struct evidence *e,
    const char *when)
{
	(void)d;
	evidence_add(e, "log page", "02h", when, "decoded", "\x02\x00", 2);
}

static struct tape_library *open_tapes(struct accept_device *d,
    const struct tapes_use *use, char *err, size_t err_bytes)
{
	struct fake_device *fake = (struct fake_device *)d;
	const struct library_options options = { .program = "test",
		.drive = -1,
		.reading = use->reading,
		.fingerprints = use->inspecting,
		.instant = true };
	char message[VOLUME_MESSAGE_BYTES];
	struct faulty *faulty;

	fake->opens++;
	fake->library = library_open(fake->folder, &options, message);
	if (fake->library == NULL) {
		snprintf(err, err_bytes, "%.*s", (int)err_bytes - 1, message);
		return NULL;
	}
	faulty = filter_new(sizeof *faulty, library_tapes(fake->library),
	    &library_ops, &tape_ops, sizeof(struct filter_tape));
	faulty->fake = fake;
	return &faulty->filter.library;
}

static void close_tapes(struct accept_device *d, struct tape_library *tapes)
{
	struct fake_device *fake = (struct fake_device *)d;

	free(tapes);
	library_free(fake->library);
	fake->library = NULL;
}

static bool set_compression(struct accept_device *d, bool on, char *err,
    size_t err_bytes)
{
	(void)d, (void)on, (void)err, (void)err_bytes;
	return true;
}

static void others(struct accept_device *d, struct accept_others *seen)
{
	*seen = ((struct fake_device *)d)->others;
}

static const struct accept_device_ops ops = {
	.facts = facts,
	.medium = medium,
	.counters = counters,
	.collect = collect,
	.open = open_tapes,
	.close = close_tapes,
	.set_compression = set_compression,
	.others = others,
};

void fake_device_init(struct fake_device *fake, const char *folder)
{
	const struct model *model = model_find("lto8");
	const struct changer_spec spec = {
		.drives = &model, .drive_count = 1, .slot_count = FAKE_VOLUMES
	};
	struct volume_spec specs[FAKE_VOLUMES];
	const struct library_stock stock = { .volumes = specs,
		.volume_count = FAKE_VOLUMES };
	char message[VOLUME_MESSAGE_BYTES];

	memset(fake, 0, sizeof *fake);
	memset(specs, 0, sizeof specs);
	for (int i = 0; i < FAKE_VOLUMES; i++) {
		strcpy(specs[i].barcode, fake_device_names[i]);
		specs[i].capacity_bytes = 64 << 20;
		specs[i].payload = VOLUME_PAYLOAD_RAW;
	}
	snprintf(fake->folder, sizeof fake->folder, "%s/library", folder);
	if (library_create(fake->folder, &spec, &stock, false, message) != 0) {
		fprintf(stderr, "%s\n", message);
		abort();
	}
	fake->device.ops = &ops;
	fake->device.model = model;
	fake->signal = SIGKILL;
	fake->serial = "FAKE0001";
	fake->firmware = "1.0";
	fake->virtual_drive = "";
	fake->generation = "";
}

/* Loads a volume, as another program does. */
static void use_volume(struct fake_device *fake, unsigned volume,
    void (*use)(struct tape *tape, const char *name), const char *name)
{
	const struct tapes_use writing = { .reading = false };
	char err[512];
	struct tape_library *library =
	    open_tapes(&fake->device, &writing, err, sizeof err);
	struct tape_result result;
	struct tape *tape =
	    filter_load_named(library, fake_device_names[volume], 0, &result);

	use(tape, name);
	library->ops->unload(library, tape, TAPE_CLOSE_GOOD, result.done_ns,
	    &result);
	close_tapes(&fake->device, library);
}

void fake_device_make_foreign(struct fake_device *fake, unsigned volume)
{
	use_volume(fake, volume, write_foreign, "");
}

void fake_device_label_as(struct fake_device *fake, unsigned volume,
    const char *name)
{
	use_volume(fake, volume, write_label, name);
}
