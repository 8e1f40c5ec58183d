/* status.c: prints what each element holds, and who uses the drives. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/command/cmd.h"
#include "sim/command/verb_options.h"
#include "sim/base/option.h"
#include "sim/command/print.h"
#include "sim/scenario/faults/entry.h"
#include "reports/units.h"
#include "sim/command/vtl/fault_text.h"
#include "sim/command/vtl/vtl.h"
#include "splitter/base/clock.h"
#include "vtl/changer/drive_settings.h"
#include "vtl/serve/remote.h"

/* A server may take this long to store the strikes of the faults. */
#define STRIKES_NS INT64_C(1000000000)

/* The state of a library. */
struct state {
	struct changer *changer;
	struct changer_element *elements;
	size_t count;
	struct changer_fault *faults;
	size_t faults_count;
	struct changer_drive_fault *drive_faults;
	size_t drive_faults_count;
	struct changer_volume_fault *volume_faults;
	size_t volume_faults_count;
	struct changer_client *clients;
	size_t clients_count;
	json_t *behaviours; /* behaviour of each drive, by number */
};

enum { KEY_FORGET = 256 };

struct arguments {
	struct vtl_args args; /* must be first: vtl_parse() uses it */
	uint64_t forget;      /* the client to forget; 0: none */
};

/* Returns the behaviour of a drive; NULL: the drive behaves like its model. */
static json_t *behaviour_of(const struct state *s,
    const struct changer_element *e)
{
	json_t *behaviour = e->kind == CHANGER_KIND_DRIVE
	    ? json_array_get(s->behaviours, e->number)
	    : NULL;

	return json_object_size(behaviour) > 0 ? behaviour : NULL;
}

static unsigned count_kind(const struct state *s, enum changer_kind kind,
    bool full_only)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < s->count; i++)
		n += s->elements[i].kind == kind &&
		    (!full_only || s->elements[i].full);
	return n;
}

static void print_drive(const struct changer_element *e)
{
	char from[32], by[CHANGER_CLIENT_BYTES];

	printf(" (%s): %s", e->model->name, e->full ? e->barcode : "empty");
	if (e->full && e->source_address != 0)
		printf(", from %s", vtl_element_name(e->source_address, from));
	if (e->by_hand)
		fputs(", loaded by hand", stdout);
	if (e->cleanings > 0)
		printf(", cleaned %u time%s", e->cleanings,
		    e->cleanings == 1 ? "" : "s");
	changer_client_describe(&e->client, by, sizeof by);
	if (e->client.id != 0)
		printf(", in use by %s", by);
}

/*
 * Prints clients that may have ended; status shows the others with their
 * drives.
 */
static void print_clients(const struct state *s)
{
	char by[CHANGER_CLIENT_BYTES];
	size_t i;

	for (i = 0; i < s->clients_count; i++) {
		if (s->clients[i].has_lock)
			continue;
		changer_client_describe(&s->clients[i], by, sizeof by);
		printf("client %" PRId64 ": %s\n", s->clients[i].id, by);
	}
}

static void print_element(const struct state *s,
    const struct changer_element *e)
{
	const json_t *behaviour = behaviour_of(s, e);
	char name[32];

	fputs(vtl_element_name(e->address, name), stdout);
	if (e->kind == CHANGER_KIND_DRIVE)
		print_drive(e);
	else
		printf(": %s", e->full ? e->barcode : "empty");
	if (e->cleaning)
		printf(", used %u time%s", e->uses, e->uses == 1 ? "" : "s");
	if (e->unreadable)
		fputs(", its barcode cannot be read", stdout);
	if (behaviour != NULL) {
		fputs(", behaviour ", stdout);
		scenario_entry_print(behaviour, stdout);
	}
	putchar('\n');
}

static void print_faults(const struct state *s)
{
	size_t i;

	for (i = 0; i < s->faults_count; i++)
		vtl_print_robot_fault(&s->faults[i], stdout);
	for (i = 0; i < s->drive_faults_count; i++)
		vtl_print_drive_fault(&s->drive_faults[i], stdout);
	for (i = 0; i < s->volume_faults_count; i++)
		vtl_print_volume_fault(&s->volume_faults[i], stdout);
}

static void print_state(const struct state *s)
{
	char time[UNITS_BYTES];
	size_t i;

	units_time(time, (double)changer_move_ns(s->changer) / 1e9);
	printf("%s: %u drives, %u slots, %u import/export slots; a move takes "
	       "%s\n",
	    changer_folder(s->changer),
	    count_kind(s, CHANGER_KIND_DRIVE, false),
	    count_kind(s, CHANGER_KIND_SLOT, false),
	    count_kind(s, CHANGER_KIND_IE, false), time);
	for (i = 0; i < s->count; i++)
		if (s->elements[i].kind == CHANGER_KIND_DRIVE)
			print_element(s, &s->elements[i]);
	for (i = 0; i < s->count; i++)
		if (s->elements[i].full &&
		    s->elements[i].kind != CHANGER_KIND_DRIVE)
			print_element(s, &s->elements[i]);
	print_clients(s);
	print_faults(s);
}

static json_t *client_json(const struct changer_client *client)
{
	return json_pack("{s:I, s:I, s:o, s:o, s:b}", "client",
	    (json_int_t)client->id, "pid", (json_int_t)client->pid, "program",
	    print_text(client->program), "host", print_text(client->host),
	    "has_lock", (int)client->has_lock);
}

static json_t *element_json(const struct state *s,
    const struct changer_element *e)
{
	char name[32], from[32];
	json_t *json = json_pack("{s:s, s:i, s:b}", "element",
	    vtl_element_name(e->address, name), "address", (int)e->address,
	    "full", (int)e->full);

	if (e->full)
		json_object_update_new(json,
		    json_pack("{s:s, s:s?, s:b, s:i, s:b}", "barcode",
			e->barcode, "from",
			e->source_address != 0
			    ? vtl_element_name(e->source_address, from)
			    : NULL,
			"cleaning", (int)e->cleaning, "uses", (int)e->uses,
			"barcode_readable", (int)!e->unreadable));
	if (e->kind == CHANGER_KIND_DRIVE)
		json_object_update_new(json,
		    json_pack("{s:s, s:b, s:i}", "model", e->model->name,
			"by_hand", (int)e->by_hand, "cleanings",
			(int)e->cleanings));
	if (behaviour_of(s, e) != NULL)
		json_object_set(json, "behaviour", behaviour_of(s, e));
	if (e->client.id != 0)
		json_object_update_new(json, client_json(&e->client));
	return json;
}

/* Adds what the library has counted of a fault to its JSON. */
static json_t *with_strikes(json_t *fault, int64_t id, bool once,
    uint64_t strikes)
{
	json_object_update_new(fault,
	    json_pack("{s:I, s:I, s:b}", "id", (json_int_t)id, "strikes",
		(json_int_t)strikes, "spent", (int)(once && strikes > 0)));
	return fault;
}

static json_t *state_json(const struct state *s)
{
	const char *const *mode = changer_fault_mode_names();
	json_t *elements = json_array(), *faults = json_array();
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < s->count; i++)
		json_array_append_new(elements,
		    element_json(s, &s->elements[i]));
	for (i = 0; i < s->faults_count; i++)
		json_array_append_new(faults,
		    with_strikes(json_pack("{s:s, s:s, s:I, s:b}", "fail",
				     "move", "mode", mode[s->faults[i].mode],
				     "nth", (json_int_t)s->faults[i].nth,
				     "once", (int)s->faults[i].once),
			s->faults[i].id, s->faults[i].once,
			s->faults[i].strikes));
	for (i = 0; i < s->drive_faults_count; i++)
		json_array_append_new(faults,
		    with_strikes(scenario_entry_fault_json(&s->drive_faults[i]
								.fault,
				     s->drive_faults[i].drive),
			s->drive_faults[i].fault.id,
			s->drive_faults[i].fault.once,
			s->drive_faults[i].strikes));
	for (i = 0; i < s->volume_faults_count; i++)
		json_array_append_new(faults,
		    with_strikes(vtl_volume_fault_json(&s->volume_faults[i]),
			s->volume_faults[i].id, s->volume_faults[i].once,
			s->volume_faults[i].strikes));
	for (i = 0; i < s->clients_count; i++)
		json_array_append_new(list, client_json(&s->clients[i]));
	return json_pack("{s:s, s:I, s:o, s:o, s:o}", "library",
	    changer_folder(s->changer), "move_ns",
	    (json_int_t)changer_move_ns(s->changer), "elements", elements,
	    "clients", list, "faults", faults);
}

static enum changer_status read_state(struct state *s)
{
	enum changer_status status =
	    changer_list(s->changer, &s->elements, &s->count);
	struct drive_options options;
	size_t i;

	serve_remote_store_strikes(changer_folder(s->changer),
	    clock_now_ns() + STRIKES_NS);
	if (status == CHANGER_OK)
		status = changer_list_clients(s->changer, &s->clients,
		    &s->clients_count);
	if (status == CHANGER_OK)
		status = changer_list_faults(s->changer, &s->faults,
		    &s->faults_count);
	if (status == CHANGER_OK)
		status = changer_list_drive_faults(s->changer, &s->drive_faults,
		    &s->drive_faults_count);
	if (status == CHANGER_OK)
		status = changer_list_volume_faults(s->changer,
		    &s->volume_faults, &s->volume_faults_count);
	for (i = 0; i < s->count && status == CHANGER_OK; i++) {
		if (s->elements[i].kind != CHANGER_KIND_DRIVE)
			continue;
		status = changer_get_behaviour(s->changer,
		    s->elements[i].number, &options);
		json_array_append_new(s->behaviours,
		    scenario_entry_behaviour_json(&options));
	}
	return status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	if (key != KEY_FORGET)
		return vtl_parse(key, arg, state);
	a->forget = option_count("--forget-client", arg, 1, INT64_MAX, state);
	return 0;
}

int vtl_status(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "forget-client", KEY_FORGET, "N", VERB_OPTION_LINE_ONLY,
		    "first remove client N, whose program has ended; its "
		    "drives become free",
		    1 },
		VTL_OPTION_JSON, { 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "LIB",
		.doc =
		    "Prints what each element of a library holds, and which "
		    "program uses which drive.\vExit status: 0 done; 1 the "
		    "library is unreadable, or the client was not removed; 2 "
		    "bad usage, or no library.",
	};
	struct arguments a = { .args.max = 0 };
	struct state s = { 0 };
	int status;

	if (!cmd_parse(&argp, argc, argv, &a))
		return CMD_USAGE;
	s.changer = vtl_open(a.args.folder, a.forget == 0);
	if (s.changer == NULL)
		return CMD_USAGE;
	s.behaviours = json_array();
	status = a.forget == 0
	    ? CMD_OK
	    : vtl_report_status(s.changer,
		  changer_forget_client(s.changer, (int64_t)a.forget));
	if (status == CMD_OK)
		status = vtl_report_status(s.changer, read_state(&s));
	if (status == CMD_OK && a.args.json)
		status = vtl_print_json(state_json(&s));
	else if (status == CMD_OK)
		print_state(&s);
	free(s.elements);
	free(s.clients);
	free(s.faults);
	free(s.drive_faults);
	changer_free_volume_faults(s.volume_faults, s.volume_faults_count);
	json_decref(s.behaviours);
	changer_close(s.changer);
	return status;
}
