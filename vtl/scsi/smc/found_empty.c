/*
 * found_empty.c: elements in which the robot found nothing, although the
 * library lists a cartridge there.  READ ELEMENT STATUS reports them as empty.
 */
#include "vtl/scsi/smc/impl.h"

static uint8_t bit_of(unsigned address)
{
	return (uint8_t)(1u << address % 8);
}

void smc_set_found_empty(struct smc *smc, unsigned address)
{
	if (address < SMC_ADDRESSES)
		smc->found_empty[address / 8] |= bit_of(address);
}

bool smc_is_found_empty(const struct smc *smc, unsigned address)
{
	return address < SMC_ADDRESSES &&
	    (smc->found_empty[address / 8] & bit_of(address)) != 0;
}

void smc_clear_found_empty(struct smc *smc, unsigned first, unsigned last)
{
	for (unsigned i = first; i <= last && i < SMC_ADDRESSES; i++)
		smc->found_empty[i / 8] &= (uint8_t)~bit_of(i);
}
