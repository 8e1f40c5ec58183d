/*
 * smc.c: the changer as a device, and its commands that move nothing.
 *
 * EXCHANGE MEDIUM is not supported (5/20/00): mode page 1Fh says so, and every
 * program then makes two moves.  A robot of one gripper can do no more, and a
 * failure between the two halves would leave a state that no sense data
 * describes.
 */
#include "vtl/scsi/smc/impl.h"

#include <stdlib.h>

enum { PREVENT = 0x03 };

/* Timeouts, in seconds. */
enum { INVENTORY_S = 3600, MOVE_S = 1200, POSITION_S = 300 };

static void test_unit_ready(struct device_call *call)
{
	(void)call; /* the robot is always ready */
}

static void prevent_allow(struct device_call *call)
{
	struct smc *smc = call->unit;
	uint64_t bit = UINT64_C(1) << call->command->nexus;

	if ((call->cdb[4] & PREVENT) > 1)
		device_fail_field(call, 4, 1);
	else if (call->cdb[4] & PREVENT)
		smc->nexuses.prevented |= bit;
	else
		smc->nexuses.prevented &= ~bit;
}

static const struct device_row rows[] = {
	{ 0x00, DEVICE_NO_ACTION, 6, DEVICE_IGNORES_PERSISTENT, { 0x00 }, 0,
	    test_unit_ready },
	{ 0x07, DEVICE_NO_ACTION, 6, 0, { 0x07 }, INVENTORY_S, smc_initialize },
	{ 0x1e, DEVICE_NO_ACTION, 6, DEVICE_ALLOWS_REMOVAL,
	    { 0x1e, 0, 0, 0, 0x03 }, 0, prevent_allow },
	{ 0x2b, DEVICE_NO_ACTION, 10, 0,
	    { 0x2b, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0x01 }, POSITION_S,
	    smc_position },
	{ 0x37, DEVICE_NO_ACTION, 10, 0,
	    { 0x37, 0x01, 0xff, 0xff, 0, 0, 0xff, 0xff }, INVENTORY_S,
	    smc_initialize_range },
	{ 0xa5, DEVICE_NO_ACTION, 12, 0,
	    { 0xa5, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0x01 }, MOVE_S,
	    smc_move_medium },
	{ 0xb8, DEVICE_NO_ACTION, 12, DEVICE_ONLY_READS,
	    { 0xb8, 0x1f, 0xff, 0xff, 0xff, 0xff, 0x01, 0xff, 0xff, 0xff }, 0,
	    smc_read_element_status },
	/* the older form of 37h, vendor-specific */
	{ 0xe7, DEVICE_NO_ACTION, 10, 0,
	    { 0xe7, 0x01, 0xff, 0xff, 0, 0, 0xff, 0xff }, INVENTORY_S,
	    smc_initialize_range },
};
static const struct device_rows smc_rows = { rows,
	sizeof rows / sizeof rows[0] };

static void request_sense(struct device_call *call, struct scsi_sense *sense)
{
	(void)call;
	sense->sense = (struct sense){ .key = SENSE_NO_SENSE };
}

/* device_reset() does all: the changer has no modes that can be changed. */
static void reset(void *unit, int64_t now_ns)
{
	(void)unit;
	(void)now_ns;
}

static bool descriptor_sense(const void *unit)
{
	(void)unit;
	return false;
}

static struct scsi_nexuses *nexuses(void *unit)
{
	return &((struct smc *)unit)->nexuses;
}

static const struct device_type type = {
	.request_sense = request_sense,
	.reset = reset,
	.descriptor_sense = descriptor_sense,
	.nexuses = nexuses,
};

/* Sets a number of elements.  Returns whether it is another one. */
static bool set_count(struct pages_range *range, uint16_t count)
{
	const bool changed = range->count != count;

	range->count = count;
	return changed;
}

/* Sets the numbers of elements.  Returns whether any is another one. */
static bool count(struct smc *smc, const struct changer_element *elements,
    size_t n)
{
	uint16_t counts[] = { [CHANGER_KIND_ROBOT] = 0,
		[CHANGER_KIND_IE] = 0,
		[CHANGER_KIND_DRIVE] = 0,
		[CHANGER_KIND_SLOT] = 0 };
	struct pages_changer *pages = &smc->pages;
	bool changed;

	for (size_t i = 0; i < n; i++)
		counts[elements[i].kind]++;
	changed = set_count(&pages->transports, counts[CHANGER_KIND_ROBOT]);
	changed |= set_count(&pages->ports, counts[CHANGER_KIND_IE]);
	changed |= set_count(&pages->drives, counts[CHANGER_KIND_DRIVE]);
	changed |= set_count(&pages->slots, counts[CHANGER_KIND_SLOT]);
	return changed;
}

/* With the device locked.  Returns false if the library cannot list them. */
static bool count_again(struct smc *smc)
{
	const bool first = smc->pages.transports.count == 0;
	struct changer_element *elements;
	size_t n;

	if (smc->library->list(smc->arg, 0, UINT16_MAX, SMC_ADDRESSES,
		&elements, &n) != CHANGER_OK)
		return false;
	if (count(smc, elements, n) && !first)
		device_establish(smc->device, SCSI_MODE_CHANGED,
		    SCSI_EVERY_NEXUS);
	free(elements);
	return true;
}

static void visit(void *arg)
{
	count_again(arg);
}

struct smc *smc_new(const struct smc_library *library, void *arg,
    const struct smc_options *options, const struct device_identity *identity)
{
	const struct device_rows *const tables[] = { &smc_rows,
		&pages_changer_rows };
	struct smc *smc = calloc(1, sizeof *smc);

	if (smc == NULL)
		return NULL;
	smc->library = library;
	smc->arg = arg;
	smc->options = *options;
	smc->pages.transports.first = CHANGER_ROBOT_ADDRESS;
	smc->pages.ports.first = CHANGER_IE_ADDRESS;
	smc->pages.drives.first = CHANGER_DRIVE_ADDRESS;
	smc->pages.slots.first = CHANGER_SLOT_ADDRESS;
	scsi_nexuses_init(&smc->nexuses);
	smc->device = device_new(&type, smc, identity, tables,
	    sizeof tables / sizeof tables[0]);
	if (smc->device == NULL) {
		free(smc);
		return NULL;
	}
	device_set_visitor(smc->device, visit, smc);
	return smc;
}

void smc_free(struct smc *smc)
{
	if (smc == NULL)
		return;
	device_free(smc->device);
	free(smc);
}

struct device *smc_device(struct smc *smc)
{
	return smc->device;
}

bool smc_count_elements(struct smc *smc)
{
	bool counted;

	device_lock(smc->device);
	counted = count_again(smc);
	device_unlock(smc->device);
	return counted;
}

void smc_library_changed(struct smc *smc)
{
	device_visit(smc->device);
}

bool smc_prevents_removal(const struct smc *smc)
{
	return smc->nexuses.prevented != 0;
}
