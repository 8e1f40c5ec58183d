/* options.c: how real libraries differ, by the names that INQUIRY reports. */
#include "vtl/scsi/smc/smc.h"

#include <string.h>

static const struct {
	const char *vendor, *product; /* how the product begins */
	struct smc_options options;
} models[] = {
	/* TS4500, TS3500: "READ ELEMENT STATUS" of their SCSI references */
	{ "IBM", "03584", { .identifiers_alone = true } },
	/* TS3310: sense data of its maintenance manual */
	{ "IBM", "3576", { .host_unloads = true } },
};

struct smc_options smc_options_of(const struct device_identity *identity)
{
	for (size_t i = 0; i < sizeof models / sizeof *models; i++)
		if (strcmp(identity->vendor, models[i].vendor) == 0 &&
		    strncmp(identity->product, models[i].product,
			strlen(models[i].product)) == 0)
			return models[i].options;
	return (struct smc_options){ .host_unloads = false };
}
