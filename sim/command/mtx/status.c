/* status.c: the commands of mtx that only print. */
#include "sim/command/mtx/impl.h"

#include <stdio.h>

#include "sim/command/cmd.h"

static const char *tag(const struct mtx *m, const struct changer_element *e)
{
	return m->barcodes && !e->unreadable ? e->barcode : "";
}

static void print_drive(const struct mtx *m, const struct changer_element *e)
{
	unsigned from = mtx_slot_number(m, e->source_address);

	printf("Data Transfer Element %u:", e->number);
	if (!e->full)
		fputs("Empty", stdout);
	else if (from != 0)
		printf("Full (Storage Element %u Loaded)", from);
	else
		fputs("Full (Unknown Storage Element Loaded)", stdout);
	if (e->full && tag(m, e)[0] != '\0')
		printf(":VolumeTag = %s", tag(m, e));
	putchar('\n');
}

static void print_slot(const struct mtx *m, const struct changer_element *e)
{
	printf("      Storage Element %u%s:%s", mtx_slot_number(m, e->address),
	    e->kind == CHANGER_KIND_IE ? " IMPORT/EXPORT" : "",
	    e->full ? "Full " : "Empty");
	if (e->full && tag(m, e)[0] != '\0')
		printf(":VolumeTag=%s", tag(m, e));
	putchar('\n');
}

int mtx_status(struct mtx *m)
{
	static const enum changer_kind order[] = { CHANGER_KIND_DRIVE,
		CHANGER_KIND_SLOT, CHANGER_KIND_IE };
	const struct changer_element *e;
	size_t k;

	printf("  Storage Changer %s:%u Drives, %u Slots ( %u Import/Export "
	       ")\n",
	    changer_folder(m->changer), m->drives, m->slots + m->ie_slots,
	    m->ie_slots);
	for (k = 0; k < 3; k++)
		for (e = m->elements; e < m->elements + m->count; e++)
			if (e->kind == order[k])
				(k == 0 ? print_drive : print_slot)(m, e);
	return CMD_OK;
}

int mtx_inquiry(struct mtx *m)
{
	(void)m;
	puts("Product Type: Medium Changer\n"
	     "Vendor ID: 'TAPELAB '\n"
	     "Product ID: 'VTL             '\n"
	     "Revision: '0001'\n"
	     "Attached Changer API: No");
	return CMD_OK;
}

int mtx_inventory(struct mtx *m)
{
	(void)m;
	return CMD_OK; /* a library is always up to date */
}
