/*
 * vtl.h: what the verbs of "tapelab vtl" have in common, and mtx with them:
 * their arguments, the library that they open, how elements are named.
 */
#ifndef SIM_VTL_H
#define SIM_VTL_H

#include <argp.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "vtl/changer/changer.h"

/* The verbs, a file for each group. */
int vtl_create(int argc, char **argv);
int vtl_list(int argc, char **argv);
int vtl_show(int argc, char **argv);
int vtl_status(int argc, char **argv);
int vtl_load(int argc, char **argv);
int vtl_unload(int argc, char **argv);
int vtl_move(int argc, char **argv);
int vtl_import(int argc, char **argv);
int vtl_export(int argc, char **argv);
int vtl_fault(int argc, char **argv);
int vtl_behaviour(int argc, char **argv);
int vtl_files(int argc, char **argv);
int vtl_verify(int argc, char **argv);

/* What such a verb is given: a library, and more words. */
struct vtl_args {
	size_t min, max;     /* words behind the library, as the verb says */
	const char *missing; /* what to name where there are too few */
	char **words;
	size_t count;
	const char *folder;
	bool json;
};

enum { VTL_KEY_JSON = 'j' };

/* The option --json, in a table of options. */
#define VTL_OPTION_JSON                                                      \
	{                                                                    \
		"json", VTL_KEY_JSON, NULL, 0, "print JSON, for programs", 9 \
	}

/* Parses them; for a verb's own parser, whose input begins with them. */
error_t vtl_parse(int key, char *arg, struct argp_state *state);

/* Opens the library; NULL when that has been complained about. */
struct changer *vtl_open(const char *folder, bool read_only);

/*
 * Says what a changer function did not do; returns the exit status: CMD_OK
 * for CHANGER_OK.
 */
int vtl_report_status(const struct changer *changer,
    enum changer_status status);

/* Says a line, such as one of scenario_entry.h; `arg` is not used. */
void vtl_report(void *arg, const char *message);

/* Says it without a changer; returns CMD_FAILED. */
int vtl_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * The element that a person names: "drive:0", "slot:3", "ie:1", a barcode, or,
 * where `bare` is a kind, a number alone.  Returns its address; 0 when there
 * is no such thing, which has been complained about.
 */
unsigned vtl_parse_element(struct changer *changer, const char *text,
    enum changer_kind bare);

/* The address of the `number`th element of that kind, as people count. */
unsigned vtl_address(enum changer_kind kind, unsigned number);

/* "drive:0", as vtl_parse_element() takes it. */
const char *vtl_element_name(unsigned address, char buf[32]);

/* The names of enum volume_payload, in its order, ended by NULL. */
extern const char *const vtl_payloads[];

/*
 * The code of a type of medium that a person names (media.h); ends the program
 * with a message where there is no such type.
 */
const char *vtl_parse_medium(const char *arg, struct argp_state *state);

/* Prints it, and frees it; returns CMD_OK, or CMD_FAILED without memory. */
int vtl_print_json(json_t *json);

#endif
