/* events.c: prints what happens in a library that is served. */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/command/cmd.h"
#include "sim/command/print.h"
#include "sim/command/vtl/vtl.h"
#include "splitter/base/clock.h"
#include "splitter/base/signals.h"
#include "vtl/serve/client.h"

enum { KEY_FOLLOW = 'f' };

/*
 * How often the command looks whether its output is still read; and, while no
 * server serves the library, for a server.
 */
#define POLL_NS INT64_C(100000000)

struct arguments {
	struct vtl_args args; /* must be first: vtl_parse() uses it */
	bool follow;
};

/*
 * Prints an event for a person, without the end of the line:
 * "1764408158.123456 load drive:0 VTA001L8".
 */
static void print_event(const json_t *event)
{
	static const char *const first[] = { "time", "event", "element",
		"barcode" };
	const char *key;
	json_t *value;
	size_t i;

	printf("%.6f", json_real_value(json_object_get(event, "time")));
	for (i = 1; i < sizeof first / sizeof *first; i++) {
		value = json_object_get(event, first[i]);
		if (!json_is_string(value))
			continue;
		putchar(' ');
		print_clean(json_string_value(value));
	}
	json_object_foreach((json_t *)(uintptr_t)event, key, value)
	{
		for (i = 0; i < sizeof first / sizeof *first; i++)
			if (strcmp(key, first[i]) == 0)
				break;
		if (i < sizeof first / sizeof *first)
			continue;
		fputs(", ", stdout);
		print_clean(key);
		putchar(' ');
		if (json_is_integer(value))
			printf("%" JSON_INTEGER_FORMAT,
			    json_integer_value(value));
		else if (json_is_string(value))
			print_clean(json_string_value(value));
	}
}

/*
 * Returns whether the reader of a pipe has gone.  A write would
 * say so, but the next event may never come.
 */
static bool reader_has_gone(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO };

	return poll(&out, 1, 0) > 0 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

/*
 * Ends a line, and writes it: whoever reads the events wants each at once.  Returns
 * an exit status.
 */
static int end_line(void)
{
	putchar('\n');
	if (fflush(stdout) == 0 && !ferror(stdout))
		return CMD_OK;
	if (!reader_has_gone())
		return CMD_FAILED;
	/* No reader misses the rest, also not at the end of the program. */
	__fpurge(stdout);
	clearerr(stdout);
	return CMD_OK;
}

/*
 * Prints events until the server ends, or they are read no longer.  Returns an
 * exit status.
 */
static int print_events(struct serve_client *client, bool as_json)
{
	bool ended = false;
	json_t *event;
	char *text;

	while (!ended && signals_signal() == 0) {
		event = serve_client_event(client, clock_now_ns() + POLL_NS,
		    &ended);
		if (reader_has_gone()) {
			json_decref(event);
			break;
		}
		if (event == NULL)
			continue;
		text = as_json
		    ? json_dumps(event, JSON_COMPACT | JSON_REAL_PRECISION(16))
		    : NULL;
		if (text != NULL)
			fputs(text, stdout);
		else
			print_event(event);
		free(text);
		json_decref(event);
		if (end_line() != CMD_OK)
			return CMD_FAILED;
	}
	return CMD_OK;
}

static int follow(const struct arguments *a)
{
	char message[SERVE_MESSAGE_BYTES];
	struct serve_client *client;
	int status = CMD_OK;

	for (;;) {
		client = serve_client_subscribe(a->args.folder,
		    clock_now_ns() + SERVE_ANSWER_NS, message);
		if (client != NULL)
			status = print_events(client, a->args.json);
		else if (message[0] != '\0')
			status = vtl_fail("%s", message);
		else if (!a->follow)
			status = vtl_fail("library %s is not served: start "
					  "\"tapelab serve\", or use --follow",
			    a->args.folder);
		serve_client_close(client);
		if (!a->follow || status != CMD_OK || signals_signal() != 0 ||
		    reader_has_gone() || !signals_sleep(POLL_NS))
			return status;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	if (key != KEY_FOLLOW)
		return vtl_parse(key, arg, state);
	a->follow = true;
	return 0;
}

int vtl_events(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "follow", KEY_FOLLOW, NULL, 0,
		    "wait for a server, and for the next one when it ends", 1 },
		VTL_OPTION_JSON, { 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "LIB",
		.doc =
		    "Prints what happens in a library that is served, until "
		    "its server ends: loads, moves, filemarks, sense data, "
		    "reservations, faults that strike, logins.\vExit "
		    "status: 0 the server, the reader of the output or a "
		    "signal has ended it; 1 the library is not served; 2 bad usage, or no library.",
	};
	struct arguments a = { .args = { .max = 0 } };
	struct changer *changer;
	int status;

	if (!cmd_begin(&argp, argc, argv, &a))
		return CMD_USAGE;
	/* Is it a library? */
	changer = vtl_open(a.args.folder, true);
	if (changer == NULL)
		return CMD_USAGE;
	changer_close(changer);
	status = follow(&a);
	print_unwritten(CMD_FAILED);
	return status;
}
