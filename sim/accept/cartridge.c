/*
 * cartridge.c: which cartridge is in the drive, whether it may be used, and
 * what the drive has counted while it was.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/accept/impl.h"
#include "sim/accept/same.h"
#include "splitter/base/sentence.h"
#include "splitter/read/look.h"

void accept_stop(struct acceptance_run *r, const char *why)
{
	if (!accept_is_stopped(r))
		acceptance_set(&r->record.stopped, why);
}

bool accept_is_stopped(const struct acceptance_run *r)
{
	return r->record.stopped != NULL && r->record.stopped[0] != '\0';
}

static struct acceptance_cartridge *find(struct acceptance_run *r,
    const char *barcode)
{
	for (size_t i = 0; i < r->record.cartridges_count; i++)
		if (strcmp(r->record.cartridges[i].name, barcode) == 0)
			return &r->record.cartridges[i];
	return NULL;
}

static const char *refuse(struct acceptance_run *r)
{
	accept_stop(r, r->refused);
	return r->refused;
}

/*
 * Returns why the cartridge is not the one of the record; NULL: it is, or it must
 * be looked at.
 */
static const char *compare(struct acceptance_run *r,
    struct acceptance_cartridge *c, const struct tape_identity *id)
{
	const struct same_cartridge before = { c->name, c->serial, c->change };
	enum same same =
	    same_cartridge(&before, id, r->refused, sizeof r->refused);

	if (same == SAME_UNCHANGED || same == SAME_UNKNOWN) {
		r->refused[0] = '\0';
		return NULL;
	}
	sentence_add(r->refused, sizeof r->refused, "; ", "%s",
	    same == SAME_EXCHANGED
		? "put the first one in again, and the same command continues "
		  "the run; or begin again, in another folder"
		: "look at it with tapelab scan, and begin again, in another "
		  "folder");
	return refuse(r);
}

/* Returns whether it had a serial number, and none can be read now. */
static bool may_be_another(const struct acceptance_cartridge *c,
    const struct tape_identity *id)
{
	return c->serial[0] != '\0' && id->serial[0] == '\0';
}

/*
 * Returns whether the contents of the cartridge must be looked at: it may be
 * another one; this process loads it for the first time (the volume change reference changes only with the
 * first write after a load, and the cartridge may have stayed in the drive, where
 * another program used it); or no reference shows whether another program has
 * written since, because there was none, or it cannot be read now.
 */
static bool must_look(const struct acceptance_cartridge *c,
    const struct tape_identity *id)
{
	return may_be_another(c, id) || !c->loaded || c->change[0] == '\0' ||
	    id->change_reference == TAPE_IDENTITY_UNKNOWN;
}

/*
 * Returns whether the cartridge may still hold what was on it when the run began,
 * and what the person allowed to be overwritten: the run has not labelled it, it
 * is known to be the same, and the reference shows no write since it was found;
 * without a reference, this process has found it.
 */
static bool is_as_found(const struct acceptance_cartridge *c,
    const struct tape_identity *id)
{
	char change[SAME_CHANGE_BYTES];

	same_change_text(id, change);
	if (!c->labelled)
		return true;
	return !c->own && !may_be_another(c, id) &&
	    (c->found[0] != '\0' ? strcmp(c->found, change) == 0 : c->loaded);
}

/* Returns whether any program or any acceptance run may write the cartridge. */
static bool is_free(const struct look *found)
{
	return found->volume.found == VOLUME_POLICY_BLANK ||
	    (found->volume.found == VOLUME_POLICY_LABEL &&
		(found->header.type == HEADER_SCRATCH ||
		    strcmp(found->header.purpose, HEADER_PURPOSE_TEST) == 0));
}

/*
 * Reads what is on the cartridge.  Returns whether it may not be written, with a
 * sentence in `why`: also not what the person allows to be overwritten, unless it
 * is `as_found`.  If it could not be read, the tests judge that.
 */
static bool is_kept(const struct acceptance_run *r, bool as_found,
    struct tape *tape, char *why, size_t why_bytes)
{
	const struct volume_policy_rules rules = { .label_blank = true,
		.overwrite = { r->config->overwrite,
		    r->config->overwrite_count },
		.test = true };
	char *block = malloc(TAPE_BLOCK_MAX_BYTES);
	struct cursor c = {
		.tape = tape, .block = block, .room_bytes = TAPE_BLOCK_MAX_BYTES
	};
	struct look found;
	bool kept = false;

	if (block == NULL) {
		sentence(why, why_bytes, "out of memory");
		return true;
	}
	if (cursor_rewind(&c)) {
		look_at_volume(&found, &c, tape->barcode);
		kept = found.volume.found != VOLUME_POLICY_ERROR &&
		    (volume_policy_judge(&rules, &found.volume, why,
			 why_bytes) == VOLUME_POLICY_REFUSE ||
			(!as_found && !is_free(&found)));
		cursor_rewind(&c);
	}
	free(block);
	return kept;
}

/*
 * Looks at the cartridge, and enters into the journal that the run may now write
 * it: a run that is continued after a kill must know that what it finds is not
 * what the person has allowed to be overwritten.  Returns why it may not be
 * written; NULL: it may.
 */
static const char *look(struct acceptance_run *r,
    struct acceptance_cartridge *c, struct tape *tape,
    const struct tape_identity *id)
{
	char why[ACCEPT_TEXT_BYTES] = "out of memory",
	     change[SAME_CHANGE_BYTES];
	bool as_found = is_as_found(c, id);

	if (is_kept(r, as_found, tape, why, sizeof why)) {
		if (as_found)
			sentence(r->refused, sizeof r->refused,
			    "cartridge %s: %s", c->name, why);
		else
			sentence(r->refused, sizeof r->refused,
			    "cartridge %s is not as the run left it: another "
			    "program wrote on it, or it was exchanged; look "
			    "at it with tapelab scan, and begin again, in "
			    "another folder",
			    c->name);
		return refuse(r);
	}
	c->own |= !as_found;
	if (c->labelled)
		return NULL;
	same_change_text(id, change);
	c->labelled = true;
	if (acceptance_set(&c->found, change) != 0 ||
	    accept_save_running(r, why, sizeof why) != 0) {
		c->labelled = false;
		sentence(r->refused, sizeof r->refused, "%s", why);
		return refuse(r);
	}
	return NULL;
}

/* Adds what is not there yet. */
static void keep(char to[OTHERS_TEXT_BYTES], const char *from)
{
	size_t used = strlen(to);

	if (from[0] != '\0' && strstr(to, from) == NULL)
		sentence(to + used, OTHERS_TEXT_BYTES - used, "%s%s",
		    used > 0 ? "; " : "", from);
}

void cartridge_take_others(struct acceptance_run *r)
{
	struct accept_others seen;

	if (r->device == NULL || r->device->ops->others == NULL)
		return;
	r->device->ops->others(r->device, &seen);
	if (r->others.removed[0] == '\0')
		memcpy(r->others.removed, seen.removed, sizeof seen.removed);
	if (r->on_second)
		return;
	keep(r->others.drive, seen.drive);
	keep(r->others.adapter, seen.adapter);
	r->others.written_bytes += seen.written_bytes;
	r->others.commands += seen.commands;
	r->others.lost |= seen.lost;
}

/* Takes the counters with which the cartridge begins. */
static void begin_counting(struct acceptance_run *r)
{
	struct accept_device *d = r->device;

	cartridge_take_others(r);
	r->others.written_bytes = 0;
	r->has_loaded = d->ops->counters(d, &r->loaded);
	if (r->has_loaded && r->loaded.has_alerts) {
		/* Set by the unload before, or by the load. */
		if (r->flags_of == d) {
			r->test.alerts |= r->loaded.alerts & ~r->flags;
			r->test.has_alerts = true;
		}
		r->flags_of = d;
		r->flags = r->loaded.alerts;
	}
	r->loaded_written_bytes = r->seen.written_bytes;
	r->loaded_read_bytes = r->seen.read_bytes;
	r->loaded_labels = r->seen.labels;
	d->ops->collect(d, r->evidence, "after load");
}

static bool has_facts(const struct acceptance_run *r, const char *name)
{
	for (size_t i = 0; i < r->record.facts_count; i++)
		if (r->record.facts[i].subject == ACCEPTANCE_OF_CARTRIDGE &&
		    strcmp(r->record.facts[i].name, name) == 0)
			return true;
	return false;
}

static const char *on_loaded(void *arg, struct tape *tape)
{
	struct acceptance_run *r = arg;
	struct accept_device *d = r->device;
	struct acceptance_cartridge *c = find(r, tape->barcode);
	struct tape_identity id;
	const char *why;

	/* What the load itself caused shows no removal. */
	cartridge_take_others(r);
	r->others.removed[0] = '\0';
	/* A step tries its next cartridge; but the run is interrupted. */
	if (r->refused[0] != '\0')
		return r->refused;
	tape_identify(tape, &id);
	if (c == NULL) {
		sentence(r->refused, sizeof r->refused,
		    "cartridge %s is in the drive, and was not named: put in "
		    "one that was named, and the same command continues the "
		    "run",
		    tape->barcode[0] != '\0'   ? tape->barcode
			: id.serial[0] != '\0' ? id.serial
					       : "without a name");
		return refuse(r);
	}
	why = compare(r, c, &id);
	if (why != NULL)
		return why;
	if (c->serial[0] == '\0' && id.serial[0] != '\0')
		acceptance_set(&c->serial, id.serial);
	if (must_look(c, &id))
		why = look(r, c, tape, &id);
	if (why != NULL)
		return why;
	c->loaded = true;
	if (d->ops->medium != NULL)
		d->ops->medium(d, has_facts(r, c->name) ? NULL : &r->record,
		    c->name);
	if (!r->on_second) {
		r->limits.capacity_bytes = d->capacity_bytes;
		accept_plan_correct(&r->plan, c->name, r->config->names_count,
		    d->capacity_bytes, r->config->to);
	}
	begin_counting(r);
	return NULL;
}

/* Data and loads that the drive counted, and that are not of the run. */
static void count_others(struct acceptance_run *r,
    const struct tape_counters *difference)
{
	/* Where a drive counts in larger units than bytes. */
	enum { SLACK_BYTES = 1 << 20 };
	/* Sequential access device; device statistics: SSC-4. */
	const struct tape_counter *received = tape_counters_find(difference,
				      0x0c, 0x0000),
				  *loads = tape_counters_find(difference, 0x14,
				      0x0000);
	uint64_t written_bytes = r->others.written_bytes;
	char text[OTHERS_TEXT_BYTES];

	if (received != NULL && received->unit == TAPE_UNIT_BYTES &&
	    received->value > written_bytes + SLACK_BYTES) {
		sentence(text, sizeof text,
		    "it received %" PRIu64 " bytes to write, and the run sent "
		    "%" PRIu64,
		    received->value, written_bytes);
		keep(r->others.drive, text);
	}
	if (loads != NULL && loads->value > 0) {
		sentence(text, sizeof text,
		    "it counted %" PRIu64 " loads while a cartridge of the run "
		    "was loaded",
		    loads->value);
		keep(r->others.drive, text);
	}
}

/* The cartridge was taken out during the test, or is another one. */
static void take_removal(struct acceptance_run *r,
    struct acceptance_cartridge *c)
{
	if (r->refused[0] == '\0')
		sentence(r->refused, sizeof r->refused,
		    "cartridge %s was taken out of the drive during a test, or "
		    "unloaded or exchanged there (%s): put it in again, and "
		    "the same command continues the run",
		    c->name, r->others.removed);
	acceptance_set(&c->change, "");
	r->has_loaded = false;
	refuse(r);
}

static void on_unload(void *arg, struct tape *tape)
{
	struct acceptance_run *r = arg;
	struct accept_device *d = r->device;
	struct acceptance_cartridge *c = find(r, tape->barcode);
	struct tape_counters now, difference;
	struct tape_identity id;
	bool cleared = false;
	char change[SAME_CHANGE_BYTES];

	memset(&difference, 0, sizeof difference);
	cartridge_take_others(r);
	if (c != NULL)
		c->own |= r->seen.labels > r->loaded_labels;
	if (c != NULL && r->others.removed[0] != '\0') {
		take_removal(r, c);
		return;
	}
	if (r->has_loaded && d->ops->counters(d, &now)) {
		tape_counters_subtract(&now, &r->loaded, &difference, &cleared);
		errors_add_counters(&r->test, &difference);
		if (c != NULL && !r->on_second)
			errors_count(&r->record, c->name, &difference);
		r->counters_cleared |= !r->on_second && cleared;
		if (!r->on_second && !cleared)
			count_others(r, &difference);
	}
	/* The second drive is not judged. */
	r->errors_unseen |= !r->on_second && !errors_are_counted(&difference);
	r->alerts_unseen |= !r->on_second && !difference.has_alerts;
	if (difference.has_alerts)
		r->flags = now.alerts;
	if (c != NULL && !r->on_second) {
		c->written_bytes +=
		    r->seen.written_bytes - r->loaded_written_bytes;
		c->read_bytes += r->seen.read_bytes - r->loaded_read_bytes;
	}
	r->has_loaded = false;
	d->ops->collect(d, r->evidence, "before unload");
	tape_identify(tape, &id);
	same_change_text(&id, change);
	if (c != NULL)
		acceptance_set(&c->change, change);
}

/*
 * A cartridge could not be put into the drive: nothing is known of the drive, and
 * a person must help.
 */
static void on_missing(void *arg, const struct tape_result *result)
{
	struct acceptance_run *r = arg;

	/* The test is judged: the way to the drive may be broken. */
	if (r->others.lost)
		return;
	/* It is judged, too; and no test can be run. */
	if (result->sense.valid) {
		accept_stop(r, tape_result_text(result));
		return;
	}
	if (r->refused[0] == '\0')
		sentence(r->refused, sizeof r->refused,
		    "%s: when that is put right, the same command continues "
		    "the run",
		    tape_result_text(result));
	refuse(r);
}

static struct tape_library *open_tapes(void *arg, const struct tapes_use *use,
    char *err, size_t err_bytes)
{
	struct acceptance_run *r = arg;
	struct accept_device *d = r->device;
	const struct watch_config watch = {
		.loaded = on_loaded,
		.missing = on_missing,
		.reading = r->on_second,
		.before_unload = on_unload,
		.arg = r,
	};

	if (accept_is_stopped(r)) {
		sentence(err, err_bytes, "%s", r->record.stopped);
		return NULL;
	}
	r->inner = d->ops->open(d, use, err, err_bytes);
	if (r->inner == NULL)
		return NULL;
	r->watch = watch_new(r->inner, &watch, &r->seen);
	if (r->watch != NULL)
		return r->watch;
	sentence(err, err_bytes, "out of memory");
	d->ops->close(d, r->inner);
	return NULL;
}

static void close_tapes(void *arg, struct tape_library *tapes)
{
	struct acceptance_run *r = arg;
	struct accept_device *d = r->device;

	watch_free(tapes);
	d->ops->close(d, r->inner);
	r->watch = r->inner = NULL;
}

static bool may_overwrite(void *arg, const char *barcode)
{
	const struct acceptance_run *r = arg;

	for (size_t i = 0; i < r->config->overwrite_count; i++)
		if (strcmp(r->config->overwrite[i], barcode) == 0)
			return true;
	return false;
}

static bool set_compression(void *arg, bool on, char *err, size_t err_bytes)
{
	const struct acceptance_run *r = arg;
	struct accept_device *d = r->device;

	return d->ops->set_compression(d, on, err, err_bytes);
}

void cartridge_make_story(struct acceptance_run *r)
{
	const struct accept_device *d = r->device;

	r->story = (struct story_device){
		.open = open_tapes,
		.close = close_tapes,
		.may_overwrite = may_overwrite,
		.set_compression =
		    d->ops->set_compression != NULL ? set_compression : NULL,
		.second = r->config->second != NULL ? second_begin : NULL,
		.model = d->model,
		.arg = r,
	};
}
