/* model.c: what a model says about a medium. */
#include "vtl/model/model.h"

#include <string.h>

enum { MODEL_CODES_MAX = 64 };

static bool is_code(const char *code, const struct media_type *type)
{
	return strcmp(code, type->code) == 0;
}

/* Returns whether a write-once medium is handled like the one of this code. */
static bool is_like(const char *code, const struct media_type *type)
{
	const struct media_type *other = media_find_type(code, "");

	return other != NULL && other->density == type->density;
}

/* Returns the entry for this type; NULL: there is none. */
static const struct model_medium *entry_of(const struct model *model,
    const struct media_type *type)
{
	for (size_t i = 0; i < model->media_count; i++)
		if (is_code(model->media[i].medium, type))
			return &model->media[i];
	for (size_t i = 0; i < model->media_count; i++)
		if (is_like(model->media[i].medium, type))
			return &model->media[i];
	return NULL;
}

const struct model_medium *model_medium(const struct model *model,
    const struct media_type *type)
{
	const struct model_medium *medium =
	    type != NULL ? entry_of(model, type) : NULL;

	return medium != NULL ? medium : &model->media[0];
}

uint64_t model_wrap_bytes(const struct model_medium *medium)
{
	return medium->wraps > 0 ? medium->capacity_bytes / medium->wraps : 0;
}

uint64_t model_early_warning_bytes(const struct model *model,
    const struct media_type *type, uint64_t capacity_bytes)
{
	static const uint64_t default_bytes = (uint64_t)25 << 20;
	uint64_t bytes = model_medium(model, type)->early_warning_bytes;

	if (bytes == 0)
		bytes = default_bytes;
	return bytes < capacity_bytes / 10 ? bytes : capacity_bytes / 10;
}

int64_t model_first_load_least_ns(const struct model_medium *medium)
{
	/* mean = 19/20 (least + most) / 2 + 1/20 (most + max) / 2 */
	return (40 * medium->first_load_mean_ns -
		   20 * medium->first_load_most_ns -
		   medium->first_load_max_ns) /
	    19;
}

int64_t model_first_load_ns(const struct model_medium *medium, uint64_t random)
{
	int64_t most = medium->first_load_most_ns;
	int64_t least = model_first_load_least_ns(medium);
	uint64_t number = random / 20;

	if (medium->first_load_mean_ns == 0)
		return 0;
	if (random % 20 == 19)
		return most +
		    (int64_t)(number %
			(uint64_t)(medium->first_load_max_ns - most + 1));
	return least + (int64_t)(number % (uint64_t)(most - least + 1));
}

bool model_takes_all(const struct model *model)
{
	for (size_t i = 0; i < model->media_count; i++)
		if (strcmp(model->media[i].medium, media_any) == 0)
			return true;
	return model->media_count == 0;
}

enum media_use model_use(const struct model *model,
    const struct media_type *type)
{
	if (type == NULL || model_takes_all(model) ||
	    entry_of(model, type) != NULL)
		return MEDIA_WRITE;
	for (size_t i = 0; i < model->reads_count; i++)
		if (is_like(model->reads[i], type))
			return MEDIA_READ;
	return MEDIA_NONE;
}

static bool all_write(const struct model *const *models, size_t count,
    const struct media_type *type)
{
	for (size_t i = 0; i < count; i++)
		if (model_use(models[i], type) != MEDIA_WRITE)
			return false;
	return true;
}

const struct media_type *model_common_medium(const struct model *const *models,
    size_t count)
{
	const char *const *codes = media_codes();
	const struct media_type *best = NULL, *first = NULL, *type;
	bool own[MODEL_CODES_MAX] = { false };

	for (size_t i = 0; i < count; i++) {
		type = media_find_type(models[i]->media[0].medium, "");
		if (first == NULL)
			first = type;
		for (size_t n = 0; type != NULL && codes[n] != NULL; n++)
			if (strcmp(codes[n], type->code) == 0)
				own[n] = true;
	}
	/* First the own media of the drives, then any: from old to new. */
	for (int pass = 0; first != NULL && best == NULL && pass < 2; pass++) {
		for (size_t n = 0; codes[n] != NULL; n++) {
			type = media_find_type(codes[n], "");
			if (type != NULL && !type->worm &&
			    (own[n] || pass == 1) &&
			    all_write(models, count, type))
				best = type;
		}
	}
	return best != NULL ? best : first;
}
