/*
 * library_main.c: makes a virtual library, for tests of what uses one.
 *
 * Usage: library_main FOLDER MODEL DRIVES BARCODE:CAPACITY[:WARNING]...
 *
 * Capacity and early warning are bytes; without a warning there is none.  The
 * volumes are blank, and keep every byte.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/library.h"

enum { VOLUMES_MAX = 1000 };

/* Reads BARCODE:CAPACITY[:WARNING]; false if it is not that. */
static bool read_volume(const char *arg, struct volume_spec *spec)
{
	unsigned long long capacity, warning = 0;
	int n;

	memset(spec, 0, sizeof *spec);
	n = sscanf(arg, "%32[^:]:%llu:%llu", spec->barcode, &capacity,
	    &warning);
	if (n < 2)
		return false;
	spec->capacity_bytes = capacity;
	spec->has_early_warning = n == 3;
	spec->early_warning_bytes = warning;
	spec->payload = VOLUME_PAYLOAD_RAW;
	return true;
}

int main(int argc, char **argv)
{
	static struct volume_spec volumes[VOLUMES_MAX];
	const struct model *drives[CHANGER_DRIVES_MAX];
	const struct model *model = argc < 3 ? NULL : model_find(argv[2]);
	size_t count = argc < 4 ? 0 : (size_t)argc - 4, i;
	struct changer_spec spec = { .drives = drives,
		.slot_count = (unsigned)count };
	struct library_stock stock = { .volumes = volumes,
		.volume_count = count };
	char message[VOLUME_MESSAGE_BYTES];

	spec.drive_count = argc < 4 ? 0 : strtoul(argv[3], NULL, 10);
	if (model == NULL || count > VOLUMES_MAX || spec.drive_count == 0 ||
	    spec.drive_count > CHANGER_DRIVES_MAX) {
		fprintf(stderr, "usage: library_main FOLDER MODEL DRIVES "
		    "BARCODE:CAPACITY[:WARNING]...\n");
		return 2;
	}
	for (i = 0; i < spec.drive_count; i++)
		drives[i] = model;
	for (i = 0; i < count; i++)
		if (!read_volume(argv[4 + i], &volumes[i])) {
			fprintf(stderr, "%s: not BARCODE:CAPACITY[:WARNING]\n",
			    argv[4 + i]);
			return 2;
		}
	if (library_create(argv[1], &spec, &stock, false, message) == 0)
		return 0;
	fprintf(stderr, "%s\n", message);
	return 2;
}
