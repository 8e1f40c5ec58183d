/* disk_robot.c: see disk_robot.h. */
#include "vtl/scsi/smc/tests/disk_robot.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vtl/tests/library_on_disk.h"
#include "vtl/tests/vtl_scratch.h"

static enum changer_status list(void *arg, unsigned first, unsigned last,
    size_t most, struct changer_element **elements, size_t *count)
{
	struct disk_robot *d = arg;

	return changer_list_range(d->changer, first, last, most, elements,
	    count);
}

static void get_drive(void *arg, unsigned drive, struct smc_drive *state)
{
	struct disk_robot *d = arg;
	struct changer_element *e;
	size_t n;

	state->identity = &robot_identities[drive];
	ck_assert_int_eq(changer_list_range(d->changer,
			     CHANGER_DRIVE_ADDRESS + drive,
			     CHANGER_DRIVE_ADDRESS + drive, 1, &e, &n),
	    CHANGER_OK);
	state->loaded = e[0].full;
	free(e);
}

static enum changer_reason move(void *arg, const struct smc_move *request,
    int64_t *done_ns)
{
	struct disk_robot *d = arg;

	*done_ns = request->now_ns + changer_move_ns(d->changer);
	changer_move_any(d->changer, request->from, request->to);
	return changer_reason(d->changer);
}

static int64_t position(void *arg, unsigned address, int64_t now_ns)
{
	(void)arg;
	(void)address;
	return now_ns;
}

static int64_t inventory(void *arg, unsigned first, unsigned last,
    int64_t now_ns)
{
	(void)first;
	return position(arg, last, now_ns);
}

static const struct smc_library disk_library = { list, get_drive, move,
	position, inventory };

void disk_robot_make(struct disk_robot *d)
{
	const struct device_identity identity = {
		.type = 8, .vendor = "STK", .product = "L700", .serial = "TLC"
	};
	static const struct smc_options usual;
	char message[VOLUME_MESSAGE_BYTES];

	memset(d, 0, sizeof *d);
	on_disk_make(NULL);
	d->changer =
	    changer_open(scratch_path("lib"), "a robot", false, false, message);
	ck_assert_msg(d->changer != NULL, "%s", message);
	d->robot.smc = smc_new(&disk_library, d, &usual, &identity);
	ck_assert_ptr_nonnull(d->robot.smc);
	ck_assert(smc_count_elements(d->robot.smc));
	robot_run(&d->robot, "03 00 00 00 12 00");
}

void disk_robot_free(struct disk_robot *d)
{
	smc_free(d->robot.smc);
	changer_close(d->changer);
}

const char *disk_robot_contents(struct disk_robot *d)
{
	static char text[1024];
	struct changer_element *e;
	size_t n, used = 0;

	text[0] = '\0';
	ck_assert_int_eq(changer_list(d->changer, &e, &n), CHANGER_OK);
	for (size_t i = 0; i < n; i++) {
		if (!e[i].full)
			continue;
		used +=
		    (size_t)snprintf(text + used, sizeof text - used, "%s%u %s",
			used > 0 ? ", " : "", e[i].address, e[i].barcode);
		if (e[i].source_address != 0)
			used +=
			    (size_t)snprintf(text + used, sizeof text - used,
				" from %u", e[i].source_address);
	}
	free(e);
	return text;
}
