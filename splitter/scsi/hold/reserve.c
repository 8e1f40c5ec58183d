/* reserve.c: reserving the unit, and ending that (impl.h). */
#include "splitter/scsi/hold/impl.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "splitter/base/sentence.h"

void hold_notice(const struct scsi_hold_options *options, const char *format,
    ...)
{
	char text[640];
	va_list ap;

	if (options->notice == NULL)
		return;
	va_start(ap, format);
	sentence_v(text, sizeof text, format, ap);
	va_end(ap);
	options->notice(options->notice_arg, text);
}

/* Returns the holder of the reservation, or the first registrant. */
static const struct scsi_registrant *holder_of(const struct scsi_persistent *p)
{
	size_t count =
	    p->count < SCSI_REGISTRANTS_MAX ? p->count : SCSI_REGISTRANTS_MAX;

	for (size_t i = 0; i < count; i++)
		if (p->registrants[i].holds)
			return &p->registrants[i];
	return count > 0 ? &p->registrants[0] : NULL;
}

/* Returns whose key it is, if tapelab made it. */
static const char *whose(const struct scsi_hold_options *options, uint64_t key)
{
	char host[HOLD_HOST_BYTES];

	if (!hold_key_is_tapelab(key))
		return "";
	hold_host(options, host);
	return hold_key_is_own(key, host) ? " of tapelab on this host"
					  : " of tapelab on another host";
}

void hold_describe(const struct scsi_hold_options *options,
    const struct scsi_persistent *p, char *text, size_t text_bytes)
{
	const struct scsi_registrant *r = holder_of(p);
	bool known = r != NULL && r->port[0] != '\0';
	uint64_t key = r != NULL ? r->key : p->key;
	char number[16];

	sentence(text, text_bytes, "%s (%s), key %016" PRIx64 "%s, by %s",
	    p->type != SCSI_NOT_RESERVED ? "reserved" : "registered",
	    scsi_persistent_type_text(p->type, number), key,
	    whose(options, key),
	    known ? r->port : "an initiator that the drive does not name");
}

static bool refuse(struct scsi_unit *unit,
    const struct scsi_hold_options *options, const struct scsi_persistent *p,
    char *err, size_t err_bytes)
{
	char who[SCSI_PORT_NAME_BYTES + 128];

	hold_describe(options, p, who, sizeof who);
	sentence(err, err_bytes,
	    "%s: the drive is %s; wait until that program ends, or end its "
	    "reservation there",
	    unit->port->name, who);
	return false;
}

static bool conflicts(const struct scsi_unit *unit)
{
	return unit->answer.outcome == SCSI_ANSWERED &&
	    unit->answer.status == SCSI_RESERVATION_CONFLICT;
}

static bool fail(struct scsi_unit *unit, char *err, size_t err_bytes)
{
	scsi_unit_text(unit, err, err_bytes);
	return false;
}

static bool refuse_old(struct scsi_unit *unit, char *err, size_t err_bytes)
{
	sentence(err, err_bytes,
	    "%s: another initiator has reserved the drive with RESERVE; the "
	    "drive does not say which: wait until that program ends",
	    unit->port->name);
	return false;
}

/* SPC-2.  The drive says only that another initiator has reserved it. */
static bool reserve_old(struct scsi_unit *unit,
    const struct scsi_hold_options *options,
    bool (*record)(void *arg, enum scsi_reserved reserved), void *arg,
    enum scsi_reserved *reserved, char *err, size_t err_bytes)
{
	if (!record(arg, SCSI_RESERVED_SPC2))
		return false;
	if (scsi_send_reserve(unit)) {
		*reserved = SCSI_RESERVED_SPC2;
		return true;
	}
	if (!scsi_is_unsupported(unit)) {
		if (!conflicts(unit)) {
			fail(unit, err, err_bytes);
			/* It may have been executed. */
			scsi_send_release(unit);
			return false;
		}
		return refuse_old(unit, err, err_bytes);
	}
	*reserved = SCSI_RESERVED_NOT;
	hold_notice(options,
	    "%s: the drive cannot be reserved: make sure that no other host "
	    "uses it",
	    unit->port->name);
	return true;
}

/* Another initiator was faster, or this nexus is registered already. */
static bool lost_race(struct scsi_unit *unit,
    const struct scsi_hold_options *options, uint64_t key, bool registered,
    char *err, size_t err_bytes)
{
	struct scsi_persistent p;

	if (!conflicts(unit))
		fail(unit, err, err_bytes);
	else if (scsi_send_persistent_read(unit, &p) &&
	    p.type != SCSI_NOT_RESERVED)
		refuse(unit, options, &p, err, err_bytes);
	else
		sentence(err, err_bytes,
		    "%s: another program of this host has registered with the "
		    "drive for PERSISTENT RESERVE: end it, or run it to its "
		    "end",
		    unit->port->name);
	if (registered)
		scsi_send_persistent_out(unit, SCSI_PERSISTENT_REGISTER, key,
		    0);
	return false;
}

/* Registers the key, unless it is registered, and reserves the unit. */
static bool reserve_with(struct scsi_unit *unit,
    const struct scsi_hold_options *options, uint64_t key, bool registered,
    char *err, size_t err_bytes)
{
	/* Without an answer, it may have been executed. */
	if (!registered &&
	    !scsi_send_persistent_out(unit, SCSI_PERSISTENT_REGISTER, 0, key))
		return lost_race(unit, options, key,
		    unit->answer.outcome == SCSI_LOST, err, err_bytes);
	return scsi_send_persistent_out(unit, SCSI_PERSISTENT_RESERVE, key,
		   0) ||
	    lost_race(unit, options, key, true, err, err_bytes);
}

static bool is_registered(const struct scsi_persistent *p, uint64_t key)
{
	for (size_t i = 0; i < p->count && i < SCSI_REGISTRANTS_MAX; i++)
		if (p->registrants[i].key == key)
			return true;
	return false;
}

bool hold_reserve(struct scsi_unit *unit,
    const struct scsi_hold_options *options, uint64_t key,
    bool (*record)(void *arg, enum scsi_reserved reserved), void *arg,
    enum scsi_reserved *reserved, char *err, size_t err_bytes)
{
	struct scsi_persistent p;

	*reserved = SCSI_RESERVED_NOT;
	if (!scsi_send_persistent_read(unit, &p)) {
		/* Reserved with RESERVE, this command conflicts. */
		if (scsi_is_unsupported(unit) || conflicts(unit))
			return reserve_old(unit, options, record, arg, reserved,
			    err, err_bytes);
		return fail(unit, err, err_bytes);
	}
	if (p.type != SCSI_NOT_RESERVED)
		return refuse(unit, options, &p, err, err_bytes);
	if (!record(arg, SCSI_RESERVED_PERSISTENT))
		return false;
	if (!reserve_with(unit, options, key, false, err, err_bytes))
		return false;
	*reserved = SCSI_RESERVED_PERSISTENT;
	return true;
}

bool hold_renew(struct scsi_unit *unit, const struct scsi_hold_options *options,
    enum scsi_reserved reserved, uint64_t key, char *err, size_t err_bytes)
{
	struct scsi_persistent p;

	if (reserved == SCSI_RESERVED_NOT)
		return true;
	/* Whoever holds this reservation may make it again. */
	if (reserved == SCSI_RESERVED_SPC2)
		return scsi_send_reserve(unit) ||
		    (conflicts(unit) ? refuse_old(unit, err, err_bytes)
				     : fail(unit, err, err_bytes));
	if (!scsi_send_persistent_read(unit, &p))
		return conflicts(unit) ? refuse_old(unit, err, err_bytes)
				       : fail(unit, err, err_bytes);
	if (p.type != SCSI_NOT_RESERVED)
		return p.key == key ||
		    refuse(unit, options, &p, err, err_bytes);
	if (!reserve_with(unit, options, key, is_registered(&p, key), err,
		err_bytes))
		return false;
	hold_notice(options,
	    "%s: the drive was not reserved any more, as after a loss of power: "
	    "it is reserved again; another host may have written meanwhile",
	    unit->port->name);
	return true;
}

bool hold_release(struct scsi_unit *unit, enum scsi_reserved reserved,
    uint64_t key, char *err, size_t err_bytes)
{
	struct scsi_persistent p;

	if (reserved == SCSI_RESERVED_NOT)
		return true;
	if (reserved == SCSI_RESERVED_SPC2)
		/* A release of what is not reserved is no error. */
		return scsi_send_release(unit) || scsi_is_unsupported(unit) ||
		    conflicts(unit) || fail(unit, err, err_bytes);
	/* A conflict: it is not the holder any more. */
	scsi_send_persistent_out(unit, SCSI_PERSISTENT_RELEASE, key, 0);
	if (scsi_send_persistent_out(unit, SCSI_PERSISTENT_REGISTER, key, 0))
		return true;
	if (scsi_send_persistent_read(unit, &p) && !is_registered(&p, key))
		return true;
	if (conflicts(unit))
		sentence(err, err_bytes,
		    "%s: the registration with key %016" PRIx64
		    " is not of this path to the drive: name the node of the "
		    "path that it was made by",
		    unit->port->name, key);
	else
		fail(unit, err, err_bytes);
	return false;
}
