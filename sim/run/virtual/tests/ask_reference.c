/* ask_reference.c: see ask_reference.h. */
#include "sim/run/virtual/tests/ask_reference.h"

#include <string.h>
#include <unistd.h>

FILE *ask_reference(const char *cases, char *err, size_t err_bytes)
{
	char command[512], script[128];
	const char *slash = strrchr(__FILE__, '/');
	FILE *answers;

	snprintf(script, sizeof script, "%.*s/parts_reference.py",
	    (int)(slash - __FILE__), __FILE__);
	if (access(script, R_OK) != 0) {
		snprintf(err, err_bytes,
		    "%s: run the tests where the Makefile is", script);
		return NULL;
	}
	snprintf(command, sizeof command, "python3 -B %s <%s", script, cases);
	answers = popen(command, "r");
	if (answers == NULL)
		snprintf(err, err_bytes, "cannot run python3");
	return answers;
}
