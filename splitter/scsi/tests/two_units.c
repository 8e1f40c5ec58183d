/* two_units.c: see two_units.h. */
#include "splitter/scsi/tests/two_units.h"

#include <check.h>

struct two_units two;

void two_units_up(void)
{
	two.library = served_library_new(NULL);
	two.port = served_port_open(two.library, 1, 0);
	two.other_port = served_port_open(two.library, 1, 1);
	scsi_unit_init(&two.unit, served_port_scsi(two.port));
	scsi_unit_init(&two.other, served_port_scsi(two.other_port));
}

void two_units_down(void)
{
	served_port_close(two.port);
	served_port_close(two.other_port);
	served_library_free(two.library);
}

void two_units_load(void)
{
	served_library_load(two.library, 0, 0);
	ck_assert_int_eq(scsi_send_ready(&two.unit), SCSI_READY);
	ck_assert_int_eq(scsi_send_ready(&two.other), SCSI_READY);
}

void two_units_fail_next(int opcode, uint8_t key, uint8_t asc, uint8_t ascq)
{
	const struct served_sense sense = {
		.key = key, .asc = asc, .ascq = ascq, .information = -1
	};

	served_port_check(two.port, opcode, false, &sense);
}
