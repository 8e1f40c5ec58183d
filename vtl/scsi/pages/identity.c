/*
 * identity.c: names of devices.  Programs choose their
 * support for a device by vendor and product: see ibm_tape.c, hp_tape.c and
 * quantum_tape.c of LTFS for drives, and the configurations of mhvtl for
 * changers.
 */
#include "vtl/scsi/pages/pages.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "vtl/base/spelling.h"

enum { DRIVE = 0x01, CHANGER = 0x08, LTO_MAX = 10, HPE_FROM = 8 };

/*
 * LTFS refuses drives of IBM below a revision, such as B170 and HB81.  This is
 * above each of them.
 */
static const char revision[] = "TL01";

struct product {
	const char *name; /* how the name of the model begins */
	const char *vendor, *product;
};

/* Drives that do not follow the rules of LTO drives. */
static const struct product others[] = {
	{ "ts1140", "IBM", "03592E07" },
	{ "ts1150", "IBM", "03592E08" },
	{ "ts1155", "IBM", "0359255F" },
	{ "ts1160", "IBM", "0359260F" },
	{ "ts1170", "IBM", "0359270F" },
	{ "t10000b", "STK", "T10000B" },
	{ "dlt8000", "QUANTUM", "DLT8000" },
};

static void set(struct device_identity *identity, uint8_t type,
    const char *vendor, const char *product)
{
	memset(identity, 0, sizeof *identity);
	identity->type = type;
	snprintf(identity->vendor, sizeof identity->vendor, "%.8s", vendor);
	snprintf(identity->product, sizeof identity->product, "%.16s", product);
	strcpy(identity->revision, revision);
}

/* Returns the generation of an LTO drive; 0: it is no LTO drive. */
static int generation_of(const struct model *model)
{
	const struct media_type *type =
	    media_find_type(model->media[0].medium, "");

	if (type == NULL || model->density == 0)
		return 0;
	/* LTO-8 drives format cartridges of LTO-7 as M8. */
	return type->generation > 0 ? type->generation : 8;
}

static bool is_half_height(const struct model *model)
{
	size_t n = strlen(model->name);

	return n > 2 && strcasecmp(model->name + n - 2, "hh") == 0;
}

static void set_lto(const struct model *model, int generation,
    struct device_identity *identity)
{
	/* The tenth generation is called A. */
	const char digit = "0123456789A"[generation];
	const char *size = is_half_height(model) ? "HH" : "TD";
	char product[32];

	assert(generation <= LTO_MAX);
	if (strncasecmp(model->maker, "HP", 2) == 0) {
		snprintf(product, sizeof product, "Ultrium %d-SCSI",
		    generation);
		set(identity, DRIVE, generation < HPE_FROM ? "HP" : "HPE",
		    product);
		return;
	}
	snprintf(product, sizeof product, "ULTRIUM-%s%c", size, digit);
	set(identity, DRIVE,
	    strcasecmp(model->maker, "Quantum") == 0 ? "QUANTUM" : "IBM",
	    product);
}

static bool is_known_maker(const struct model *model)
{
	static const char *const makers[] = { "IBM", "HP", "HPE", "Quantum" };

	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
		if (strcasecmp(model->maker, makers[i]) == 0)
			return true;
	return false;
}

void pages_drive_identity(const struct model *model,
    struct device_identity *identity)
{
	int generation = generation_of(model);

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		const struct product *p = &others[i];

		if (strncasecmp(p->name, model->name, strlen(p->name)) != 0)
			continue;
		set(identity, DRIVE, p->vendor, p->product);
		return;
	}
	if (generation > 0 && is_known_maker(model))
		set_lto(model, generation, identity);
	else
		set(identity, DRIVE, "TAPELAB", "VIRTUAL TAPE");
}

/* "vendor product": the first is the default. */
static const char *const changers[] = {
	"STK L700",
	"STK SL500",
	"IBM 03584L32",
	"IBM 03584L22",
	"IBM 3573-TL",
	"HP MSL G3 Series",
	"QUANTUM Scalar i6000",
	"ADIC Scalar i2000",
	"SPECTRA PYTHON",
	"TAPELAB VIRTUAL LIBRARY",
	NULL,
};

const char *const *pages_changer_names(void)
{
	return changers;
}

bool pages_changer_identity(const char *name, struct device_identity *identity)
{
	for (const char *const *known = changers; *known != NULL; known++) {
		const char *product = strchr(*known, ' ') + 1;
		char vendor[8 + 1];

		if (name != NULL && !spelling_same(name, *known) &&
		    !spelling_same(name, product))
			continue;
		snprintf(vendor, sizeof vendor, "%.*s",
		    (int)(product - 1 - *known), *known);
		set(identity, CHANGER, vendor, product);
		return true;
	}
	return false;
}
