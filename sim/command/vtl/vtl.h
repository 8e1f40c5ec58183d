/*
 * vtl.h: what the commands of "tapelab vtl", and mtx, share: arguments, opening
 * a library, names of elements, messages.
 */
#ifndef SIM_VTL_H
#define SIM_VTL_H

#include <argp.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "vtl/changer/changer.h"

/* The commands; each returns an exit status. */
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
int vtl_identity(int argc, char **argv);
int vtl_wear(int argc, char **argv);
int vtl_snapshot(int argc, char **argv);
int vtl_restore(int argc, char **argv);
int vtl_clone(int argc, char **argv);
int vtl_events(int argc, char **argv);
int vtl_expect(int argc, char **argv);
int vtl_wait(int argc, char **argv);
int vtl_files(int argc, char **argv);
int vtl_verify(int argc, char **argv);

/* The arguments of a command: a library, and words after it. */
struct vtl_args {
	size_t min, max;     /* number of words after the library */
	const char *missing; /* what the message about too few words names */
	char **words;
	size_t count;
	const char *folder;
	bool json;
	/* The one drive that the command is about, from 0. */
	bool drive_given;
	uint64_t drive;
};

enum { VTL_KEY_JSON = 'j', VTL_KEY_DRIVE = 0x1000 };

/* The option --json, as an entry of a table of options. */
#define VTL_OPTION_JSON                                                      \
	{                                                                    \
		"json", VTL_KEY_JSON, NULL, 0, "print JSON, for programs", 9 \
	}

/* The option --drive, as an entry of a table of options. */
#define VTL_OPTION_DRIVE                                                  \
	{                                                                 \
		"drive", VTL_KEY_DRIVE, "N", 0, "only drive N, from 0", 1 \
	}

/* Parses arguments, for a parser whose input begins with struct vtl_args. */
error_t vtl_parse(int key, char *arg, struct argp_state *state);

/* Returns whether the element is a drive that the command is about. */
bool vtl_concerns_drive(const struct vtl_args *args,
    const struct changer_element *element);

/* Reports that the library has no drive of this number; returns CMD_FAILED. */
int vtl_fail_drive(const struct vtl_args *args);

/* Opens the library.  Returns NULL on an error, which is printed. */
struct changer *vtl_open(const char *folder, bool read_only);

/*
 * Prints the message of the changer unless `status` is CHANGER_OK.  Returns the
 * exit status.
 */
int vtl_report_status(const struct changer *changer,
    enum changer_status status);

/* Prints a message.  For struct scenario_entry_errors. */
void vtl_report(void *arg, const char *message);

/* Prints a message.  Returns CMD_FAILED. */
int vtl_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints a message about something that a command has done. */
void vtl_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Parses the name of an element: "drive:0", "slot:3", "ie:1", a barcode, or a
 * number alone for an element of kind `bare`.  Returns its address, or 0 on an
 * error, which is printed.
 */
unsigned vtl_parse_element(struct changer *changer, const char *text,
    enum changer_kind bare);

/* Returns the address of element `number` of a kind. */
unsigned vtl_address(enum changer_kind kind, unsigned number);

/*
 * Writes the name of an element, such as "drive:0", as vtl_parse_element()
 * reads it.  Returns `buf`.
 */
const char *vtl_element_name(unsigned address, char buf[32]);

/* The names of enum volume_payload, in its order, ended by NULL. */
extern const char *const vtl_payloads[];

/*
 * Parses the name of a medium type; returns its code (media.h).  Ends the
 * program with a message if the type is unknown.
 */
const char *vtl_parse_medium(const char *arg, struct argp_state *state);

/* Prints and frees `json`.  Returns CMD_OK, or CMD_FAILED without memory. */
int vtl_print_json(json_t *json);

#endif
