/* drives_changer.c: see drives_changer.h. */
#include "sim/command/drives_changer.h"

#include <stdio.h>
#include <string.h>

#include "sim/command/cmd.h"
#include "sim/command/print.h"
#include "splitter/api/changer.h"

static const char *or_dash(const char *text)
{
	return text[0] != '\0' ? text : "-";
}

static const char *proof_name(enum splitter_changer_proof proof)
{
	switch (proof) {
	case SPLITTER_CHANGER_SERIAL:
		return "serial number";
	case SPLITTER_CHANGER_LOADED:
		return "loading";
	case SPLITTER_CHANGER_NOT_PROVEN:
		break;
	}
	return "not proven";
}

/* A line for each drive. */
static void print_drive(void *arg, const struct splitter_changer_drive *d)
{
	char slot[16] = "-";
	const char *cartridge = "empty";

	(void)arg;
	if (d->slot != 0)
		snprintf(slot, sizeof slot, "%u", d->slot);
	if (d->full)
		cartridge = or_dash(d->barcode);
	printf("%-5u %-7u %-9s %-5s %-16s %-12s %-10s %-13s %s\n", d->number,
	    d->address, cartridge, slot, or_dash(d->serial), or_dash(d->st),
	    or_dash(d->sg), proof_name(d->proof), or_dash(d->by_id));
}

/* Reasons are too long for the table. */
static void print_reason(void *arg, const struct splitter_changer_drive *d)
{
	(void)arg;
	if (d->proof == SPLITTER_CHANGER_NOT_PROVEN)
		fprintf(stderr, "tapelab: drive %u: %s\n", d->number, d->why);
}

static json_t *text_or_null(const char *text)
{
	return text[0] != '\0' ? print_text(text) : json_null();
}

static void add_drive(void *arg, const struct splitter_changer_drive *d)
{
	json_array_append_new(arg,
	    json_pack("{s:i, s:i, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
		      "s:o}",
		"drive", (int)d->number, "element", (int)d->address, "full",
		(int)d->full, "cartridge", text_or_null(d->barcode), "slot",
		d->slot != 0 ? json_integer(d->slot) : json_null(), "serial",
		text_or_null(d->serial), "st", text_or_null(d->st), "sg",
		text_or_null(d->sg), "by_id", text_or_null(d->by_id), "proof",
		d->proof != SPLITTER_CHANGER_NOT_PROVEN
		    ? print_text(proof_name(d->proof))
		    : json_null(),
		"why", text_or_null(d->why)));
}

static int print_all(struct splitter_changer *changer, bool as_json, char *err,
    size_t err_bytes)
{
	json_t *all;

	if (!as_json) {
		printf("%-5s %-7s %-9s %-5s %-16s %-12s %-10s %-13s %s\n",
		    "drive", "element", "cartridge", "slot", "serial", "st",
		    "sg", "proof", "by-id");
		return splitter_changer_drives(changer, print_drive, NULL, err,
			   err_bytes) != 0
		    ? -1
		    : splitter_changer_drives(changer, print_reason, NULL, err,
			  err_bytes);
	}
	all = json_array();
	if (splitter_changer_drives(changer, add_drive, all, err, err_bytes) !=
	    0) {
		json_decref(all);
		return -1;
	}
	if (print_json(all) == 0)
		return 0;
	snprintf(err, err_bytes, "out of memory");
	return -1;
}

static void print_away(void *arg, const char *barcode, const char *where)
{
	(void)arg;
	fprintf(stderr, "tapelab: cartridge %s is %s\n", barcode, where);
}

int drives_changer_list(const struct drives_changer *what)
{
	struct splitter_changer_config config;
	struct splitter_changer *changer;
	char err[512], barcode[TAPE_BARCODE_BYTES];
	int status = CMD_OK;
	size_t i;

	splitter_changer_config_init(&config, sizeof config, SPLITTER_API);
	config.changer = what->changer;
	config.volumes = what->volumes;
	config.volumes_count = what->volumes_count;
	config.sleep = cmd_sleep;
	config.notice = cmd_notice;
	changer = splitter_changer_open(&config, err, sizeof err);
	if (changer == NULL) {
		fprintf(stderr, "tapelab: %s\n", err);
		return CMD_USAGE;
	}
	for (i = 0; i < what->devices_count && status == CMD_OK; i++)
		if (splitter_changer_prove(changer, what->devices[i], barcode,
			err, sizeof err) != 0)
			status = CMD_USAGE;
	if (status == CMD_OK &&
	    print_all(changer, what->json, err, sizeof err) != 0)
		status = CMD_USAGE;
	if (status != CMD_OK)
		fprintf(stderr, "tapelab: %s\n", err);
	if (what->devices_count > 0 &&
	    splitter_changer_finish(changer, print_away, NULL, err,
		sizeof err) != 0) {
		fprintf(stderr, "tapelab: %s\n", err);
		status = CMD_USAGE;
	}
	splitter_changer_close(changer);
	return status;
}
