/*
 * reservation.h: the reservations of a logical unit: that of RESERVE and
 * RELEASE (SPC-2), and persistent ones with their registrations (SPC-4).
 *
 * Invariants:
 *
 *  1. A registrant is an I_T nexus: name and ISID of the initiator, and the
 *     target port.  It outlives the loss of the nexus and resets, but not the
 *     process: APTPL is refused with 5/26/00.
 *  2. There are at most RESERVATION_REGISTRANTS; one more is refused with
 *     5/55/04, insufficient registration resources.
 *  3. Every registrant holds a reservation of a type with "all registrants";
 *     one registrant holds one of the other types.  No reservation is left
 *     when its holders are not registered any more.
 *  4. While anybody is registered, RESERVE and RELEASE conflict; while the unit
 *     is reserved by RESERVE, the persistent commands conflict.
 *  5. The generation grows with each command that changes registrations.
 *
 * All is used with the device locked, except the end of a nexus, which does not
 * wait for a command.
 */
#ifndef VTL_RESERVATION_H
#define VTL_RESERVATION_H

#include <stdatomic.h>

#include "vtl/scsi/device/row.h"

enum { RESERVATION_REGISTRANTS = 64 };

enum reservation_type {
	RESERVATION_NONE = 0,
	WRITE_EXCLUSIVE = 1,
	EXCLUSIVE_ACCESS = 3,
	WRITE_EXCLUSIVE_REGISTRANTS = 5,
	EXCLUSIVE_ACCESS_REGISTRANTS = 6,
	WRITE_EXCLUSIVE_ALL = 7,
	EXCLUSIVE_ACCESS_ALL = 8
};

struct reservation_registrant {
	struct device_port port;
	bool all_targets; /* ALL_TG_PT: whatever the target port is */
	bool holds;       /* the reservation, if its type has one holder */
	uint64_t key;
};

struct reservations {
	/* the nexus that has reserved the unit by RESERVE, plus 1; 0: none */
	_Atomic unsigned reserver;
	uint32_t generation;
	enum reservation_type type; /* of the persistent reservation */
	struct reservation_registrant registrants[RESERVATION_REGISTRANTS];
	size_t count;
};

/* Returns whether this number is a type of SPC-4. */
bool reservation_is_type(unsigned type);

/* Returns whether all registrants hold a reservation of this type. */
bool reservation_is_of_all(enum reservation_type type);

/*
 * Returns whether registrants that do not hold the reservation may use the
 * unit.
 */
bool reservation_is_for_registrants(enum reservation_type type);

/* Returns the registrant with this port, or NULL. */
struct reservation_registrant *reservation_find(struct reservations *r,
    const struct device_port *port);

bool reservation_is_holder(const struct reservations *r,
    const struct reservation_registrant *registrant);

/* Returns whether a command of this row conflicts with a reservation. */
bool reservation_conflicts(struct reservations *r,
    const struct device_call *call, const struct device_row *row);

/* Returns whether a nexus has reserved the unit by RESERVE. */
bool reservation_is_reserved(const struct reservations *r);

/* This nexus reserves the unit, which no other one has reserved. */
void reservation_reserve(struct reservations *r, unsigned nexus);

/* The reservation of this nexus by RESERVE ends.  Any thread may call it. */
void reservation_nexus_lost(struct reservations *r, unsigned nexus);

/* The unit was reset: the reservation by RESERVE ends. */
void reservation_reset(struct reservations *r);

#endif
