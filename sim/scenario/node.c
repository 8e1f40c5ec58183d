/* node.c: the file that a value of a scenario was written in; see reader.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/reader.h"
#include "splitter/base/grow.h"

const char *scenario_node_file(struct scenario_reader *reader,
    const struct yaml_tree *node)
{
	struct scenario *s = reader->scenario;
	char **files;

	if (node->file == NULL)
		return NULL;
	for (size_t i = 0; i < s->files_count; i++)
		if (strcmp(s->files[i], node->file) == 0)
			return s->files[i];
	files = grow_by_one(s->files, s->files_count, sizeof *files);
	if (files != NULL) {
		s->files = files;
		files[s->files_count] = strdup(node->file);
	}
	if (files == NULL || files[s->files_count] == NULL) {
		key_error(&reader->keys, node, "out of memory");
		return NULL;
	}
	return files[s->files_count++];
}

char *scenario_node_path(struct scenario_reader *reader,
    const struct yaml_tree *node, const char *name, bool to_open)
{
	const char *main_path = reader->scenario->path;
	const char *slash = strrchr(main_path, '/'), *file = node->file;
	char *relative = NULL, *path;

	/* The path of an included file begins with the folder of the first. */
	if (file != NULL && slash != NULL)
		file += slash - main_path + 1;
	slash = file != NULL ? strrchr(file, '/') : NULL;
	if (slash == NULL || name[0] == '/')
		relative = strdup(name);
	else if (asprintf(&relative, "%.*s/%s", (int)(slash - file), file,
		     name) < 0)
		relative = NULL;
	if (!to_open || relative == NULL)
		return relative;
	path = scenario_path_beside(reader->scenario, relative);
	free(relative);
	return path;
}
