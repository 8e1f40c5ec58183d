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
 * Reads the behaviour of a drive.  Members of `options` whose keys are missing
 * in the text stay unchanged.  Returns false if there were errors: all were
 * reported, and `options` is unchanged.
 */
bool scenario_entry_behaviour(const char *text, struct drive_options *options,
    const struct scenario_entry_errors *errors);

/*
 * Reads a fault.  Of `library` only the drives and volumes are used; a capacity
 * of 0 means that it is unknown.  The text names volumes by their barcodes.
 * Returns false if there were errors: all were reported.
 */
bool scenario_entry_fault(const char *text, struct scenario *library,
    struct scenario_fault *fault, const struct scenario_entry_errors *errors);

/*
 * Returns the behaviour as JSON: the keys whose values are not the default.
 * Counts are integers, booleans are booleans, and other values are strings as
 * in a scenario.  The result is a new reference, or NULL without memory.
 */
json_t *scenario_entry_behaviour_json(const struct drive_options *options);

/*
 * Returns a fault of a drive as JSON, in the form of
 * scenario_entry_behaviour_json().  `drive` counts from 0; -1: any drive.
 */
json_t *scenario_entry_fault_json(const struct drive_fault *fault, int drive);

/*
 * Prints JSON from the functions above as a YAML mapping: "{buffered: true}".
 */
void scenario_entry_print(const json_t *json, FILE *to);

#endif
