/*
 * reservation_fixture.h: a device with four commands and four nexuses: A and B
 * of one target, C of another initiator name, and D, which is the port of A at
 * another target.
 */
#ifndef VTL_RESERVATION_FIXTURE_H
#define VTL_RESERVATION_FIXTURE_H

#include "vtl/scsi/device/reservation.h"

enum { A, B, C, D, NEXUSES };

/* Service actions of PERSISTENT RESERVE OUT. */
enum {
	PR_REGISTER,
	PR_RESERVE,
	PR_RELEASE,
	PR_CLEAR,
	PR_PREEMPT,
	PR_ABORT,
	PR_IGNORE,
	PR_MOVE
};

struct reservation_fixture {
	struct device *device;
	struct device_answer answer;
	uint8_t in[1024];
	uint64_t aborted; /* what PREEMPT AND ABORT ended last */
};

extern struct reservation_fixture on;

/* For tcase_add_checked_fixture(). */
void reservation_setup(void);
void reservation_teardown(void);

/* Opens a nexus, and takes its unit attention. */
void reservation_open(unsigned nexus);

/*
 * Executes a command, of which `bytes` bytes are given, and returns "good",
 * "conflict", or "KEY/ASC/ASCQ".
 */
const char *reservation_send(unsigned nexus, const uint8_t *cdb, size_t bytes,
    const void *out, uint32_t out_bytes);

#define SEND(nexus, ...)                                            \
	reservation_send((nexus), (const uint8_t[]){ __VA_ARGS__ }, \
	    sizeof((const uint8_t[]){ __VA_ARGS__ }), NULL, 0)

/* PERSISTENT RESERVE OUT with a list of 24 bytes; `flags` is byte 20. */
const char *reservation_out(unsigned nexus, unsigned action, unsigned type,
    uint64_t key, uint64_t action_key, uint8_t flags);

/*
 * Returns the registrations and the reservation as text: "GENERATION: KEY
 * KEY*", then " type N KEY" if there is a reservation.  Holders have a star.
 */
const char *reservation_state(void);

#endif
