/*
 * scenario_entry.h: what a scenario says of drives and faults, standing alone:
 * one mapping as text, read as it would be in a scenario, with the same
 * messages, and written so.
 */
#ifndef SIM_SCENARIO_ENTRY_H
#define SIM_SCENARIO_ENTRY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "sim/scenario/scenario.h"

/* Who is told what is wrong, "what:line:column: ...", and whose text it is. */
struct scenario_entry_errors {
	const char *what;
	void (*report)(void *arg, const char *message);
	void *arg;
};

/*
 * Reads what a drive differs in from its model.  What the text does not say
 * stays as it is in `options`.  False: all that is wrong was reported, and
 * nothing was changed.
 */
bool scenario_entry_behaviour(const char *text, struct drive_options *options,
    const struct scenario_entry_errors *errors);

/*
 * Reads a fault of `library`, of which only drives and volumes are looked at;
 * capacities may be 0, which is not known.  Volumes are named by their
 * barcodes.  False: as above.
 */
bool scenario_entry_fault(const char *text, struct scenario *library,
    struct scenario_fault *fault, const struct scenario_entry_errors *errors);

/*
 * The same in JSON: the keys of the mapping, its values as they are written,
 * but for counts and what is true or false.  A new reference; NULL without
 * memory.
 */
json_t *scenario_entry_behaviour_json(const struct drive_options *options);

/* `drive` from 0, -1 for any. */
json_t *scenario_entry_fault_json(const struct drive_fault *fault, int drive);

/* Writes such JSON as the text that is read: "{buffered: true}". */
void scenario_entry_print(const json_t *json, FILE *to);

#endif
