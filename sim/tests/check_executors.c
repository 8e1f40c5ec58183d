/*
 * check_executors.c: both executors do what the rules say, whatever happens.
 *
 * Cases are drawn from a seed and carried out by the engine, on threads, and
 * in virtual time.  Both must come to what parts_reference.py says, which knows
 * the written rules and nothing of the code; and all that was called safe is
 * read back from the tapes and compared.
 *
 *   CASES_SEED=N   another seed
 *   CASES=N        how many
 *   CASE=N         this one alone
 */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/tests/random_case.h"

enum { CASES = 3000, TEXT = TRIAL_LINE_BYTES + 1024 };

static uint64_t number_of(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);

	return text == NULL ? otherwise : strtoull(text, NULL, 10);
}

/* Has the reference read a file of cases; its answers can be read. */
static FILE *ask_reference(const char *cases)
{
	char command[256], script[128];
	const char *slash = strrchr(__FILE__, '/');

	snprintf(script, sizeof script, "%.*s/parts_reference.py",
	    (int)(slash - __FILE__), __FILE__);
	if (access(script, R_OK) != 0)
		ck_abort_msg("%s: run the tests where the Makefile is",
		    script);
	snprintf(command, sizeof command, "python3 %s <%s", script, cases);
	return popen(command, "r");
}

static void write_cases(char *path, uint64_t seed, uint64_t from, uint64_t to)
{
	int fd = mkstemp(path);
	FILE *f = fd == -1 ? NULL : fdopen(fd, "w");
	struct random_case c;
	uint64_t i;

	ck_assert_ptr_nonnull(f);
	for (i = from; i < to; i++) {
		random_case_draw(&c, seed, i);
		random_case_write(&c, f);
	}
	ck_assert_int_eq(fclose(f), 0);
}

/* Says what differs, and how to see it again; returns 1. */
static unsigned say_case(const struct random_case *c, uint64_t seed,
    uint64_t i, const char *must, const char *engine, const char *virtual)
{
	fprintf(stderr, "CASES_SEED=%" PRIu64 " CASE=%" PRIu64 "\n  ", seed,
	    i);
	random_case_write(c, stderr);
	fprintf(stderr, "  buffer %" PRIu64 ", streaming %u, start_fill %"
	    PRIu64 "\n  must be: %s\n  engine:  %s\n  virtual: %s\n",
	    c->trial.core.buffer_bytes, c->trial.core.streaming,
	    c->trial.core.start_fill_bytes, must, engine, virtual);
	return 1;
}

static unsigned run_case(uint64_t seed, uint64_t i, const char *must)
{
	static struct trial_result engine, virtual;
	static char engine_text[TEXT], virtual_text[TEXT];
	struct random_case c;
	const struct trial_result *e = &engine, *v = &virtual;

	random_case_draw(&c, seed, i);
	trial_engine(&c.trial, &engine);
	trial_vtime(&c.trial, &c.how, &virtual);
	trial_text(e, engine_text, TEXT);
	trial_text(v, virtual_text, TEXT);
	if (strcmp(must, engine_text) == 0 &&
	    strcmp(must, virtual_text) == 0 &&
	    e->outcome.cause == v->outcome.cause &&
	    strcmp(e->closes, v->closes) == 0 &&
	    memcmp(e->counts, v->counts, sizeof e->counts) == 0)
		return 0;
	return say_case(&c, seed, i, must, engine_text, virtual_text);
}

START_TEST(random_cases_come_to_what_the_rules_say)
{
	char path[] = "/tmp/tapelab-cases-XXXXXX", line[TEXT];
	uint64_t seed = number_of("CASES_SEED", 1);
	uint64_t from = number_of("CASE", 0), i;
	uint64_t to = getenv("CASE") != NULL ? from + 1 :
	    number_of("CASES", CASES);
	unsigned differ = 0;
	FILE *answers;

	write_cases(path, seed, from, to);
	answers = ask_reference(path);
	ck_assert_ptr_nonnull(answers);
	for (i = from; i < to && fgets(line, sizeof line, answers); i++) {
		line[strcspn(line, "\n")] = '\0';
		differ += run_case(seed, i, line);
		if (differ >= 10)
			break;
	}
	pclose(answers);
	unlink(path);
	printf("executors: %" PRIu64 " cases, %u differ\n", i - from, differ);
	ck_assert_msg(differ == 0, "%u cases differ", differ);
	ck_assert_msg(i == to, "the reference gave %" PRIu64 " answers for %"
	    PRIu64 " cases: is there a python3?", i - from, to - from);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("executors");
	TCase *tc = tcase_create("random");
	SRunner *sr;
	int failed;

	tcase_set_timeout(tc, 600);
	tcase_add_test(tc, random_cases_come_to_what_the_rules_say);
	suite_add_tcase(suite, tc);
	sr = srunner_create(suite);
	srunner_run_all(sr, CK_ENV);
	failed = srunner_ntests_failed(sr);
	srunner_free(sr);
	return failed == 0 ? 0 : 1;
}
