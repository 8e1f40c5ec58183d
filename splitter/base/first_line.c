/* first_line.c: see first_line.h. */
#include "splitter/base/first_line.h"

#include <stdio.h>
#include <string.h>

void first_line_read(const char *path, char *line, size_t bytes)
{
	FILE *f = fopen(path, "re");

	line[0] = '\0';
	if (f == NULL)
		return;
	if (fgets(line, (int)bytes, f) == NULL)
		line[0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	fclose(f);
}
