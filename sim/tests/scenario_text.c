/* scenario_text.c: see scenario_text.h. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/tests/scenario_text.h"

static char path[] = "/tmp/tapelab-scenario-XXXXXX";

static void gather(void *arg, const char *message)
{
	struct scenario_text *result = arg;
	size_t used = strlen(result->errors);

	ck_assert(strncmp(message, path, strlen(path)) == 0);
	ck_assert(strchr(message, '\n') == NULL);
	message += strlen(path) + 1;
	if (*message == ' ')
		message++;
	snprintf(result->errors + used, sizeof(result->errors) - used, "%s\n",
	    message);
	result->errors_count++;
}

void scenario_text_read(struct scenario_text *result, const void *text,
    size_t bytes)
{
	static const struct scenario_overrides none;

	scenario_text_read_with(result, text, bytes, &none);
}

void scenario_text_read_with(struct scenario_text *result, const void *text,
    size_t bytes, const struct scenario_overrides *overrides)
{
	int fd;

	*result = (struct scenario_text){ .scenario = NULL };
	strcpy(path + strlen(path) - 6, "XXXXXX");
	fd = mkstemp(path);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, bytes), (ssize_t)bytes);
	close(fd);
	result->scenario = scenario_read_with(path, overrides, gather, result);
	unlink(path);
	ck_assert_msg((result->scenario == NULL) == (result->errors_count > 0),
	    "neither a scenario nor an error, or both");
}

void scenario_text_clear(struct scenario_text *result)
{
	scenario_free(result->scenario);
	result->scenario = NULL;
}

void scenario_text_says(const char *text, const char *errors)
{
	static struct scenario_text result;

	scenario_text_read(&result, text, strlen(text));
	ck_assert_msg(strcmp(result.errors, errors) == 0,
	    "%s\n--- said\n%s--- expected\n%s", text, result.errors, errors);
	scenario_text_clear(&result);
}
