/* mode_fixture.c: see mode_fixture.h. */
#include "vtl/scsi/pages/tests/mode_fixture.h"

#include <check.h>

#include "vtl/tests/vtl_scratch.h"

struct pages_fixture mode_on;

void mode_set_up(void)
{
	scratch_setup();
	pages_make_drive(&mode_on, "lto8");
}

void mode_tear_down(void)
{
	pages_free(&mode_on);
	scratch_teardown();
}

void mode_sense_6(unsigned control, unsigned page, unsigned subpage)
{
	const uint8_t cdb[] = { 0x1a, 0x08, (uint8_t)(control << 6 | page),
		(uint8_t)subpage, 255, 0 };

	PAGES_SEND(&mode_on, cdb);
}

void mode_sense_10(unsigned control, unsigned page, unsigned subpage)
{
	const uint8_t cdb[] = { 0x5a, 0, (uint8_t)(control << 6 | page),
		(uint8_t)subpage, 0, 0, 0, 0x10, 0, 0 };

	PAGES_SEND(&mode_on, cdb);
}

void mode_select_10(const uint8_t *list, size_t bytes)
{
	const uint8_t cdb[] = { 0x55, 0x10, 0, 0, 0, 0, 0,
		(uint8_t)(bytes >> 8), (uint8_t)bytes, 0 };

	pages_send_as(&mode_on, 0, cdb, sizeof cdb, list, (uint32_t)bytes);
}
