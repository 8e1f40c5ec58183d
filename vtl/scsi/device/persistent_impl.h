/*
 * persistent_impl.h: what the files of PERSISTENT RESERVE OUT share.  Each calls
 * only those above it.
 *
 *     persistent_change.c    registrations, the reservation, and the unit
 *                            attentions of a change
 *     persistent_register.c  REGISTER, and TransportIDs
 *     persistent_out.c       the command
 */
#ifndef VTL_DEVICE_PERSISTENT_IMPL_H
#define VTL_DEVICE_PERSISTENT_IMPL_H

#include "vtl/scsi/device/impl.h"

enum {
	PERSISTENT_LIST_BYTES = 24,
	PERSISTENT_SPEC_I_PT = 0x08,
	PERSISTENT_ALL_TG_PT = 0x04,
	PERSISTENT_APTPL = 0x01
};

/* A command, with its parameters. */
struct persistent {
	struct device_call *call;
	struct reservations *r;
	struct reservation_registrant *own; /* NULL: not registered */
	enum reservation_type type;
	uint64_t key, action_key;
	const uint8_t *list;
	size_t bytes;
};

/* persistent_change.c */

/* The registrations change: counts that.  Returns `out`. */
struct persistent *persistent_changed(struct persistent *out);

/* Returns the nexuses of a registrant, one bit each. */
uint64_t persistent_nexuses(struct persistent *out,
    const struct reservation_registrant *registrant);

/* Establishes a unit attention for nexuses, but not for that of the command. */
void persistent_tell(struct persistent *out, uint64_t nexuses,
    enum scsi_attention attention);

/* The same for the nexuses of all registrants. */
void persistent_tell_all(struct persistent *out, enum scsi_attention attention);

/*
 * Ends the reservation.  Nexuses that could use the unit because of it get a
 * unit attention.
 */
void persistent_end(struct persistent *out);

/* Removes a registration, and the reservation if no registrant holds it now. */
void persistent_remove(struct persistent *out,
    struct reservation_registrant *registrant);

/*
 * Returns whether there is room for this number of new registrants; fails the
 * call if not.
 */
bool persistent_has_room(struct persistent *out, size_t registrants);

/* Adds a registration, for which there is room. */
struct reservation_registrant *persistent_add(struct persistent *out,
    const struct device_port *port, uint64_t key, bool all_targets);

/* persistent_register.c */

/* The ports that a TransportID stands for, at most all that are known. */
struct persistent_ports {
	size_t count;
	struct device_port list[DEVICE_NEXUSES];
};

/*
 * Reads a TransportID at this byte of the list.  One of an initiator device
 * stands for its ports that are connected to the target of the command.
 * Returns its length; 0, and fails the call, if it is not valid, or stands for
 * no port.
 */
size_t persistent_read_ports(struct persistent *out, size_t at,
    struct persistent_ports *ports);

/* REGISTER; `ignores_key`: REGISTER AND IGNORE EXISTING KEY. */
void persistent_register(struct persistent *out, bool ignores_key);

#endif
