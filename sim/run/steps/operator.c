/*
 * operator.c: what operators do with the library, and what they do wrong.
 *
 * The places of cartridges are those of library.db, as for any program; the
 * files of volumes that leave the library are moved outside.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/run/steps/contents.h"
#include "sim/run/steps/impl.h"
#include "splitter/base/sentence.h"
#include "splitter/base/signals.h"
#include "vtl/changer/drive_settings.h"

struct operation {
	struct stock *stock;
	const struct scenario_step *step;
	struct changer *changer;
	char *err;
	size_t err_bytes;
};

static const char *barcode_of(const struct operation *o, size_t place)
{
	return o->stock->scenario->volumes[place - 1].barcode;
}

/* Returns 1: the library refuses what was asked for. */
static int refused(struct operation *o)
{
	sentence(o->err, o->err_bytes, "%s", changer_message(o->changer));
	return 1;
}

static int system_error(struct operation *o, const char *what, const char *path)
{
	sentence(o->err, o->err_bytes, "cannot %s %s: %s", what, path,
	    strerror(errno));
	return -1;
}

static int no_memory(struct operation *o)
{
	snprintf(o->err, o->err_bytes, "out of memory");
	return -1;
}

/* Returns the address of a cartridge; 0 with a message if it has none. */
static unsigned find(struct operation *o, const char *barcode)
{
	struct changer_element *elements;
	unsigned address = 0;
	size_t count;

	if (changer_list(o->changer, &elements, &count) != CHANGER_OK) {
		refused(o);
		return 0;
	}
	for (size_t i = 0; i < count; i++)
		if (elements[i].full &&
		    strcmp(elements[i].barcode, barcode) == 0)
			address = elements[i].address;
	free(elements);
	if (address == 0)
		sentence(o->err, o->err_bytes,
		    "volume %s is not in the library", barcode);
	return address;
}

/* Returns the first empty element of a kind; 0: all are full. */
static unsigned find_empty(struct operation *o, enum changer_kind kind)
{
	struct changer_element *elements;
	unsigned address = 0;
	size_t count;

	if (changer_list(o->changer, &elements, &count) != CHANGER_OK)
		return 0;
	for (size_t i = 0; i < count && address == 0; i++)
		if (elements[i].kind == kind && !elements[i].full)
			address = elements[i].address;
	free(elements);
	return address;
}

static int move_volume(struct operation *o)
{
	unsigned from = find(o, barcode_of(o, o->step->volume));

	if (from == 0)
		return 1;
	return changer_move(o->changer, from, o->step->address) == CHANGER_OK
	    ? 0
	    : refused(o);
}

/* Takes a cartridge out through an import/export slot. */
static int export(struct operation *o, const char *barcode)
{
	unsigned from = find(o, barcode), to;

	if (from == 0)
		return 1;
	to = find_empty(o, CHANGER_KIND_IE);
	if (to == 0) {
		sentence(o->err, o->err_bytes,
		    "volume %s cannot leave the library: every import/export "
		    "slot is full",
		    barcode);
		return 1;
	}
	return (from >= CHANGER_IE_ADDRESS && from < CHANGER_DRIVE_ADDRESS) ||
		changer_move(o->changer, from, to) == CHANGER_OK
	    ? changer_export(o->changer, barcode) == CHANGER_OK ? 0 : refused(o)
	    : refused(o);
}

static int import(struct operation *o, const char *barcode, const char *file,
    const char *medium, unsigned address)
{
	const struct changer_cartridge cartridge = {
		.barcode = barcode, .file = file, .medium = medium
	};

	if (address == 0)
		address = find_empty(o, CHANGER_KIND_SLOT);
	return changer_import(o->changer, address, &cartridge) == CHANGER_OK
	    ? 0
	    : refused(o);
}

/* Puts a volume, whose file is in the folder, into an element. */
static int import_volume(struct operation *o, size_t place, unsigned address)
{
	const struct scenario_volume *v =
	    &o->stock->scenario->volumes[place - 1];
	char *file;
	int rc;

	if (asprintf(&file, "%s.tape", v->barcode) < 0)
		return no_memory(o);
	rc = import(o, v->barcode, file, v->medium, address);
	free(file);
	return rc;
}

/* Moves the file of a volume out of the library, or back. */
static int carry(struct operation *o, size_t place, bool out)
{
	char *inside = stock_path(o->stock, place - 1, false);
	char *outside = stock_path(o->stock, place - 1, true);
	int rc = 0;

	if (inside == NULL || outside == NULL)
		rc = no_memory(o);
	else if (rename(out ? inside : outside, out ? outside : inside) != 0)
		rc = system_error(o, "move", inside);
	free(inside);
	free(outside);
	return rc;
}

static int take_out(struct operation *o)
{
	int rc = export(o, barcode_of(o, o->step->volume));

	return rc == 0 ? carry(o, o->step->volume, true) : rc;
}

static int put_in(struct operation *o)
{
	int rc = carry(o, o->step->volume, false);

	return rc == 0 ? import_volume(o, o->step->volume, o->step->address)
		       : rc;
}

/* Takes both cartridges out, and puts each into the place of the other. */
static int swap(struct operation *o)
{
	const struct scenario_step *s = o->step;
	unsigned first = find(o, barcode_of(o, s->volume)), second;
	int rc;

	if (first == 0)
		return 1;
	second = find(o, barcode_of(o, s->with));
	if (second == 0)
		return 1;
	rc = export(o, barcode_of(o, s->volume));
	if (rc == 0)
		rc = export(o, barcode_of(o, s->with));
	if (rc == 0)
		rc = import_volume(o, s->volume, second);
	return rc == 0 ? import_volume(o, s->with, first) : rc;
}

static int protect(struct operation *o, bool protect)
{
	char *path = stock_path(o->stock, o->step->volume - 1, false);
	int rc = 0;

	if (path == NULL)
		return no_memory(o);
	if (chmod(path, protect ? 0400 : 0600) != 0)
		rc = system_error(o, "change the permissions of", path);
	free(path);
	return rc;
}

static int exchange_labels(struct operation *o)
{
	char *first = stock_path(o->stock, o->step->volume - 1, false);
	char *second = stock_path(o->stock, o->step->with - 1, false);
	int rc = first == NULL || second == NULL
	    ? no_memory(o)
	    : contents_exchange(first, second, o->stock->durable, o->err,
		  o->err_bytes);

	free(first);
	free(second);
	return rc;
}

/* Exchanges the file of the volume with one that lies outside. */
static int exchange_files(struct operation *o, const char *other)
{
	char *inside = stock_path(o->stock, o->step->volume - 1, false);
	char *between;
	int rc = 0;

	if (inside == NULL || asprintf(&between, "%s.between", other) < 0) {
		free(inside);
		return no_memory(o);
	}
	if (rename(inside, between) != 0 || rename(other, inside) != 0 ||
	    rename(between, other) != 0)
		rc = system_error(o, "exchange", inside);
	free(inside);
	free(between);
	return rc;
}

static int duplicate(struct operation *o)
{
	struct stock *k = o->stock;
	size_t i = o->step->volume - 1;
	char *other;
	int rc = 0;

	if (find(o, barcode_of(o, o->step->volume)) == 0)
		return 1;
	if (asprintf(&other, "%s/%s.duplicate", k->outside,
		barcode_of(o, o->step->volume)) < 0)
		return no_memory(o);
	if (!k->has_duplicate[i])
		rc = stock_make_volume(k, i, other, o->step->holds, o->err,
		    o->err_bytes);
	if (rc == 0)
		rc = exchange_files(o, other);
	if (rc == 0) {
		k->has_duplicate[i] = true;
		k->is_duplicate[i] = !k->is_duplicate[i];
	}
	free(other);
	return rc;
}

static int overwrite(struct operation *o)
{
	char *path = stock_path(o->stock, o->step->volume - 1, false);
	int rc = path == NULL ? no_memory(o)
			      : sample_write(path, o->step->holds,
				    o->stock->scenario->splitter.block_bytes,
				    o->stock->durable, o->err, o->err_bytes);

	free(path);
	return rc < 0 ? 1 : rc;
}

static int exchange_drive(struct operation *o)
{
	return changer_set_model(o->changer, (unsigned)o->step->drive - 1,
		   o->step->model) == CHANGER_OK
	    ? 0
	    : refused(o);
}

static int carry_out(struct operation *o)
{
	switch (o->step->does) {
	case STEP_MOVE:
		return move_volume(o);
	case STEP_SWAP:
		return swap(o);
	case STEP_TAKE_OUT:
		return take_out(o);
	case STEP_PUT_IN:
		return put_in(o);
	case STEP_PROTECT:
		return protect(o, true);
	case STEP_UNPROTECT:
		return protect(o, false);
	case STEP_EXCHANGE_LABELS:
		return exchange_labels(o);
	case STEP_DUPLICATE:
		return duplicate(o);
	case STEP_OVERWRITE:
		return overwrite(o);
	case STEP_CLEANING:
		return import(o, o->step->barcode, NULL, NULL,
		    o->step->address);
	case STEP_EXCHANGE_DRIVE:
		return exchange_drive(o);
	default:
		return 0;
	}
}

int stock_operate(struct stock *k, const struct scenario_step *step, char *err,
    size_t err_bytes)
{
	char message[VOLUME_MESSAGE_BYTES];
	struct operation o = {
		.stock = k, .step = step, .err = err, .err_bytes = err_bytes
	};
	int rc;

	err[0] = '\0';
	if (k->device != NULL && step->does == STEP_WAIT)
		return signals_sleep(step->duration_ns) ? 0 : 1;
	if (k->device != NULL) {
		sentence(err, err_bytes,
		    "a %s step needs a virtual library; there is a device",
		    scenario_step_kinds[step->does].word);
		return -1;
	}
	o.changer =
	    changer_open(k->folder, "an operator", false, k->durable, message);
	if (o.changer == NULL) {
		sentence(err, err_bytes, "%s", message);
		return -1;
	}
	rc = carry_out(&o);
	changer_close(o.changer);
	return rc;
}
