/* expect.c: checks facts about a library, and waits for them. */
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/option.h"
#include "sim/command/cmd.h"
#include "sim/command/print.h"
#include "sim/command/vtl/fact.h"
#include "sim/command/vtl/vtl.h"
#include "splitter/base/clock.h"
#include "splitter/base/signals.h"
#include "vtl/serve/client.h"

enum { KEY_TIMEOUT = 256 };

/* A library that is not served is looked at again after this time. */
#define POLL_NS INT64_C(100000000)
/* So is one whose server reports no event. */
#define SERVED_NS INT64_C(500000000)

struct arguments {
	struct vtl_args args; /* must be first: vtl_parse() uses it */
	int64_t timeout_ns;   /* INT64_MAX: none */
};

/*
 * The server may take this long to answer, however short the time-out is: the last
 * look must see what holds, and what does not hold is printed after it.
 */
#define ANSWER_NS INT64_C(2000000000)

struct expressions {
	struct fact_expression *list;
	size_t count;
};

static int parse_all(const struct vtl_args *a, struct expressions *e)
{
	size_t i;
	int rc = 0;

	e->count = 0;
	e->list = calloc(a->count + 1, sizeof *e->list);
	if (e->list == NULL) {
		vtl_fail("out of memory");
		return -1;
	}
	for (i = 0; i < a->count && rc == 0; i++) {
		rc = fact_parse(a->words[i], &e->list[i]);
		e->count++;
	}
	return rc;
}

static void free_all(struct expressions *e)
{
	size_t i;

	for (i = 0; i < e->count; i++)
		fact_free(&e->list[i]);
	free(e->list);
}

static json_t *result_json(const struct fact_expression *e, bool holds,
    const char *found)
{
	return json_pack("{s:o, s:b, s:o}", "expression", print_text(e->text),
	    "holds", (int)holds, "found", print_text(found));
}

/*
 * Prints each expression that does not hold.  The server may take `wait_ns` for
 * its answers.  Returns an exit status.
 */
static int check(struct changer *changer, const struct expressions *e,
    int64_t wait_ns, json_t *json)
{
	const int64_t until_ns = clock_now_ns() + wait_ns;
	char found[FACT_FOUND_BYTES];
	enum fact_result result;
	int status = CMD_OK;
	size_t i;

	for (i = 0; i < e->count; i++) {
		result = fact_evaluate(changer, &e->list[i], until_ns, found);
		if (json != NULL)
			json_array_append_new(json,
			    result_json(&e->list[i], result == FACT_HOLDS,
				found));
		else if (result != FACT_HOLDS)
			printf("%s: but it is: %s\n", e->list[i].text, found);
		if (result != FACT_HOLDS)
			status = CMD_FAILED;
	}
	return status;
}

/*
 * Returns whether all expressions hold now; -1: the library is unreadable.  The
 * server may answer until `until_ns`, or a little later.
 */
static int all_hold(struct changer *changer, const struct expressions *e,
    int64_t until_ns)
{
	const int64_t least_ns = clock_now_ns() + ANSWER_NS;
	char found[FACT_FOUND_BYTES];
	enum fact_result result;
	size_t i;

	if (until_ns < least_ns)
		until_ns = least_ns;
	for (i = 0; i < e->count; i++) {
		result = fact_evaluate(changer, &e->list[i], until_ns, found);
		if (result == FACT_ERROR)
			vtl_fail("%s", found);
		if (result != FACT_HOLDS)
			return result == FACT_ERROR ? -1 : 0;
	}
	return 1;
}

/*
 * Says for what is waited that the library does not have: it may be added, or
 * its name or number be wrong.
 */
static void warn_missing(struct changer *changer, const struct expressions *e,
    int64_t until_ns)
{
	char found[FACT_FOUND_BYTES];
	size_t i;

	for (i = 0; i < e->count; i++)
		if (fact_evaluate(changer, &e->list[i], until_ns, found) ==
		    FACT_MISSING)
			vtl_warn("waiting for \"%s\", although %s: \"tapelab "
				 "vtl status\" lists what it has",
			    e->list[i].text, found);
}

/* Waits until something may have changed.  Returns false after a signal. */
static bool wait_for_change(struct serve_client **client, int64_t until_ns)
{
	int64_t now_ns = clock_now_ns();
	int64_t nap_ns = *client != NULL ? SERVED_NS : POLL_NS;
	bool ended = false;

	if (until_ns - now_ns < nap_ns)
		nap_ns = until_ns - now_ns;
	if (*client == NULL)
		return signals_sleep(nap_ns);
	json_decref(serve_client_event(*client, now_ns + nap_ns, &ended));
	if (ended) {
		serve_client_close(*client);
		*client = NULL;
	}
	return signals_signal() == 0;
}

static int wait_for(struct changer *changer, const struct arguments *a,
    const struct expressions *e)
{
	char message[SERVE_MESSAGE_BYTES];
	int64_t now_ns = clock_now_ns(), until_ns = INT64_MAX;
	struct serve_client *client;
	int status = CMD_OK, holds;

	if (a->timeout_ns < INT64_MAX - now_ns)
		until_ns = now_ns + a->timeout_ns;
	client = serve_client_subscribe(a->args.folder, until_ns, message);
	warn_missing(changer, e, until_ns);
	for (;;) {
		holds = all_hold(changer, e, until_ns);
		if (holds != 0)
			break;
		if (clock_now_ns() >= until_ns) {
			status = CMD_FAILED;
			break;
		}
		if (!wait_for_change(&client, until_ns)) {
			status = CMD_LOST;
			break;
		}
	}
	serve_client_close(client);
	if (holds < 0)
		return CMD_FAILED;
	if (status == CMD_FAILED) {
		vtl_fail("not in time:");
		check(changer, e, ANSWER_NS, NULL);
	}
	return status;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct arguments *a = state->input;

	if (key != KEY_TIMEOUT)
		return vtl_parse(key, arg, state);
	a->timeout_ns =
	    (int64_t)option_value("--timeout", UNITS_TIME, arg, state);
	return 0;
}

#define EXPRESSIONS                                                          \
	"An expression is \"fault N FACT\", \"drive N FACT\" or \"volume "   \
	"BARCODE FACT\", and a comparison as in expectations of scenarios: " \
	"'volume VTA001L8 files == 3'.  tapelab-vtl(1) lists the facts.  "

static int run(const struct argp *argp, int argc, char **argv,
    struct arguments *a, bool waits)
{
	struct expressions e;
	struct changer *changer;
	json_t *json;
	int status = CMD_USAGE;

	if (!(waits ? cmd_begin : cmd_parse)(argp, argc, argv, a))
		return CMD_USAGE;
	if (parse_all(&a->args, &e) != 0) {
		free_all(&e);
		return CMD_USAGE;
	}
	changer = vtl_open(a->args.folder, true);
	if (changer != NULL && waits) {
		status = wait_for(changer, a, &e);
	} else if (changer != NULL) {
		json = a->args.json ? json_array() : NULL;
		status = check(changer, &e, SERVE_ANSWER_NS, json);
		if (json != NULL && vtl_print_json(json) != CMD_OK)
			status = CMD_FAILED;
	}
	changer_close(changer);
	free_all(&e);
	print_unwritten(CMD_FAILED);
	return status;
}

int vtl_expect(int argc, char **argv)
{
	static const struct argp_option options[] = { VTL_OPTION_JSON, { 0 } };
	static const struct argp argp = {
		.options = options,
		.parser = vtl_parse,
		.args_doc = "LIB EXPRESSION...",
		.doc = "Checks facts about a library, and prints those that "
		       "do not hold.\v" EXPRESSIONS
		       "Exit status: 0 all hold; 1 one does not hold; 2 bad "
		       "usage, or no library.",
	};
	struct arguments a = { .args = { .min = 1,
				   .max = SIZE_MAX,
				   .missing = "what you expect: 'fault 1 "
					      "struck'" } };

	return run(&argp, argc, argv, &a, false);
}

int vtl_wait(int argc, char **argv)
{
	static const struct argp_option options[] = {
		{ "timeout", KEY_TIMEOUT, "TIME", 0,
		    "wait at most this long: \"5min\" (default: for ever)", 1 },
		{ 0 }
	};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "LIB EXPRESSION...",
		.doc = "Waits until facts about a library hold.\v" EXPRESSIONS
		       "Exit status: 0 all hold; 1 not in time; 2 bad usage, "
		       "or no library; 5 interrupted.",
	};
	struct arguments a = { .args = { .min = 1,
				   .max = SIZE_MAX,
				   .missing = "what to wait for: 'fault 1 "
					      "struck'" },
		.timeout_ns = INT64_MAX };

	return run(&argp, argc, argv, &a, true);
}
