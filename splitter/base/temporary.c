/* temporary.c: see temporary.h. */
#include "splitter/base/temporary.h"

#include <stdlib.h>

const char *temporary_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder != NULL && folder[0] != '\0' ? folder : "/tmp";
}
