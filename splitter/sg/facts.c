/*
 * facts.c: what the drive and the cartridge say of the use of a volume: a line
 * for a person when the volume is given back.
 *
 * The counters are read before the volume is unloaded: several makers clear
 * them then.
 */
#include "splitter/sg/impl.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES = 400, ALERTS = 64 };

/* Log pages: errors of writing and of reading, and amounts. */
enum { WRITE_ERRORS = 0x02, READ_ERRORS = 0x03, AMOUNTS = 0x0c };
enum { CORRECTED = 0x0003, UNCORRECTED = 0x0006, RECEIVED = 0x0000 };

static void __attribute__((format(printf, 2, 3)))
append(char text[TEXT_BYTES], const char *format, ...)
{
	size_t n = strlen(text);
	va_list ap;

	va_start(ap, format);
	vsnprintf(text + n, TEXT_BYTES - n, format, ap);
	va_end(ap);
}

void sg_facts_begin(struct sg *sg)
{
	struct scsi_inquiry inquiry;

	sg->wrote = false;
	sg->has_counters = false;
	if (!scsi_send_inquiry(&sg->unit, &inquiry))
		return;
	sg->maker = scsi_maker_of(inquiry.vendor);
	sg->has_counters =
	    scsi_counters_read(&sg->unit, sg->maker, &sg->counters);
	if (sg->has_counters && sg->counters.has_alerts)
		real_note_wear(&sg->drive,
		    sg->counters.alerts >> (REAL_MEDIA_LIFE - 1) & 1,
		    sg->counters.alerts >> (REAL_NEARING_MEDIA_LIFE - 1) & 1);
}

/* A counter of a page for writing and of that for reading. */
static uint64_t sum_of(const struct scsi_counters *counters, uint16_t code)
{
	const struct scsi_counter *written =
	    scsi_counters_find(counters, WRITE_ERRORS, code);
	const struct scsi_counter *read =
	    scsi_counters_find(counters, READ_ERRORS, code);

	return (written != NULL ? written->value : 0) +
	    (read != NULL ? read->value : 0);
}

static void tell_counters(const struct scsi_counters *c, char *text)
{
	const struct scsi_counter *received =
	    scsi_counters_find(c, AMOUNTS, RECEIVED);
	unsigned flag, found = 0;

	if (received != NULL && received->unit == SCSI_BYTES)
		append(text, ": %" PRIu64 " MB written",
		    received->value / 1000000);
	append(text, "%s errors corrected %" PRIu64 ", not corrected %" PRIu64,
	    received != NULL ? "," : ":", sum_of(c, CORRECTED),
	    sum_of(c, UNCORRECTED));
	if (!c->has_alerts)
		return;
	append(text, "; TapeAlert: ");
	for (flag = 1; flag <= ALERTS; flag++)
		if (c->alerts >> (flag - 1) & 1)
			append(text, "%s%s (%u)", found++ > 0 ? ", " : "",
			    scsi_alert_name(flag), flag);
	if (found == 0)
		append(text, "no new flag");
}

/* What the memory of the cartridge says, in brackets; nothing if unknown. */
static void tell_cartridge(struct sg *sg, char *text)
{
	struct scsi_mam mam;

	scsi_mam_read(&sg->unit, &mam);
	if (!mam.valid || mam.serial[0] == '\0')
		return;
	append(text, " (serial number %s", mam.serial);
	if (mam.has_loads)
		append(text, ", loads: %" PRIu64, mam.loads);
	if (mam.has_life)
		append(text, ", %" PRIu64 " MiB written in its life",
		    mam.written_life_mib);
	append(text, ")");
}

void sg_facts_end(struct sg *sg)
{
	struct real_drive *d = &sg->drive;
	struct scsi_counters now;
	char text[TEXT_BYTES] = "";
	bool cleared;

	if (d->options.notice == NULL || !sg->has_counters ||
	    !scsi_counters_read(&sg->unit, sg->maker, &now))
		return;
	scsi_counters_subtract(&now, &sg->counters, &now, &cleared);
	sg->has_counters = false;
	if (!sg->wrote && now.alerts == 0 && sum_of(&now, UNCORRECTED) == 0)
		return;
	tell_cartridge(sg, text);
	tell_counters(&now, text);
	real_notice(d, "%s: volume %s%s", d->device, real_volume(d), text);
}
