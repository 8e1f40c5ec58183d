/*
 * cartridge.c: which cartridge is in the drive, whether it may be used, and
 * what the drive has counted while it was.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/accept/admit.h"
#include "sim/accept/impl.h"
#include "splitter/base/sentence.h"

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
 * Returns whether the cartridge may still hold what was on it when the run began,
 * and what the person allowed to be overwritten.  That of a run that was killed is
 * not known.
 */
static bool is_as_found(const struct acceptance_cartridge *c)
{
	return !c->labelled || c->as_found;
}

/* Returns what to do about a cartridge that may not be written. */
static const char *advice(const struct acceptance_cartridge *c,
    enum admit_verdict verdict)
{
	if (verdict == ADMIT_EXCHANGED)
		return "; put the first one in again, and the same command "
		       "continues the run; or begin again, in another folder";
	/* The sentence about what is on a cartridge has its own advice. */
	if (verdict == ADMIT_KEPT && is_as_found(c))
		return "";
	return "; look at it with tapelab scan, and begin again, in another "
	       "folder";
}

/*
 * Enters into the journal that the run may now write the cartridge: a run that is
 * continued after a kill must know that what it finds is not what the person has
 * allowed to be overwritten.
 */
static const char *enter(struct acceptance_run *r,
    struct acceptance_cartridge *c)
{
	char why[ACCEPT_TEXT_BYTES];

	c->labelled = c->as_found = true;
	if (accept_save_running(r, why, sizeof why) == 0)
		return NULL;
	c->labelled = c->as_found = false;
	sentence(r->refused, sizeof r->refused, "%s", why);
	return refuse(r);
}

/* Returns why the cartridge may not be written; NULL: it may. */
static const char *admit(struct acceptance_run *r,
    struct acceptance_cartridge *c, struct tape *tape)
{
	bool begun = !is_as_found(c);
	const struct admit known = { .name = c->name,
		.serial = c->serial,
		.change = c->change,
		.overwrite = r->config->overwrite,
		.overwrite_count = begun ? 0 : r->config->overwrite_count,
		/* The label step would overwrite what others wrote. */
		.looked = c->looked && !(begun && r->overwrites),
		.begun = begun,
		.blank = true };
	char why[ACCEPT_TEXT_BYTES];
	int64_t now_ns = 0;
	enum admit_verdict verdict =
	    admit_cartridge(&known, tape, &now_ns, why, sizeof why);

	if ((verdict == ADMIT_YES || verdict == ADMIT_KEPT) &&
	    !admit_memory_agrees(c->name, tape, r->refused, sizeof r->refused))
		return refuse(r);
	c->looked |= verdict == ADMIT_YES;
	/* The label step has leave, and may read what was not read here. */
	if (verdict == ADMIT_UNREADABLE && begun && r->overwrites) {
		sentence(r->refused, sizeof r->refused,
		    "%s; this step overwrites another cartridge, so this one is "
		    "not used unread: the same command continues the run",
		    why);
		return refuse(r);
	}
	/* If it could not be read, the tests judge that. */
	if (verdict == ADMIT_YES || verdict == ADMIT_UNREADABLE)
		return c->labelled ? NULL : enter(r, c);
	sentence(r->refused, sizeof r->refused, "%s%s", why,
	    advice(c, verdict));
	return refuse(r);
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
	keep(r->others.way, seen.way);
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
	r->timed_unload = false;
	r->others.written_bytes = 0;
	r->has_loaded = d->ops->counters(d, &r->loaded);
	if (r->has_loaded && r->loaded.has_alerts) {
		if (!r->on_second && r->flags_of == NULL)
			flags_found(r, &r->loaded);
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
	r->loaded_failed_writes = r->seen.failed_writes;
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

static void take_generation(struct acceptance_run *r,
    const struct acceptance_cartridge *c)
{
	const char *generation = r->device->other_generation;
	char text[ACCEPT_TEXT_BYTES];

	if (generation[0] == '\0')
		return;
	sentence(text, sizeof text,
	    "cartridge %s is of another generation (%s)", c->name, generation);
	accept_leave_open(r, NULL, text);
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
	/* The journal is saved with it before anything is written. */
	if (c->serial[0] == '\0' && id.serial[0] != '\0')
		acceptance_set(&c->serial, id.serial);
	why = admit(r, c, tape);
	if (why != NULL)
		return why;
	if (d->ops->medium != NULL)
		d->ops->medium(d, has_facts(r, c->name) ? NULL : &r->record,
		    c->name);
	if (!r->on_second) {
		r->limits.capacity_bytes = d->capacity_bytes;
		r->limits.medium = d->medium;
		accept_plan_correct(&r->plan, c->name, r->config->names_count,
		    d->capacity_bytes, r->config->to);
		take_generation(r, c);
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
	char change[ADMIT_CHANGE_BYTES];

	memset(&difference, 0, sizeof difference);
	cartridge_take_others(r);
	if (c != NULL && r->seen.labels > r->loaded_labels)
		c->as_found = false;
	/*
	 * A drive that failed to load it again says that it has none: the error
	 * is judged.
	 */
	if (c != NULL && r->others.removed[0] != '\0' &&
	    !(r->timed_unload &&
		r->seen.medium.count + r->seen.hardware.count > 0)) {
		take_removal(r, c);
		return;
	}
	/* Then all of this was done before the unload. */
	if (r->timed_unload)
		return;
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
	if (difference.has_alerts) {
		r->flags = now.alerts;
		if (c != NULL)
			flags_of_cartridge(r, c->name, tape, &now);
	}
	if (c != NULL && !r->on_second) {
		c->written_bytes +=
		    r->seen.written_bytes - r->loaded_written_bytes;
		c->read_bytes += r->seen.read_bytes - r->loaded_read_bytes;
	}
	r->has_loaded = false;
	d->ops->collect(d, r->evidence, "before unload");
	tape_identify(tape, &id);
	admit_change_text(&id, change);
	/*
	 * The unload may write, and change it: the next load looks.  Leave to
	 * overwrite ends, as after a kill.
	 */
	if (r->seen.failed_writes > r->loaded_failed_writes) {
		change[0] = '\0';
		if (c != NULL)
			c->as_found = false;
	}
	if (c != NULL)
		acceptance_set(&c->change, change);
}

void cartridge_before_unload(struct acceptance_run *r, struct tape *tape)
{
	on_unload(r, tape);
	r->timed_unload = true;
}

void cartridge_after_load(struct acceptance_run *r)
{
	/* What the load itself caused shows no removal. */
	cartridge_take_others(r);
	r->others.removed[0] = '\0';
	begin_counting(r);
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
	r->overwrites = false;
}

/*
 * All names: a cartridge may need several (volume_policy.h).  Leave is only for
 * what was on a cartridge when the run began: admit() looks at the others of the
 * step.
 */
static const char *const *overwrite(void *arg, const char *const *volumes,
    size_t count, size_t *names_count)
{
	struct acceptance_run *r = arg;

	*names_count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct acceptance_cartridge *c = find(r, volumes[i]);

		if (c != NULL && is_as_found(c))
			*names_count = r->config->overwrite_count;
	}
	r->overwrites = *names_count > 0;
	return r->config->overwrite;
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
		.overwrite = overwrite,
		.set_compression =
		    d->ops->set_compression != NULL ? set_compression : NULL,
		.second = r->config->second != NULL ? second_begin : NULL,
		.model = d->model,
		.arg = r,
	};
}
