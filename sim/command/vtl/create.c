/* create.c: makes a library on disk. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/command/cmd.h"
#include "sim/base/option.h"
#include "sim/scenario/faults/entry.h"
#include "sim/command/vtl/identity.h"
#include "sim/command/vtl/vtl.h"
#include "splitter/base/text.h"
#include "vtl/library/library.h"
#include "vtl/base/media.h"
#include "vtl/model/profile.h"

enum {
	KEY_DRIVES = 256,
	KEY_MODEL,
	KEY_SLOTS,
	KEY_IE,
	KEY_VOLUMES,
	KEY_CLEANING,
	KEY_CAPACITY,
	KEY_WARNING,
	KEY_PREFIX,
	KEY_SUFFIX,
	KEY_PAYLOAD,
	KEY_MOVE,
	KEY_BEHAVIOUR,
	KEY_MEDIUM,
	DIGITS_MIN = 3
};

/* Default capacity of a medium of unknown type. */
static const uint64_t capacity_default_bytes = UINT64_C(12000000000000);

struct arguments {
	struct vtl_args args; /* must be first: vtl_parse() uses it */
	const struct model *models[CHANGER_DRIVES_MAX];
	size_t models_count;
	uint64_t drives, slots, ie_slots, volumes, cleaning;
	uint64_t capacity_bytes, warning_bytes, move_ns;
	bool warning_given;
	const char *prefix, *suffix;
	const char *medium; /* NULL: the type follows from the barcode */
	enum volume_payload payload;
	struct drive_options behaviour; /* applies to every drive */
	struct vtl_names names;         /* of every drive */
};

/* The models of files, until the program ends. */
static struct model *own_models[CHANGER_DRIVES_MAX];
static size_t own_models_count;

static const struct model *read_model(const char *path,
    struct argp_state *state)
{
	struct model *model = profile_read(path, vtl_report, NULL);

	if (model == NULL)
		argp_failure(state, CMD_USAGE, 0,
		    "--drive-model: invalid profile");
	own_models[own_models_count++] = model;
	return model;
}

static const struct model *parse_model(const char *name,
    struct argp_state *state)
{
	const struct model *model =
	    profile_is_path(name) ? read_model(name, state) : model_find(name);
	struct text_quote quote;
	char message[512];

	if (model != NULL)
		return model;
	snprintf(message, sizeof message, "--drive-model: no drive model %s",
	    text_quote(&quote, name));
	text_suggest(message, sizeof message, name, model_names());
	argp_error(state, "%s", message);
	return NULL;
}

static void parse_models(const char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;
	char *name;
	size_t n;

	for (;; arg += n + 1) {
		n = strcspn(arg, ",");
		name = strndup(arg, n);
		if (name == NULL)
			argp_failure(state, CMD_USAGE, 0, "out of memory");
		if (a->models_count == CHANGER_DRIVES_MAX)
			argp_error(state, "a library has at most %d drives",
			    CHANGER_DRIVES_MAX);
		a->models[a->models_count++] = parse_model(name, state);
		free(name);
		if (arg[n] == '\0')
			return;
	}
}

static void parse_warning(const char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	a->warning_given = true;
	a->warning_bytes = 0;
	if (strcmp(arg, "none") != 0)
		a->warning_bytes =
		    option_value("--early-warning", UNITS_SIZE, arg, state);
}

static void parse_behaviour(const char *arg, struct argp_state *state)
{
	const struct scenario_entry_errors errors = { .what = "--behaviour",
		.report = vtl_report };
	struct arguments *a = state->input;

	if (!scenario_entry_behaviour(arg, &a->behaviour, &errors))
		argp_error(state, "--behaviour: invalid");
}

/* Chooses by default a medium that every drive can write. */
static void choose_medium(struct arguments *a)
{
	const char *suffix = a->suffix;
	const struct media_type *type;
	size_t i, written = 0;

	type = model_common_medium(a->models, a->models_count);
	if (suffix == NULL)
		suffix = a->medium != NULL && a->medium != media_any ? a->medium
		    : type != NULL ? type->code
				   : "L8";
	a->suffix = suffix;
	type = media_find_type(a->medium, suffix);
	for (i = 0; i < a->models_count; i++)
		written += model_use(a->models[i], type) == MEDIA_WRITE;
	if (written < a->models_count && a->volumes > 0)
		vtl_fail(
		    "warning: %s of this library can write its volumes (%s): "
		    "give another type with --media-type or --barcode-suffix",
		    written == 0 ? "no drive" : "not every drive", type->name);
	if (a->capacity_bytes == 0)
		a->capacity_bytes = type != NULL ? type->capacity_bytes
						 : capacity_default_bytes;
}

/* Checks options and sets defaults that depend on more than one option. */
static void check(struct arguments *a, struct argp_state *state)
{
	if (a->slots == 0)
		a->slots = a->volumes + a->cleaning > 24
		    ? a->volumes + a->cleaning
		    : 24;
	if (a->volumes + a->cleaning > a->slots)
		argp_error(state,
		    "%ju cartridges do not fit into %ju slots: give more --slots, or fewer --volumes",
		    (uintmax_t)(a->volumes + a->cleaning), (uintmax_t)a->slots);
	if (a->drives == 0)
		a->drives = a->models_count > 0 ? a->models_count : 2;
	if (a->models_count == 0)
		a->models[a->models_count++] = model_find("lto8");
	if (a->models_count > a->drives)
		argp_error(state, "--drive-model: %zu models for %ju drives",
		    a->models_count, (uintmax_t)a->drives);
	/* The last model applies to all further drives. */
	for (; a->models_count < a->drives; a->models_count++)
		a->models[a->models_count] = a->models[a->models_count - 1];
	choose_medium(a);
	if (!a->warning_given)
		a->warning_bytes = model_early_warning_bytes(a->models[0],
		    media_find_type(a->medium, a->suffix), a->capacity_bytes);
	if (a->behaviour.zlib && a->payload == VOLUME_PAYLOAD_NONE)
		argp_error(state,
		    "--behaviour: compression: zlib needs the written bytes, "
		    "which --payload none does not store: use raw or zlib");
	if (media_is_cleaning(a->prefix))
		argp_error(state,
		    "--barcode-prefix: CLN is for cleaning cartridges: use "
		    "another prefix, or --cleaning");
	if (a->warning_bytes >= a->capacity_bytes)
		argp_error(state,
		    "--early-warning: the distance from the end must be less "
		    "than the capacity");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case KEY_DRIVES:
		a->drives =
		    option_count("--drives", arg, 1, CHANGER_DRIVES_MAX, state);
		return 0;
	case KEY_MODEL:
		parse_models(arg, state);
		return 0;
	case KEY_SLOTS:
		a->slots =
		    option_count("--slots", arg, 1, CHANGER_SLOTS_MAX, state);
		return 0;
	case KEY_IE:
		a->ie_slots =
		    option_count("--ie-slots", arg, 0, CHANGER_IE_MAX, state);
		return 0;
	case KEY_VOLUMES:
		a->volumes =
		    option_count("--volumes", arg, 0, CHANGER_SLOTS_MAX, state);
		return 0;
	case KEY_CLEANING:
		a->cleaning = option_count("--cleaning", arg, 0, 999, state);
		return 0;
	case KEY_CAPACITY:
		a->capacity_bytes =
		    option_value("--capacity", UNITS_SIZE, arg, state);
		if (a->capacity_bytes == 0)
			argp_error(state, "--capacity: must be more than 0");
		return 0;
	case KEY_WARNING:
		parse_warning(arg, state);
		return 0;
	case KEY_PREFIX:
		a->prefix = arg;
		return 0;
	case KEY_SUFFIX:
		a->suffix = arg;
		return 0;
	case KEY_MEDIUM:
		a->medium = vtl_parse_medium(arg, state);
		return 0;
	case KEY_PAYLOAD:
		a->payload = (enum volume_payload)option_word("--payload", arg,
		    vtl_payloads, state);
		return 0;
	case KEY_MOVE:
		a->move_ns =
		    option_value("--move-time", UNITS_TIME, arg, state);
		return 0;
	case KEY_BEHAVIOUR:
		parse_behaviour(arg, state);
		return 0;
	case ARGP_KEY_END:
		check(a, state);
		return 0;
	default:
		return vtl_parse_name(key, arg, "drive-", &a->names, state)
		    ? 0
		    : vtl_parse(key, arg, state);
	}
}

static const struct argp_option options[] = {
	{ NULL, 0, NULL, 0, "The library:", 1 },
	{ "drives", KEY_DRIVES, "N", 0,
	    "number of drives (default: the number of models, or 2)", 1 },
	{ "drive-model", KEY_MODEL, "MODEL,...", 0,
	    "models of the drives, from drive 0 on, each a name or a profile: "
	    "a path with a / or .yaml at its end; the last applies to all "
	    "further drives (default lto8)",
	    1 },
	{ "behaviour", KEY_BEHAVIOUR, "KEYS", 0,
	    "how every drive differs from its model, with the keys of "
	    "library.behaviour of a scenario: '{buffered: true}'",
	    1 },
	{ "drive-vendor", VTL_KEY_VENDOR, "TEXT", 0,
	    "vendor that every drive reports to initiators, up to 8 characters "
	    "(default: that of the model)",
	    1 },
	{ "drive-product", VTL_KEY_PRODUCT, "TEXT", 0,
	    "product that every drive reports, up to 16 characters", 1 },
	{ "drive-revision", VTL_KEY_REVISION, "TEXT", 0,
	    "revision that every drive reports, up to 4 characters", 1 },
	{ "slots", KEY_SLOTS, "N", 0,
	    "number of storage slots (default: 24, or the number of cartridges "
	    "if larger)",
	    1 },
	{ "ie-slots", KEY_IE, "N", 0,
	    "number of import/export slots (default 4)", 1 },
	{ "move-time", KEY_MOVE, "TIME", 0,
	    "duration of one move of the robot in virtual time (default 8 s)",
	    1 },
	{ NULL, 0, NULL, 0, "Its cartridges:", 2 },
	{ "volumes", KEY_VOLUMES, "N", 0,
	    "number of volumes, in the first slots (default 20)", 2 },
	{ "cleaning", KEY_CLEANING, "N", 0,
	    "number of cleaning cartridges, in the next slots (default 0)", 2 },
	{ "capacity", KEY_CAPACITY, "SIZE", 0,
	    "capacity of each volume (default: that of its medium type; 12 TB "
	    "for LTO-8)",
	    2 },
	{ "early-warning", KEY_WARNING, "SIZE|none", 0,
	    "distance of the early warning from the end of each volume "
	    "(default: 25 MiB, but at most a tenth of the capacity)",
	    2 },
	{ "payload", KEY_PAYLOAD, "none|raw|zlib", 0,
	    "what the volumes store: raw, every byte (default); zlib, every "
	    "byte, compressed; none, only the lengths of blocks",
	    2 },
	{ "barcode-prefix", KEY_PREFIX, "TEXT", 0,
	    "text before the number in barcodes (default VTA)", 2 },
	{ "barcode-suffix", KEY_SUFFIX, "TEXT", 0,
	    "text after the number: the type of the medium (default: the "
	    "newest that every drive writes)",
	    2 },
	{ "media-type", KEY_MEDIUM, "TYPE", 0,
	    "type of the medium, independent of the barcode: L8, LTO-8, LY, "
	    "'LTO-8 WORM', ...; none fits every drive",
	    2 },
	{ 0 },
};

/* Makes the barcodes: PREFIX, enough digits, and SUFFIX. */
static int name_volumes(const struct arguments *a, struct volume_spec *specs)
{
	int digits = DIGITS_MIN;
	uint64_t i, most;

	for (most = 999; most < a->volumes; most = most * 10 + 9)
		digits++;
	for (i = 0; i < a->volumes; i++) {
		specs[i] = (struct volume_spec){
			.capacity_bytes = a->capacity_bytes,
			.has_early_warning = a->warning_bytes > 0,
			.early_warning_bytes = a->warning_bytes,
			.payload = a->payload,
		};
		if (a->medium != NULL)
			strcpy(specs[i].medium, a->medium);
		if (snprintf(specs[i].barcode, sizeof specs[i].barcode,
			"%s%0*ju%s", a->prefix, digits, (uintmax_t)i + 1,
			a->suffix) >= (int)sizeof specs[i].barcode)
			return -1;
	}
	return 0;
}

/* Stores the date, YYYYMMDD; returns it. */
static const char *today(char date[9])
{
	const time_t now = time(NULL);
	struct tm tm;

	strftime(date, 9, "%Y%m%d", gmtime_r(&now, &tm));
	return date;
}

static int create(const struct arguments *a)
{
	const struct changer_spec spec = { .drives = a->models,
		.drive_count = (size_t)a->drives,
		.slot_count = (unsigned)a->slots,
		.ie_count = (unsigned)a->ie_slots,
		.move_ns = (int64_t)a->move_ns,
		.behaviour = &a->behaviour,
		.drive_identity = &a->names.identity };
	struct volume_spec *specs = calloc(a->volumes + 1, sizeof *specs);
	char(*names)[16] = calloc(a->cleaning + 1, sizeof *names);
	const char **cleaning = calloc(a->cleaning + 1, sizeof *cleaning);
	char date[9];
	const struct library_stock stock = { .date = today(date),
		.volumes = specs,
		.volume_count = (size_t)a->volumes,
		.cleaning = cleaning,
		.cleaning_count = (size_t)a->cleaning };
	char message[VOLUME_MESSAGE_BYTES] = "out of memory";
	int rc = -1;
	uint64_t i;

	if (specs != NULL && names != NULL && cleaning != NULL) {
		for (i = 0; i < a->cleaning; i++) {
			snprintf(names[i], sizeof names[i], "CLN%03uCU",
			    (unsigned)(i + 1) % 1000);
			cleaning[i] = names[i];
		}
		if (name_volumes(a, specs) != 0)
			snprintf(message, sizeof message,
			    "a barcode has at most 32 characters: use a "
			    "shorter prefix");
		else
			/*
			 * The files are not made durable: the library can be
			 * made again.
			 */
			rc = library_create(a->args.folder, &spec, &stock,
			    false, message);
	}
	free(specs);
	free(names);
	free(cleaning);
	if (rc == 0)
		return CMD_OK;
	vtl_fail("%s", message);
	return CMD_USAGE;
}

int vtl_create(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "LIB",
		.doc = "Makes a virtual tape library in the folder LIB.\n"
		       "\vExit status: 0; 2 bad usage, or it could not be "
		       "made.",
	};
	struct arguments a = { .ie_slots = 4,
		.volumes = 20,
		.prefix = "VTA",
		.payload = VOLUME_PAYLOAD_RAW,
		.move_ns = UINT64_C(8000000000) };

	if (!cmd_parse(&argp, argc, argv, &a))
		return CMD_USAGE;
	return create(&a);
}
