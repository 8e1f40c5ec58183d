/*
 * find.c: the models that are compiled in.
 *
 * A profile is read when its model is asked for the first time, and kept.
 */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "vtl/base/spelling.h"
#include "vtl/model/impl.h"

enum { BUILTINS_MAX = 63 };

static const struct model instant = {
	.name = "instant",
	.title = "Takes no time",
	.block_max_bytes = UINT64_C(16) << 20,
	.buffer_bytes = UINT64_C(32) << 20,
	.restart_permille = 900,
	.ratio_permille = 1000,
	.ratio_max_permille = 1000,
	.media_count = 1,
	.media = { { .medium = "none", .wraps = 1, .bands = 1 } },
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct model models[BUILTINS_MAX];   /* without a name: not yet read */
static const char *names[BUILTINS_MAX + 2]; /* "instant" is the first */
static pthread_once_t listed = PTHREAD_ONCE_INIT;

/* Returns the model of a profile; NULL if there is no memory to read it. */
static const struct model *builtin(size_t i)
{
	const char *text = profile_builtins[i].text;
	struct yaml_errors errors = { 0 };
	struct model model;
	bool good;

	pthread_mutex_lock(&lock);
	good = models[i].name[0] != '\0';
	if (!good) {
		good = profile_parse(text, strlen(text), true, &model,
			   &errors) == 0;
		yaml_errors_clear(&errors);
	}
	if (good && models[i].name[0] == '\0')
		models[i] = model;
	pthread_mutex_unlock(&lock);
	return good ? &models[i] : NULL;
}

/* Returns whether a name is this one, with a maker or without one. */
static bool is_called(const char *name, const char *wanted, const char *maker)
{
	char with[2 * MODEL_SPELLING_BYTES], reduced[MODEL_SPELLING_BYTES];

	snprintf(with, sizeof with, "%s%s", wanted, maker);
	return spelling_reduce(name, reduced, sizeof reduced) &&
	    strcmp(reduced, with) == 0;
}

const struct model *model_find(const char *text)
{
	char wanted[MODEL_SPELLING_BYTES];
	const char *maker;

	if (!model_reduce_name(text, wanted, &maker))
		return NULL;
	if (strcmp(wanted, instant.name) == 0)
		return &instant;
	for (size_t i = 0; i < profile_builtins_count; i++) {
		const char *name = profile_builtins[i].name;

		if (is_called(name, wanted, "") ||
		    is_called(name, wanted, maker[0] != '\0' ? maker : "ibm"))
			return builtin(i);
	}
	return NULL;
}

const char *model_of_other_maker(const char *text)
{
	char wanted[MODEL_SPELLING_BYTES];
	const char *maker;

	if (!model_reduce_name(text, wanted, &maker) || maker[0] != '\0')
		return NULL;
	for (size_t i = 0; i < profile_builtins_count; i++)
		if (is_called(profile_builtins[i].name, wanted, "hp"))
			return profile_builtins[i].name;
	return NULL;
}

static void list_names(void)
{
	assert(profile_builtins_count <= BUILTINS_MAX);
	names[0] = instant.name;
	for (size_t i = 0; i < profile_builtins_count; i++)
		names[i + 1] = profile_builtins[i].name;
}

const char *const *model_names(void)
{
	pthread_once(&listed, list_names);
	return names;
}

const char *profile_text(const char *name)
{
	for (size_t i = 0; i < profile_builtins_count; i++)
		if (strcmp(profile_builtins[i].name, name) == 0)
			return profile_builtins[i].text;
	return NULL;
}
