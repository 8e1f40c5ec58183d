/* look.c: looks at all tapes that a command line names. */
#include "sim/look.h"

#include <stdio.h>
#include <unistd.h>

#include "sim/interrupt.h"

static bool on_volume(void *arg, const struct scan_volume *volume)
{
	const bool *shown = arg;

	if (*shown)
		fprintf(stderr, "volume %s\n", volume->barcode);
	return interrupt_signal() == 0;
}

struct scan *look_at_all(struct tape_library *library, bool shown, char *err,
    size_t err_bytes)
{
	struct scan *scan = scan_new();
	int rc = -1;

	shown = shown && isatty(STDERR_FILENO);
	if (scan == NULL ||
	    scan_library(scan, library, on_volume, &shown) != 0)
		snprintf(err, err_bytes, "out of memory for what is on the "
		    "volumes");
	else if (interrupt_signal() != 0)
		snprintf(err, err_bytes, "interrupted: not all volumes were "
		    "looked at");
	else
		rc = 0;
	if (rc == 0)
		return scan;
	scan_free(scan);
	return NULL;
}
