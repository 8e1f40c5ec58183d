/* library_on_disk.c: see library_on_disk.h. */
#include "vtl/tests/library_on_disk.h"

#include <check.h>
#include <stdio.h>

#include "vtl/tests/vtl_scratch.h"

void on_disk_make(const struct drive_options *behaviour)
{
	const struct model *drives[ON_DISK_DRIVES] = { model_find("lto8"),
		model_find("lto8") };
	const struct changer_spec spec = { .drives = drives,
		.drive_count = ON_DISK_DRIVES,
		.slot_count = 6,
		.ie_count = 2,
		.move_ns = 8000000000,
		.behaviour = behaviour };
	static const char *const cleaning[] = { "CLN001CU" };
	struct volume_spec specs[ON_DISK_VOLUMES];
	const struct library_stock stock = { .volumes = specs,
		.volume_count = ON_DISK_VOLUMES,
		.cleaning = cleaning,
		.cleaning_count = 1 };
	char message[VOLUME_MESSAGE_BYTES];

	for (int i = 0; i < ON_DISK_VOLUMES; i++) {
		specs[i] = scratch_spec(VOLUME_PAYLOAD_RAW);
		snprintf(specs[i].barcode, VOLUME_BARCODE_BYTES, "VTA%03dL8",
		    i + 1);
	}
	ck_assert_msg(library_create(scratch_path("lib"), &spec, &stock, false,
			  message) == 0,
	    "%s", message);
}

struct library *on_disk_open(const struct library_options *options)
{
	static const struct library_options any = { .program = "a test",
		.drive = -1 };
	char message[VOLUME_MESSAGE_BYTES];
	struct library *library = library_open(scratch_path("lib"),
	    options != NULL ? options : &any, message);

	ck_assert_msg(library != NULL, "%s", message);
	return library;
}
