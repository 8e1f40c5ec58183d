/* profile.c: see profile.h. */
#include <string.h>

#include "vtl/model/impl.h"

/* Checks what is about several keys. */
static void check_model(struct key_reader *keys, const struct yaml_tree *root,
    const struct model *model)
{
	if (model->ratio_max_permille < model->ratio_permille)
		key_error(keys, root,
		    "compression: ratio_max is below the ratio");
	for (size_t i = 0; i < model->media_count; i++)
		if (strcmp(model->media[i].medium, media_any) == 0 &&
		    model->media_count > 1)
			key_error(keys, root,
			    "media: none takes every medium; remove the other "
			    "sections");
}

int profile_parse(const char *text, size_t bytes, bool sourced,
    struct model *model, struct yaml_errors *errors)
{
	struct profile_reader reader = { .keys.errors = errors,
		.model = model,
		.medium = &reader.locate,
		.sourced = sourced };
	struct yaml_tree *root = yaml_tree_parse(text, bytes, errors);

	memset(model, 0, sizeof *model);
	if (root == NULL)
		return -1;
	key_read_map(&reader.keys, &profile_map, root, model);
	if (errors->count == 0)
		check_model(&reader.keys, root, model);
	yaml_tree_free(root);
	return errors->count == 0 ? 0 : -1;
}
