/* vtl.c: see vtl.h. */
#include "sim/command/vtl/vtl.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/base/option.h"
#include "sim/command/print.h"
#include "splitter/base/units.h"
#include "splitter/base/text.h"
#include "vtl/base/media.h"

static const struct {
	const char *word;
	enum changer_kind kind;
	unsigned address, first; /* address and number of the first element */
} kinds[] = {
	{ "drive", CHANGER_KIND_DRIVE, CHANGER_DRIVE_ADDRESS, 0 },
	{ "slot", CHANGER_KIND_SLOT, CHANGER_SLOT_ADDRESS, 1 },
	{ "ie", CHANGER_KIND_IE, CHANGER_IE_ADDRESS, 1 },
};
enum { KINDS = sizeof kinds / sizeof *kinds };

const char *const vtl_payloads[] = { [VOLUME_PAYLOAD_NONE] = "none",
	[VOLUME_PAYLOAD_RAW] = "raw",
	[VOLUME_PAYLOAD_ZLIB] = "zlib",
	NULL };

error_t vtl_parse(int key, char *arg, struct argp_state *state)
{
	struct vtl_args *a = state->input;

	switch (key) {
	case VTL_KEY_JSON:
		a->json = true;
		return 0;
	case VTL_KEY_DRIVE:
		a->drive_given = true;
		a->drive = option_count("--drive", arg, 0,
		    CHANGER_DRIVES_MAX - 1, state);
		return 0;
	case ARGP_KEY_ARGS:
		a->folder = state->argv[state->next];
		a->words = state->argv + state->next + 1;
		a->count = (size_t)(state->argc - state->next - 1);
		state->next = state->argc;
		if (a->count < a->min)
			argp_error(state, "name %s", a->missing);
		if (a->count > a->max)
			argp_error(state, "unexpected argument \"%s\"",
			    a->words[a->max]);
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "name the library: its folder");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

bool vtl_concerns_drive(const struct vtl_args *a,
    const struct changer_element *element)
{
	return element->kind == CHANGER_KIND_DRIVE &&
	    (!a->drive_given || element->number == a->drive);
}

int vtl_fail_drive(const struct vtl_args *a)
{
	return vtl_fail(
	    "the library has no drive %ju: drives are counted from 0",
	    (uintmax_t)a->drive);
}

struct changer *vtl_open(const char *folder, bool read_only)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *changer = changer_open(folder,
	    program_invocation_short_name, read_only, true, message);

	if (changer == NULL)
		fprintf(stderr, "tapelab: %s\n", message);
	return changer;
}

int vtl_report_status(const struct changer *changer, enum changer_status status)
{
	if (status == CHANGER_OK)
		return CMD_OK;
	return vtl_fail("%s", changer_message(changer));
}

void vtl_report(void *arg, const char *message)
{
	(void)arg;
	fprintf(stderr, "tapelab: %s\n", message);
}

static void print(const char *format, va_list ap)
{
	fputs("tapelab: ", stderr);
	vfprintf(stderr, format, ap);
	fputs("\n", stderr);
}

int vtl_fail(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	print(format, ap);
	va_end(ap);
	return CMD_FAILED;
}

void vtl_warn(const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	print(format, ap);
	va_end(ap);
}

const char *vtl_parse_medium(const char *arg, struct argp_state *state)
{
	const char *code = media_code(arg);
	struct text_quote quote;
	char message[512];

	if (code != NULL)
		return code;
	snprintf(message, sizeof message, "--media-type: unknown type %s",
	    text_quote(&quote, arg));
	text_suggest(message, sizeof message, arg, media_codes());
	argp_error(state, "%s", message);
	return NULL;
}

unsigned vtl_address(enum changer_kind kind, unsigned number)
{
	size_t i = 0;

	while (kinds[i].kind != kind)
		i++;
	return kinds[i].address + number - kinds[i].first;
}

/*
 * Returns the address for a number after the colon; 0: the number is invalid.
 */
static unsigned numbered(size_t kind, const char *text)
{
	uint64_t number;
	char err[256];

	if (units_parse_count(text, kinds[kind].first, CHANGER_SLOTS_MAX,
		&number, err, sizeof err) != 0) {
		vtl_fail("%s: %s", kinds[kind].word, err);
		return 0;
	}
	return vtl_address(kinds[kind].kind, (unsigned)number);
}

/* Returns the address of a cartridge; 0: it is not in the library. */
static unsigned find_barcode(struct changer *changer, const char *barcode)
{
	struct changer_element element;
	char *path;

	if (changer_lock(changer, barcode, &element, &path) != CHANGER_OK) {
		vtl_fail("%s", changer_message(changer));
		return 0;
	}
	changer_unlock(changer);
	free(path);
	return element.address;
}

unsigned vtl_parse_element(struct changer *changer, const char *text,
    enum changer_kind bare)
{
	size_t n = strcspn(text, ":"), i;

	for (i = 0; i < KINDS; i++) {
		if (text[n] == ':' && strlen(kinds[i].word) == n &&
		    strncmp(kinds[i].word, text, n) == 0)
			return numbered(i, text + n + 1);
		if (kinds[i].kind == bare && text[0] != '\0' &&
		    strspn(text, "0123456789") == strlen(text))
			return numbered(i, text);
	}
	if (text[n] == ':') {
		vtl_fail(
		    "invalid element \"%s\": use drive:N, slot:N, ie:N or a "
		    "barcode",
		    text);
		return 0;
	}
	return find_barcode(changer, text);
}

const char *vtl_element_name(unsigned address, char buf[32])
{
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (address >= kinds[i].address &&
		    (i == 1 ||
			address < (i == 0 ? CHANGER_SLOT_ADDRESS
					  : CHANGER_DRIVE_ADDRESS)))
			break;
	if (i == KINDS)
		snprintf(buf, 32, "robot");
	else
		snprintf(buf, 32, "%s:%u", kinds[i].word,
		    address - kinds[i].address + kinds[i].first);
	return buf;
}

int vtl_print_json(json_t *json)
{
	return print_json(json) == 0 ? CMD_OK : vtl_fail("out of memory");
}
