/* model.c: the models of the drives of a library. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/grow.h"
#include "vtl/changer/impl.h"
#include "vtl/model/profile.h"

/* Keeps the last error of a profile: `arg` is the changer. */
static void keep_error(void *arg, const char *message)
{
	struct changer *changer = arg;

	changer_error(changer, CHANGER_ERROR,
	    "library %s: its library.db is damaged: %s", changer->folder,
	    message);
}

const struct model *changer_model(struct changer *changer, const char *name,
    const char *profile)
{
	struct model **models;

	if (profile == NULL)
		return name != NULL ? model_find(name) : NULL;
	for (size_t i = 0; i < changer->models_count; i++)
		if (strcmp(changer->models[i]->profile, profile) == 0)
			return changer->models[i];
	models =
	    grow_by_one(changer->models, changer->models_count, sizeof *models);
	if (models == NULL) {
		changer_no_memory(changer);
		return NULL;
	}
	changer->models = models;
	models[changer->models_count] = profile_model(profile, strlen(profile),
	    "the profile of a drive", keep_error, changer);
	return models[changer->models_count] != NULL
	    ? models[changer->models_count++]
	    : NULL;
}

enum changer_status changer_check_profiles(struct changer *changer)
{
	enum changer_status status = CHANGER_OK;
	sqlite3_stmt *stmt = changer_prepare(changer,
	    "select profile from elements where profile is not null", "");

	if (stmt == NULL)
		return CHANGER_ERROR;
	while (status == CHANGER_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		const char *profile =
		    (const char *)sqlite3_column_text(stmt, 0);

		if (profile == NULL)
			status = changer_no_memory(changer);
		else if (changer_model(changer, NULL, profile) == NULL)
			status = CHANGER_ERROR;
	}
	if (sqlite3_reset(stmt) != SQLITE_OK && status == CHANGER_OK)
		status = changer_sqlite_error(changer);
	return status;
}

void changer_free_models(struct changer *changer)
{
	for (size_t i = 0; i < changer->models_count; i++)
		free(changer->models[i]);
	free(changer->models);
}
