/*
 * entry.h: a single mapping of a scenario, the behaviour of a drive or a fault,
 * read from text and printed as text.
 *
 * Keys, values and messages are those of a scenario.
 */
#ifndef SIM_SCENARIO_ENTRY_H
#define SIM_SCENARIO_ENTRY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "sim/scenario/scenario.h"

/* How errors are reported: "what:line:column: ...". */
struct scenario_entry_errors {
	const char *what;
	void (*report)(void *arg, const char *message);
	void *arg;
};

/*
 * Reads the behaviour of a drive.  Keys that the text does not have leave their
 * members of `options` as they are.  False: every error was reported, and
 * `options` is unchanged.
 */
bool scenario_entry_behaviour(const char *text, struct drive_options *options,
    const struct scenario_entry_errors *errors);

/*
 * Reads a fault of a library, of which only drives and volumes are used; a
 * capacity of 0 is not known.  Volumes are named by their barcodes.  False: as
 * above.
 */
bool scenario_entry_fault(const char *text, struct scenario *library,
    struct scenario_fault *fault, const struct scenario_entry_errors *errors);

/*
 * The behaviour as JSON: the keys whose values are not the default.  Counts are
 * integers, true and false booleans, and other values strings as a scenario has
 * them.  A new reference; NULL without memory.
 */
json_t *scenario_entry_behaviour_json(const struct drive_options *options);

/* The same for a fault of a drive; `drive` from 0, or -1 for any drive. */
json_t *scenario_entry_fault_json(const struct drive_fault *fault, int drive);

/* Prints such JSON as the text of a mapping: "{buffered: true}". */
void scenario_entry_print(const json_t *json, FILE *to);

#endif
