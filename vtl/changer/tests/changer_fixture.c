/* changer_fixture.c: see changer_fixture.h. */
#include "vtl/changer/tests/changer_fixture.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { DRIVES = 2, SLOTS = 4 };

unsigned fixture_slot(unsigned number)
{
	return CHANGER_SLOT_ADDRESS + number - 1;
}

unsigned fixture_drive(unsigned number)
{
	return CHANGER_DRIVE_ADDRESS + number;
}

struct changer *changer_fixture(void)
{
	static const struct changer_cartridge cartridges[] = {
		{ "A00001L8", "1.tape", NULL },
		{ "A00002L7", "2.tape", "" },
		{ "CLN001CU", NULL, NULL },
	};
	const struct model *models[DRIVES] = { model_find("lto8"),
		model_find("lto7") };
	const struct changer_spec spec = { .drives = models,
		.drive_count = DRIVES,
		.slot_count = SLOTS,
		.ie_count = 1 };
	char message[VOLUME_MESSAGE_BYTES];
	struct changer *c = changer_new(&spec, message);

	ck_assert_msg(c != NULL, "%s", message);
	ck_assert_int_eq(changer_fill_slots(c, cartridges, 3), CHANGER_OK);
	return c;
}

enum changer_status fixture_put(struct changer *c, unsigned address,
    const char *barcode, const char *file)
{
	const struct changer_cartridge cartridge = { barcode, file, NULL };

	return changer_import(c, address, &cartridge);
}

/* Returns the element of a cartridge; 0: nowhere. */
unsigned fixture_where(struct changer *c, const char *barcode)
{
	struct changer_element *e;
	unsigned address = 0;
	size_t n;

	ck_assert_int_eq(changer_list(c, &e, &n), CHANGER_OK);
	for (size_t i = 0; i < n; i++)
		if (strcmp(e[i].barcode, barcode) == 0)
			address = e[i].address;
	free(e);
	return address;
}
