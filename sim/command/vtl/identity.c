/* identity.c: prints and changes by which names initiators know the devices. */
#include "sim/command/vtl/identity.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/command/verb_options.h"
#include "sim/base/option.h"
#include "sim/command/print.h"
#include "sim/command/vtl/vtl.h"
#include "vtl/serve/remote.h"

enum { KEY_CHANGER = 256, KEY_SERIAL, KEY_NAA, KEY_CLEAR, KEY_RENEW };

struct arguments {
	struct vtl_args args; /* must be first: vtl_parse() uses it */
	bool changer_given, clear, renew;
	/* What is given: false, NULL and 0 leave a property as it is. */
	struct vtl_names names;
	const char *serial;
	struct changer_identity given;
};

static void parse_inquiry_text(const char *option, const char *arg, char *to,
    size_t bytes, struct argp_state *state)
{
	size_t n = strlen(arg), i;

	for (i = 0; i < n; i++)
		if (arg[i] < ' ' || arg[i] > '~')
			argp_error(state, "%s: use printable ASCII characters",
			    option);
	if (n >= bytes)
		argp_error(state, "%s: at most %zu characters", option,
		    bytes - 1);
	strcpy(to, arg);
}

bool vtl_parse_name(int key, const char *arg, const char *prefix,
    struct vtl_names *names, struct argp_state *state)
{
	struct changer_identity *id = &names->identity;
	char option[32];

	snprintf(option, sizeof option, "--%s%s", prefix,
	    key == VTL_KEY_VENDOR        ? "vendor"
		: key == VTL_KEY_PRODUCT ? "product"
					 : "revision");
	switch (key) {
	case VTL_KEY_VENDOR:
		names->has_vendor = true;
		parse_inquiry_text(option, arg, id->vendor, sizeof id->vendor,
		    state);
		return true;
	case VTL_KEY_PRODUCT:
		names->has_product = true;
		parse_inquiry_text(option, arg, id->product, sizeof id->product,
		    state);
		return true;
	case VTL_KEY_REVISION:
		names->has_revision = true;
		parse_inquiry_text(option, arg, id->revision,
		    sizeof id->revision, state);
		return true;
	default:
		return false;
	}
}

static void parse_naa(const char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	if (strlen(arg) != 16 || strspn(arg, "0123456789abcdefABCDEF") != 16 ||
	    strchr("235", arg[0]) == NULL)
		argp_error(state,
		    "--naa: give 16 hexadecimal digits, the first 2, 3 "
		    "(locally assigned) or 5");
	a->given.naa = strtoull(arg, NULL, 16);
}

static void check(const struct arguments *a, struct argp_state *state)
{
	if (a->args.drive_given && a->changer_given)
		argp_error(state, "--drive and --changer exclude each other");
	if ((a->serial != NULL || a->given.naa != 0) && !a->args.drive_given &&
	    !a->changer_given)
		argp_error(state,
		    "--serial and --naa are those of one device: add --drive "
		    "or --changer");
	if (a->serial != NULL && a->serial[0] == '\0')
		argp_error(state, "--serial: must not be empty");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	switch (key) {
	case KEY_CHANGER:
		a->changer_given = true;
		return 0;
	case KEY_SERIAL:
		a->serial = arg;
		parse_inquiry_text("--serial", arg, a->given.serial,
		    sizeof a->given.serial, state);
		return 0;
	case KEY_NAA:
		parse_naa(arg, state);
		return 0;
	case KEY_CLEAR:
		a->clear = true;
		return 0;
	case KEY_RENEW:
		a->renew = true;
		return 0;
	case ARGP_KEY_END:
		check(a, state);
		return 0;
	default:
		return vtl_parse_name(key, arg, "", &a->names, state)
		    ? 0
		    : vtl_parse(key, arg, state);
	}
}

static bool changes_device(const struct arguments *a)
{
	return a->clear || a->names.has_vendor || a->names.has_product ||
	    a->names.has_revision || a->serial != NULL || a->given.naa != 0;
}

static bool concerns(const struct arguments *a, const struct changer_element *e)
{
	if (e->kind == CHANGER_KIND_ROBOT)
		return !a->args.drive_given;
	return !a->changer_given && vtl_concerns_drive(&a->args, e);
}

/* Changes the identity of one device as the arguments say. */
static enum changer_status change(struct changer *changer,
    const struct arguments *a, unsigned address)
{
	struct changer_identity identity;
	enum changer_status status;

	status = changer_get_identity(changer, address, &identity);
	if (status != CHANGER_OK)
		return status;
	if (a->clear)
		identity.vendor[0] = identity.product[0] =
		    identity.revision[0] = '\0';
	if (a->names.has_vendor)
		strcpy(identity.vendor, a->names.identity.vendor);
	if (a->names.has_product)
		strcpy(identity.product, a->names.identity.product);
	if (a->names.has_revision)
		strcpy(identity.revision, a->names.identity.revision);
	if (a->serial != NULL)
		strcpy(identity.serial, a->given.serial);
	if (a->given.naa != 0)
		identity.naa = a->given.naa;
	return changer_set_identity(changer, address, &identity);
}

static json_t *identity_json(const char *name,
    const struct changer_identity *identity)
{
	char naa[17];

	snprintf(naa, sizeof naa, "%016" PRIx64, identity->naa);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "element", name,
	    "vendor", identity->vendor, "product", identity->product,
	    "revision", identity->revision, "serial", identity->serial, "naa",
	    naa);
}

static void print_identity(const char *name,
    const struct changer_identity *identity)
{
	printf("%s: serial number %s, NAA %016" PRIx64, name, identity->serial,
	    identity->naa);
	if (identity->vendor[0] != '\0')
		printf(", vendor \"%s\"", identity->vendor);
	if (identity->product[0] != '\0')
		printf(", product \"%s\"", identity->product);
	if (identity->revision[0] != '\0')
		printf(", revision \"%s\"", identity->revision);
	putchar('\n');
}

/* Prints the identity of a device, or adds it to `json` unless that is NULL. */
static enum changer_status show(struct changer *changer, unsigned address,
    json_t *json)
{
	struct changer_identity identity;
	enum changer_status status;
	char buf[32];
	const char *name = address == CHANGER_ROBOT_ADDRESS
	    ? "changer"
	    : vtl_element_name(address, buf);

	status = changer_get_identity(changer, address, &identity);
	if (status != CHANGER_OK)
		return status;
	if (json != NULL)
		json_array_append_new(json, identity_json(name, &identity));
	else
		print_identity(name, &identity);
	return CHANGER_OK;
}

static int identify(struct changer *changer, const struct arguments *a,
    const struct changer_element *e, size_t count)
{
	json_t *json = a->args.json ? json_array() : NULL;
	enum changer_status status = CHANGER_OK;
	size_t devices = 0, i;

	if (a->renew)
		status = changer_renew_identities(changer);
	for (i = 0; i < count && status == CHANGER_OK; i++)
		if (concerns(a, &e[i]) && changes_device(a))
			status = change(changer, a, e[i].address);
	for (i = 0; i < count && status == CHANGER_OK; i++) {
		if (!concerns(a, &e[i]))
			continue;
		devices++;
		status = show(changer, e[i].address, json);
	}
	if (status == CHANGER_OK && devices > 0)
		return json != NULL ? vtl_print_json(json) : CMD_OK;
	json_decref(json);
	if (status == CHANGER_OK)
		return vtl_fail_drive(&a->args);
	return vtl_report_status(changer, status);
}

static const struct argp_option options[] = { VTL_OPTION_DRIVE,
	{ "changer", KEY_CHANGER, NULL, 0, "only the changer", 1 },
	{ "vendor", VTL_KEY_VENDOR, "TEXT", 0,
	    "vendor, up to 8 characters; \"\" is that of the model", 2 },
	{ "product", VTL_KEY_PRODUCT, "TEXT", 0, "product, up to 16 characters",
	    2 },
	{ "revision", VTL_KEY_REVISION, "TEXT", 0,
	    "revision, up to 4 characters", 2 },
	{ "serial", KEY_SERIAL, "TEXT", 0, "serial number, up to 10 characters",
	    2 },
	{ "naa", KEY_NAA, "HEX", 0, "NAA designator, 16 hexadecimal digits",
	    2 },
	{ "clear", KEY_CLEAR, NULL, VERB_OPTION_LINE_ONLY,
	    "first reset vendor, product and revision to those of the model",
	    2 },
	{ "renew", KEY_RENEW, NULL, VERB_OPTION_LINE_ONLY,
	    "first draw new serial numbers and NAA for all devices, as for a "
	    "copied library",
	    2 },
	VTL_OPTION_JSON, { 0 } };

int vtl_identity(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "LIB",
		.doc =
		    "Prints the serial numbers and names by which initiators "
		    "know the drives and the changer of a library, or changes "
		    "them.\vExit status: 0 done; 1 no such device, or the "
		    "number of another device; 2 bad usage, or no library.",
	};
	struct arguments a = { .args = { .max = 0 } };
	struct changer_element *elements;
	struct changer *changer;
	bool changes;
	size_t count;
	int status;

	if (!cmd_parse(&argp, argc, argv, &a))
		return CMD_USAGE;
	changes = changes_device(&a) || a.renew;
	changer = vtl_open(a.args.folder, !changes);
	if (changer == NULL)
		return CMD_USAGE;
	status = vtl_report_status(changer,
	    changer_list(changer, &elements, &count));
	if (status == CMD_OK) {
		status = identify(changer, &a, elements, count);
		free(elements);
	}
	changer_close(changer);
	if (changes && status == CMD_OK &&
	    serve_remote_is_served(a.args.folder))
		vtl_warn("library %s is served: initiators see the new "
			 "identity after \"tapelab serve\" is started again",
		    a.args.folder);
	if (!changes)
		print_unwritten(CMD_FAILED);
	return status;
}
