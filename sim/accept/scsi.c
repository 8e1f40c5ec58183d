/* scsi.c: see scsi.h. */
#include "sim/accept/scsi.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/sg/sg.h"
#include "vtl/base/media.h"

enum { TEXT_BYTES = 512, ASCII_FORMAT = 1, TEXT_FORMAT = 2 };

struct drive {
	struct accept_device device; /* first: cast to this */
	struct accept_scsi_config config;
	struct scsi_facts facts;
	struct evidence *evidence; /* of the last collect() */
	/* While evidence is collected: what is known of it. */
	const char *when;
	struct tape_counters counters;
	struct others others;
};

static struct scsi_unit *unit_of(struct drive *d)
{
	char err[TEXT_BYTES];

	return d->config.unit(d->config.arg, err, sizeof err);
}

/* Enters each answer that is not GOOD, with its sense data. */
static void watch(void *arg, const struct scsi_command *command,
    const struct scsi_answer *answer)
{
	struct drive *d = arg;
	bool answered = answer->outcome == SCSI_ANSWERED;
	char text[TEXT_BYTES];

	others_note(&d->others, command, answer);
	if (answered && answer->status == SCSI_GOOD)
		return;
	scsi_answer_text(command, answer, text, sizeof text);
	evidence_add(d->evidence,
	    !answered                                    ? "no answer"
		: answer->status == SCSI_CHECK_CONDITION ? "check condition"
							 : "status",
	    command->name, "", text, answer->raw, answer->raw_bytes);
}

/* Finds the model of the drive: by its product, else by its generation. */
static const struct model *find_model(const struct scsi_facts *f)
{
	char name[2 * MODEL_TITLE_BYTES];
	const struct model *model;

	snprintf(name, sizeof name, "%s %s", f->inquiry.vendor,
	    f->inquiry.product);
	model = model_find(name);
	if (model == NULL)
		model = model_find(f->inquiry.product);
	if (model != NULL || f->generation == 0)
		return model;
	snprintf(name, sizeof name, "LTO-%u", f->generation);
	return model_find(name);
}

/*
 * Returns the half-height model that a drive may be as well: HPE's "Ultrium 9-SCSI"
 * is the product of both, and a product that names only the generation says
 * nothing.  IBM's "ULTRIUM-TD9" is a full-height one.
 */
static const struct model *find_slower(const struct scsi_facts *f,
    const struct model *model)
{
	static const char *const says[] = { "-TD", "HH", "FH", "full", "half" };
	char name[MODEL_NAME_BYTES + 3];

	if (model == NULL)
		return NULL;
	for (size_t i = 0; i < sizeof says / sizeof *says; i++)
		if (strcasestr(f->inquiry.product, says[i]) != NULL)
			return NULL;
	snprintf(name, sizeof name, "%shh", model->name);
	return model_find(name);
}

/* Returns the type of the media with a density code; NULL: not known. */
static const struct media_type *find_medium(uint8_t density)
{
	for (const char *const *code = media_codes(); *code != NULL; code++) {
		const struct media_type *type = media_find_type(*code, "");

		if (type != NULL && !type->worm && type->density == density)
			return type;
	}
	return NULL;
}

/* Adds a fact whose text is printed. */
static void add(struct acceptance *a, enum acceptance_subject subject,
    const char *name, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void add(struct acceptance *a, enum acceptance_subject subject,
    const char *name, const char *format, ...)
{
	char text[TEXT_BYTES];
	va_list ap;

	va_start(ap, format);
	sentence_v(text, sizeof text, format, ap);
	va_end(ap);
	acceptance_add_fact(a, subject, name, text);
}

static void add_drive(struct drive *d, struct acceptance *a)
{
	const struct scsi_facts *f = &d->facts;
	const struct scsi_names *n = &f->names;

	add(a, ACCEPTANCE_OF_DRIVE, "Drive", "%s %s", f->inquiry.vendor,
	    f->inquiry.product);
	add(a, ACCEPTANCE_OF_DRIVE, "Firmware", "%s", f->inquiry.revision);
	add(a, ACCEPTANCE_OF_DRIVE, "Serial number", "%s", f->serial);
	add(a, ACCEPTANCE_OF_DRIVE, "World wide name", "%s",
	    f->identification.naa);
	add(a, ACCEPTANCE_OF_DRIVE, "Profile", "%s%s%s",
	    d->device.model != NULL ? d->device.model->name : "",
	    d->device.slower != NULL ? " or " : "",
	    d->device.slower != NULL ? d->device.slower->name : "");
	add(a, ACCEPTANCE_OF_DRIVE, "Name", "%s",
	    n->by_id[0] != '\0' ? n->by_id : n->sg);
	add(a, ACCEPTANCE_OF_DRIVE, "Address", "%s", n->address);
	add(a, ACCEPTANCE_OF_DRIVE, "Link speed", "%s", n->link_speed);
	add(a, ACCEPTANCE_OF_DRIVE, "Element", "%s",
	    d->config.element != NULL ? d->config.element : "no changer");
}

static const char *yes_no(bool known, bool is)
{
	return !known ? "" : is ? "on" : "off";
}

static void add_host(const struct drive *d, struct acceptance *a)
{
	const struct scsi_facts *f = &d->facts;
	const struct scsi_settings *s = &f->settings;

	add(a, ACCEPTANCE_OF_HOST, "Host adapter", "driver %s",
	    f->names.driver[0] != '\0' ? f->names.driver : "not known");
	add(a, ACCEPTANCE_OF_HOST, "Kernel", "%s", f->kernel);
	add(a, ACCEPTANCE_OF_HOST, "Options of st", "%s", f->names.st_options);
	add(a, ACCEPTANCE_OF_HOST, "Largest block", "%" PRIu32 " bytes",
	    f->largest_block_bytes);
	add(a, ACCEPTANCE_OF_HOST, "Block size found",
	    s->has_mode && s->block_bytes > 0 ? "%" PRIu32 " bytes"
		: s->has_mode                 ? "variable (%" PRIu32 ")"
					      : "not known (%" PRIu32 ")",
	    s->block_bytes);
	add(a, ACCEPTANCE_OF_HOST, "Compression found", "%s",
	    yes_no(s->has_compression, s->compression));
	add(a, ACCEPTANCE_OF_HOST, "Encryption found, used", "%s",
	    yes_no(f->has_encryption, f->encrypts));
}

/*
 * Returns what a link of a speed such as "12.0 Gbit" delivers in bytes per second;
 * 0: not known.  SAS and Fibre Channel move a byte with 10 bits of their speed.
 */
static double link_rate(const char *speed)
{
	char *end;
	double gbit = strtod(speed, &end);

	return strcmp(end, " Gbit") == 0 ? gbit * 1e8 : 0;
}

/* Returns the capacity of a cartridge; 0: its memory does not say it. */
static uint64_t capacity_of(const struct scsi_mam *mam)
{
	return mam->has_capacity ? mam->capacity_mib << 20 : 0;
}

static int get_facts(struct accept_device *device, struct acceptance *a,
    char *err, size_t err_bytes)
{
	struct drive *d = (struct drive *)device;
	struct scsi_unit *unit = d->config.unit(d->config.arg, err, err_bytes);
	const char *pretends;

	if (unit == NULL ||
	    !scsi_facts_read(unit, d->config.names, d->config.largest_bytes,
		&d->facts, err, err_bytes))
		return -1;
	if (d->facts.virtual_by == SCSI_VIRTUAL_SCSI_DEBUG) {
		sentence(err, err_bytes,
		    "%s: scsi_debug keeps 4 bytes of a block and has no times: "
		    "an acceptance run over it proves nothing; use a drive",
		    unit->port->name);
		return -1;
	}
	device->model = find_model(&d->facts);
	device->slower = find_slower(&d->facts, device->model);
	device->capacity_bytes = capacity_of(&d->facts.medium.mam);
	device->block_max_bytes = d->facts.largest_block_bytes;
	device->link_bytes_per_s = link_rate(d->facts.names.link_speed);
	device->was_loaded =
	    d->facts.medium.mam.has_loads && d->facts.medium.mam.loads > 1;
	pretends = scsi_virtual_name(d->facts.virtual_by);
	acceptance_set(&a->vendor, d->facts.inquiry.vendor);
	acceptance_set(&a->product, d->facts.inquiry.product);
	acceptance_set(&a->firmware, d->facts.inquiry.revision);
	acceptance_set(&a->serial, d->facts.serial);
	acceptance_set(&a->virtual_drive, pretends);
	add_drive(d, a);
	add_host(d, a);
	unit->port->watch = watch;
	unit->port->watch_arg = d;
	others_begin(&d->others, d->config.names, d->config.system);
	add(a, ACCEPTANCE_OF_HOST, "Use by others",
	    others_check(&d->others, unit)
		? "seen by answers, registrations, counters; not seen: "
		  "questions of other hosts"
		: "seen by answers, registrations, counters; not seen: "
		  "questions of others, use of the adapter");
	return 0;
}

/* Returns the density code of a medium; 0: not known. */
static uint8_t density_of(const struct scsi_medium *m)
{
	/* That of the cartridge, not that of the next write. */
	return m->mam.density != 0 ? m->mam.density : m->density;
}

/* Says if the cartridge is of another generation than the drive. */
static void compare_generation(struct drive *d)
{
	const struct media_type *type = d->device.medium;

	d->device.other_generation[0] = '\0';
	if (d->facts.generation == 0 || type == NULL ||
	    type->generation == (int)d->facts.generation)
		return;
	sentence(d->device.other_generation, sizeof d->device.other_generation,
	    "%s in an LTO-%u drive", type->name, d->facts.generation);
}

static void get_medium(struct accept_device *device, struct acceptance *a,
    const char *name)
{
	struct drive *d = (struct drive *)device;
	struct scsi_unit *unit = unit_of(d);
	struct scsi_medium medium;
	const struct scsi_mam *m = &medium.mam;

	if (unit == NULL)
		return;
	scsi_medium_read(unit, &medium);
	device->capacity_bytes = capacity_of(m);
	device->medium = find_medium(density_of(&medium));
	compare_generation(d);
	if (a == NULL)
		return;
	add(a, ACCEPTANCE_OF_CARTRIDGE, name,
	    "%s, maker %s, serial number %s%s%s",
	    medium.generation[0] != '\0' ? medium.generation
					 : "unknown generation",
	    m->manufacturer[0] != '\0' ? m->manufacturer : "not known",
	    m->serial[0] != '\0' ? m->serial : "not known",
	    medium.worm ? ", write-once" : "",
	    medium.write_protected ? ", write-protected" : "");
	if (m->has_loads)
		add(a, ACCEPTANCE_OF_CARTRIDGE, "Loads so far", "%" PRIu64,
		    m->loads);
	if (m->has_life)
		add(a, ACCEPTANCE_OF_CARTRIDGE, "Written, read in its life",
		    "%" PRIu64 " MiB, %" PRIu64 " MiB", m->written_life_mib,
		    m->read_life_mib);
}

static bool get_counters(struct accept_device *device,
    struct tape_counters *counters)
{
	struct drive *d = (struct drive *)device;
	struct scsi_unit *unit = unit_of(d);

	memset(counters, 0, sizeof *counters);
	return unit != NULL &&
	    scsi_counters_read(unit, d->facts.maker, counters);
}

/* Enters a log page, with the counters that it has. */
static void take_page(void *arg, struct scsi_log_id id, const uint8_t *data,
    size_t bytes)
{
	struct drive *d = arg;
	char what[32], *text = NULL;
	size_t text_bytes;
	FILE *to = open_memstream(&text, &text_bytes);

	if (to == NULL)
		return;
	for (size_t i = 0; i < d->counters.count; i++) {
		const struct tape_counter *c = &d->counters.counter[i];

		if (c->page == id.page && c->subpage == id.subpage)
			fprintf(to, "%s: %" PRIu64 "; ", c->name, c->value);
	}
	if (fclose(to) == 0) {
		snprintf(what, sizeof what, "%02Xh/%02Xh", id.page, id.subpage);
		evidence_add(d->evidence, "log page", what, d->when, text, data,
		    bytes);
	}
	free(text);
}

static void take_attribute(void *arg, const struct scsi_attribute *attribute)
{
	struct drive *d = arg;
	char what[32], text[TEXT_BYTES];

	snprintf(what, sizeof what, "%04Xh", attribute->id);
	if (attribute->format == ASCII_FORMAT ||
	    attribute->format == TEXT_FORMAT)
		scsi_attribute_text(attribute, text, sizeof text);
	else if (attribute->bytes <= sizeof(uint64_t))
		snprintf(text, sizeof text, "%" PRIu64,
		    scsi_attribute_number(attribute));
	else
		text[0] = '\0';
	evidence_add(d->evidence, "medium attribute", what, d->when, text,
	    attribute->value, attribute->bytes);
}

static void collect(struct accept_device *device, struct evidence *evidence,
    const char *when)
{
	struct drive *d = (struct drive *)device;
	struct scsi_unit *unit = unit_of(d);

	d->evidence = evidence;
	d->when = when;
	if (unit == NULL)
		return;
	get_counters(device, &d->counters);
	scsi_raw_log_pages(unit, take_page, d);
	scsi_raw_attributes(unit, 0, take_attribute, d);
}

static struct tape_library *open_tapes(struct accept_device *device,
    const struct tapes_use *use, char *err, size_t err_bytes)
{
	(void)use, (void)err, (void)err_bytes;
	return ((struct drive *)device)->config.library;
}

static void close_tapes(struct accept_device *device,
    struct tape_library *tapes)
{
	(void)device, (void)tapes;
}

static bool set_compression(struct accept_device *device, bool on, char *err,
    size_t err_bytes)
{
	struct drive *d = (struct drive *)device;
	struct scsi_unit *unit = d->config.unit(d->config.arg, err, err_bytes);

	return unit != NULL && scsi_set_compression(unit, on, err, err_bytes);
}

static bool reload(struct accept_device *device, int64_t now_ns,
    struct tape_result *unloaded, struct tape_result *loaded, char *err,
    size_t err_bytes)
{
	struct tape_library *library = ((struct drive *)device)->config.library;

	if (!sg_library_can_hold(library)) {
		sentence(err, err_bytes,
		    "the drive cannot unload a cartridge and hold it (LOAD "
		    "UNLOAD with HOLD)");
		return false;
	}
	tape_result_init(loaded, now_ns);
	sg_library_unload_held(library, now_ns, unloaded);
	if (unloaded->cause == TAPE_OK)
		sg_library_load_held(library, unloaded->done_ns, loaded);
	return true;
}

static void get_others(struct accept_device *device, struct accept_others *seen)
{
	struct drive *d = (struct drive *)device;
	struct scsi_unit *unit = unit_of(d);

	*seen = (struct accept_others){ .drive = "" };
	if (unit != NULL)
		others_take(&d->others, unit, seen);
}

static void end(struct accept_device *device)
{
	((struct drive *)device)->evidence = NULL;
}

static const struct accept_device_ops ops = {
	.facts = get_facts,
	.medium = get_medium,
	.counters = get_counters,
	.collect = collect,
	.open = open_tapes,
	.close = close_tapes,
	.set_compression = set_compression,
	.reload = reload,
	.others = get_others,
	.end = end,
};

struct accept_device *accept_scsi_new(const struct accept_scsi_config *config)
{
	struct drive *d = calloc(1, sizeof *d);

	if (d == NULL)
		return NULL;
	d->device.ops = &ops;
	d->config = *config;
	return &d->device;
}

void accept_scsi_free(struct accept_device *device)
{
	free(device);
}
