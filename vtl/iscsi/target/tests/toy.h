/*
 * toy.h: a device for tests of the transport.
 *
 *     00 TEST UNIT READY   good
 *     01 REWIND            takes TOY_REWIND_NS of the model
 *     08 READ(6)           data of toy_byte(), as many as the length; SILI in
 *                          byte 1: stops after half of them, with 0/00/00 ILI
 *     0A WRITE(6)          keeps the data
 *     12 INQUIRY           8 bytes
 *     13 VERIFY            lasts until device_command.ended: only in a thread of
 *                          its own
 */
#ifndef VTL_ISCSI_TARGET_TOY_H
#define VTL_ISCSI_TARGET_TOY_H

#include <pthread.h>
#include <stdatomic.h>

#include "vtl/scsi/device/row.h"

enum { TOY_LOG_BYTES = 4096 };

#define TOY_REWIND_NS INT64_C(10000000000)

struct toy {
	struct device *device;
	struct scsi_nexuses nexuses;
	unsigned nexus;
	/* Each command: its operation code and nexus, such as "0a/0 ". */
	char log[TOY_LOG_BYTES];
	unsigned resets;
	atomic_bool verifies; /* a VERIFY has begun */
	bool not_ready;       /* TEST UNIT READY: 2/04/01 */
	bool quick;           /* WRITE is: device_execute_quickly() */
	void (*asked)(void);  /* asked whether it is; NULL: nothing happens */
	void (*begun)(void); /* once: a command or a reset has begun; or NULL */
	pthread_t thread;    /* which executed the last command */
	uint8_t *data;       /* of the last WRITE */
	uint32_t data_bytes;
};

void toy_make(struct toy *toy);
void toy_free(struct toy *toy);

/* No nexus has a unit attention. */
void toy_quiet(struct toy *toy);

static inline uint8_t toy_byte(uint32_t at)
{
	return (uint8_t)(at * 7 + (at >> 8) + (at >> 16));
}

#endif
