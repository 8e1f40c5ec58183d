/* command.c: a command that changes volumes. */
#include "splitter/real/command.h"

#include <stdio.h>
#include <string.h>

#include "splitter/base/shell.h"
#include "splitter/format/header.h"

int real_change_by_command(void *arg, const struct real_wanted *wanted,
    char barcode[TAPE_BARCODE_BYTES], char *err, size_t err_bytes)
{
	const char *const arguments[] = { wanted->device, wanted->barcode,
		wanted->last, NULL };
	char line[2 * TAPE_BARCODE_BYTES], why[128];
	size_t bytes;

	if (shell_run(arg, arguments, line, sizeof line, &bytes, why,
		sizeof why) != 0) {
		snprintf(err, err_bytes,
		    "the command that changes volumes failed: %s", why);
		return -1;
	}
	/*
	 * A zero byte must not end the line: it is replaced by a byte that is
	 * not valid in a barcode.
	 */
	while (strlen(line) < bytes)
		line[strlen(line)] = '\1';
	line[strcspn(line, "\r\n")] = '\0';
	if (line[0] != '\0' && !header_barcode_valid(line)) {
		snprintf(err, err_bytes,
		    "the command that changes volumes printed no valid "
		    "barcode: it must print 1 to 32 printable ASCII "
		    "characters, or nothing");
		return -1;
	}
	strcpy(barcode, line);
	return 0;
}
