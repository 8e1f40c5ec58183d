/*
 * rows.c: the tables of commands; see pages.h.  A changer has the first rows of
 * the table, and a drive all.
 *
 * Reservations of other nexuses: SPC-2 and SPC-4 allow INQUIRY and LOG SENSE
 * whatever is reserved, and SSC-4 allows REPORT DENSITY SUPPORT with a
 * persistent reservation.  Modes and buffers conflict, reading them too.
 */
#include "vtl/scsi/pages/impl.h"

enum { ALWAYS = DEVICE_IGNORES_RESERVATION | DEVICE_IGNORES_PERSISTENT };

static const struct device_row rows[] = {
	{ 0x12, DEVICE_NO_ACTION, 6, DEVICE_IGNORES_ATTENTION | ALWAYS,
	    { 0x12, 0x01, 0xff, 0xff, 0xff }, 0, pages_inquiry },
	{ 0x15, DEVICE_NO_ACTION, 6, 0, { 0x15, 0x11, 0, 0, 0xff }, 0,
	    pages_mode_select_6 },
	{ 0x1a, DEVICE_NO_ACTION, 6, 0, { 0x1a, 0x08, 0xff, 0xff, 0xff }, 0,
	    pages_mode_sense_6 },
	{ 0x1c, DEVICE_NO_ACTION, 6, 0, { 0x1c, 0x01, 0xff, 0xff, 0xff }, 0,
	    pages_receive_diagnostic },
	{ 0x1d, DEVICE_NO_ACTION, 6, 0, { 0x1d, 0x14, 0, 0xff, 0xff }, 0,
	    pages_send_diagnostic },
	{ 0x3b, DEVICE_NO_ACTION, 10, 0,
	    { 0x3b, 0x1f, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 0,
	    pages_write_buffer },
	{ 0x3c, DEVICE_NO_ACTION, 10, 0,
	    { 0x3c, 0x1f, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 0,
	    pages_read_buffer },
	{ 0x4c, DEVICE_NO_ACTION, 10, 0,
	    { 0x4c, 0x03, 0xff, 0xff, 0, 0, 0, 0xff, 0xff }, 0,
	    pages_log_select },
	{ 0x4d, DEVICE_NO_ACTION, 10, ALWAYS,
	    { 0x4d, 0x03, 0xff, 0xff, 0, 0xff, 0xff, 0xff, 0xff }, 0,
	    pages_log_sense },
	{ 0x55, DEVICE_NO_ACTION, 10, 0,
	    { 0x55, 0x11, 0, 0, 0, 0, 0, 0xff, 0xff }, 0,
	    pages_mode_select_10 },
	{ 0x5a, DEVICE_NO_ACTION, 10, 0,
	    { 0x5a, 0x18, 0xff, 0xff, 0, 0, 0, 0xff, 0xff }, 0,
	    pages_mode_sense_10 },
	/* only drives */
	{ 0x44, DEVICE_NO_ACTION, 10, DEVICE_IGNORES_PERSISTENT,
	    { 0x44, 0x03, 0, 0, 0, 0, 0, 0xff, 0xff }, 0,
	    pages_report_densities },
};

enum { DRIVE_ROWS = sizeof rows / sizeof *rows, CHANGER_ROWS = DRIVE_ROWS - 1 };

const struct device_rows pages_drive_rows = { rows, DRIVE_ROWS };
const struct device_rows pages_changer_rows = { rows, CHANGER_ROWS };
