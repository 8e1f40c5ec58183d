/* alerts.c: the names of the TapeAlert flags (SSC-4, annex A). */
#include "splitter/tape/counters.h"

#define INFORMATION TAPE_ALERT_INFORMATION
#define WARNING     TAPE_ALERT_WARNING
#define CRITICAL    TAPE_ALERT_CRITICAL

static const struct alert {
	const char *name;
	enum tape_alert_severity severity;
} alerts[64 + 1] = {
	[1] = { "Read warning", WARNING },
	[2] = { "Write warning", WARNING },
	[3] = { "Hard error", WARNING },
	[4] = { "Medium", CRITICAL },
	[5] = { "Read failure", CRITICAL },
	[6] = { "Write failure", CRITICAL },
	[7] = { "Medium life", WARNING },
	[8] = { "Not data grade", WARNING },
	[9] = { "Write protect", CRITICAL },
	[10] = { "Medium removal prevented", INFORMATION },
	[11] = { "Cleaning medium", INFORMATION },
	[12] = { "Unsupported format", INFORMATION },
	[13] = { "Recoverable mechanical cartridge failure", CRITICAL },
	[14] = { "Unrecoverable mechanical cartridge failure", CRITICAL },
	[15] = { "Cartridge memory failure", WARNING },
	[16] = { "Forced eject", CRITICAL },
	[17] = { "Read only format", WARNING },
	[18] = { "Tape directory corrupted on load", WARNING },
	[19] = { "Nearing medium life", INFORMATION },
	[20] = { "Cleaning required", CRITICAL },
	[21] = { "Cleaning requested", WARNING },
	[22] = { "Expired cleaning medium", CRITICAL },
	[23] = { "Invalid cleaning tape", CRITICAL },
	[24] = { "Retension requested", WARNING },
	[25] = { "Multi-port interface error on a primary port", WARNING },
	[26] = { "Cooling fan failure", WARNING },
	[27] = { "Power supply failure", WARNING },
	[28] = { "Power consumption", WARNING },
	[29] = { "Drive preventive maintenance required", WARNING },
	[30] = { "Hardware A", CRITICAL },
	[31] = { "Hardware B", CRITICAL },
	[32] = { "Primary interface", WARNING },
	[33] = { "Eject medium", CRITICAL },
	[34] = { "Microcode update failure", WARNING },
	[35] = { "Drive humidity", WARNING },
	[36] = { "Drive temperature", WARNING },
	[37] = { "Drive voltage", WARNING },
	[38] = { "Predictive failure", CRITICAL },
	[39] = { "Diagnostics required", WARNING },
	[40] = { "Loader hardware A", CRITICAL },
	[41] = { "Loader stray tape", CRITICAL },
	[42] = { "Loader hardware B", WARNING },
	[43] = { "Loader door", CRITICAL },
	[44] = { "Loader hardware C", CRITICAL },
	[45] = { "Loader magazine", CRITICAL },
	[46] = { "Loader predictive failure", WARNING },
	[50] = { "Lost statistics", WARNING },
	[51] = { "Tape directory invalid at unload", WARNING },
	[52] = { "Tape system area write failure", CRITICAL },
	[53] = { "Tape system area read failure", CRITICAL },
	[54] = { "No start of data", CRITICAL },
	[55] = { "Loading or threading failure", CRITICAL },
	[56] = { "Unrecoverable unload failure", CRITICAL },
	[57] = { "Automation interface failure", CRITICAL },
	[58] = { "Microcode failure", WARNING },
	[59] = { "WORM medium integrity check failed", WARNING },
	[60] = { "WORM medium overwrite attempted", WARNING },
};

static const struct alert *alert_of(unsigned flag)
{
	enum { FLAGS = 64 };

	return flag <= FLAGS && alerts[flag].name != NULL ? &alerts[flag]
							  : NULL;
}

const char *tape_alert_name(unsigned flag)
{
	const struct alert *alert = alert_of(flag);

	return alert != NULL ? alert->name : "Unknown flag";
}

enum tape_alert_severity tape_alert_severity(unsigned flag)
{
	const struct alert *alert = alert_of(flag);

	/* A flag that is not known may be a serious one. */
	return alert != NULL ? alert->severity : TAPE_ALERT_WARNING;
}
