/*
 * inquiry.c: INQUIRY.  Vendor and product are those of the real drive if they
 * are known, and otherwise those of this program.
 */
#include "vtl/scsi/impl.h"

#include <stdio.h>
#include <string.h>

static const struct product {
	const char *model, *vendor, *product;
} products[] = {
	{ "lto1-hp", "HP", "Ultrium 1-SCSI" },
	{ "lto1-ibm", "IBM", "ULTRIUM-TD1" },
	{ "lto2-hp", "HP", "Ultrium 2-SCSI" },
	{ "lto2-ibm", "IBM", "ULTRIUM-TD2" },
	{ "lto3-hp", "HP", "Ultrium 3-SCSI" },
	{ "lto3-ibm", "IBM", "ULTRIUM-TD3" },
	{ "lto4", "IBM", "ULTRIUM-TD4" },
	{ "lto5-hp", "HP", "Ultrium 5-SCSI" },
	{ "lto5-ibm", "IBM", "ULTRIUM-TD5" },
	{ "lto6", "IBM", "ULTRIUM-TD6" },
	{ "lto7", "IBM", "ULTRIUM-TD7" },
	{ "ltom8", "IBM", "ULTRIUM-TD8" },
	{ "lto8", "IBM", "ULTRIUM-TD8" },
	{ "lto8hh", "IBM", "ULTRIUM-HH8" },
	{ "lto9", "IBM", "ULTRIUM-TD9" },
	{ "lto9hh", "IBM", "ULTRIUM-HH9" },
	{ "ts1140jc", "IBM", "03592E07" },
	{ "ts1150jd", "IBM", "03592E08" },
	{ "t10000b", "STK", "T10000B" },
	{ "dlt8000", "QUANTUM", "DLT8000" },
};

static const struct product *product_of(const char *model)
{
	static const struct product other = { "", "TAPELAB", "VIRTUAL TAPE" };
	size_t i;

	for (i = 0; i < sizeof products / sizeof *products; i++)
		if (strcmp(products[i].model, model) == 0)
			return &products[i];
	return &other;
}

void scsi_inquiry(struct scsi *unit, struct scsi_inquiry_data *inquiry,
    int64_t now_ns, struct scsi_result *result)
{
	const struct product *p = product_of(drive_model(unit->drive)->name);

	scsi_result_init(result, now_ns);
	memset(inquiry, 0, sizeof *inquiry);
	inquiry->device_type = 1;
	inquiry->removable = true;
	strcpy(inquiry->vendor, p->vendor);
	strcpy(inquiry->product, p->product);
	strcpy(inquiry->revision, "TL01");
	strcpy(inquiry->serial, unit->serial);
	snprintf(inquiry->identification, sizeof inquiry->identification,
	    "%-8s%-16s%s", p->vendor, p->product, unit->serial);
}
