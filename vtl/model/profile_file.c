/* profile_file.c: profiles in files. */
#include <stdlib.h>
#include <string.h>

#include "vtl/model/impl.h"
#include "vtl/yaml/file.h"

static bool ends_with(const char *text, const char *end)
{
	size_t all = strlen(text), n = strlen(end);

	return all > n && strcmp(text + all - n, end) == 0;
}

bool profile_is_path(const char *text)
{
	return strchr(text, '/') != NULL || ends_with(text, ".yaml") ||
	    ends_with(text, ".yml");
}

/* A model and the text of its profile. */
struct own {
	struct model model; /* first: free() takes both */
	char text[];
};

/* Returns the model of a text; NULL if an error was added. */
static struct model *own_model(const char *text, size_t bytes,
    struct yaml_errors *errors)
{
	struct own *own = malloc(sizeof *own + bytes + 1);

	if (own == NULL) {
		yaml_errors_add(errors, 0, 0, "out of memory");
		return NULL;
	}
	memcpy(own->text, text, bytes);
	own->text[bytes] = '\0';
	if (profile_parse(text, bytes, false, &own->model, errors) == 0) {
		own->model.profile = own->text;
		return &own->model;
	}
	free(own);
	return NULL;
}

static void finish(struct yaml_errors *errors, const char *path,
    void (*report)(void *arg, const char *message), void *arg)
{
	yaml_errors_report(errors, path, report, arg);
	yaml_errors_clear(errors);
}

struct model *profile_model(const char *text, size_t bytes, const char *path,
    void (*report)(void *arg, const char *message), void *arg)
{
	struct yaml_errors errors = { 0 };
	struct model *model = own_model(text, bytes, &errors);

	finish(&errors, path, report, arg);
	return model;
}

struct model *profile_read(const char *path,
    void (*report)(void *arg, const char *message), void *arg)
{
	struct yaml_errors errors = { 0 };
	struct model *model = NULL;
	size_t bytes = 0;
	char *text;

	text = yaml_file_read(path, "drive profile", &bytes, &errors);
	if (text != NULL)
		model = own_model(text, bytes, &errors);
	free(text);
	finish(&errors, path, report, arg);
	return model;
}
