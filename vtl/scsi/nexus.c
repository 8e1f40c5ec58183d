/* nexus.c: unit attentions of each nexus; see nexus.h. */
#include "vtl/scsi/nexus.h"

#include <assert.h>
#include <stddef.h>

#define ATTENTION(asc, ascq)                              \
	{                                                 \
		SENSE_UNIT_ATTENTION, (asc), (ascq), 0, 0 \
	}

static const struct sense senses[SCSI_ATTENTIONS] = {
	[SCSI_POWER_ON] = ATTENTION(0x29, 0),
	[SCSI_UNIT_RESET] = ATTENTION(0x29, 3),
	[SCSI_NEXUS_LOSS] = ATTENTION(0x29, 7),
	[SCSI_LUNS_CHANGED] = ATTENTION(0x3f, 0x0e),
	[SCSI_MEDIUM_CHANGED] = ATTENTION(0x28, 0),
	[SCSI_IE_ACCESSED] = ATTENTION(0x28, 1),
	[SCSI_MODE_CHANGED] = ATTENTION(0x2a, 1),
	[SCSI_LOG_CHANGED] = ATTENTION(0x2a, 2),
	[SCSI_RESERVATIONS_PREEMPTED] = ATTENTION(0x2a, 3),
	[SCSI_RESERVATIONS_RELEASED] = ATTENTION(0x2a, 4),
	[SCSI_REGISTRATIONS_PREEMPTED] = ATTENTION(0x2a, 5),
	[SCSI_TIMESTAMP_CHANGED] = ATTENTION(0x2a, 0x10),
	[SCSI_COMMANDS_CLEARED] = ATTENTION(0x2f, 0),
};

void scsi_nexuses_init(struct scsi_nexuses *nexuses)
{
	nexuses->prevented = 0;
	scsi_attention_establish(nexuses, SCSI_POWER_ON, SCSI_EVERY_NEXUS);
}

void scsi_attention_set(struct scsi_nexuses *nexuses, unsigned nexus,
    enum scsi_attention attention)
{
	const uint32_t bit = UINT32_C(1) << attention;

	assert(nexus < SCSI_NEXUSES && attention < SCSI_ATTENTIONS);
	if (attention <= SCSI_UNIT_RESET)
		nexuses->pending[nexus] = bit;
	else
		nexuses->pending[nexus] |= bit;
}

void scsi_attention_establish(struct scsi_nexuses *nexuses,
    enum scsi_attention attention, unsigned except)
{
	for (unsigned i = 0; i < SCSI_NEXUSES; i++)
		if (i != except)
			scsi_attention_set(nexuses, i, attention);
}

const struct sense *scsi_attention_take(struct scsi_nexuses *nexuses,
    unsigned nexus)
{
	uint32_t pending;
	unsigned first = 0;

	assert(nexus < SCSI_NEXUSES);
	pending = nexuses->pending[nexus];
	/* A failed exchange reads `pending` again. */
	while (pending != 0 &&
	    !atomic_compare_exchange_weak(&nexuses->pending[nexus], &pending,
		pending & (pending - 1)))
		continue;
	if (pending == 0)
		return NULL;
	while ((pending >> first & 1) == 0)
		first++;
	return &senses[first];
}
