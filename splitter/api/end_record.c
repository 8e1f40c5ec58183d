/*
 * end_record.c: writes the end record of a dump whose bytes are all safe.
 *
 * If a program dies after the last part and before the end record, nothing
 * proves that its dump is complete.  There is nothing left to decide, so the
 * steps of the writer come from here and not from the core.
 */
#include "splitter/api/impl.h"
#include "splitter/api/struct.h"
#include "splitter/api/volumes.h"

#include <stdio.h>
#include <string.h>

#include "splitter/filter/guard.h"

struct record {
	struct writer *writer;
	struct splitter_end_record_result *result;
	int64_t now_ns;
};

/* Performs a step.  It may find that parts are lost. */
static enum tape_cause step(struct record *r, const struct core_step *what,
    struct core_result *result)
{
	writer_step(r->writer, what, r->now_ns, result, &r->now_ns);
	if (result->lost) {
		r->result->safe_bytes = result->safe_bytes;
		snprintf(r->result->message, sizeof r->result->message, "%s",
		    writer_message(r->writer));
	}
	return result->cause;
}

/* Writes the record.  Returns how to give the volume back. */
static enum tape_close write_record(struct record *r)
{
	struct core_step what = { .kind = CORE_END_RECORD,
		.outcome = SPLITTER_DONE };
	struct core_result result;
	enum tape_cause cause = step(r, &what, &result);
	enum tape_close close = core_close_reason(cause, true);

	r->result->cause = cause;
	r->result->written = cause == TAPE_OK;
	if (!result.tape_moved && cause != TAPE_POSITION_LOST)
		return close;
	/* At a wrong position the record may have overwritten parts. */
	what = (struct core_step){ .kind = CORE_VERIFY, .read_parts = true };
	step(r, &what, &result);
	return close == TAPE_CLOSE_AVOID_DRIVE ? close : TAPE_CLOSE_SUSPECT;
}

static void load_and_write(struct record *r)
{
	struct core_step what = { .kind = CORE_LOAD };
	struct core_result result;
	enum tape_cause cause = step(r, &what, &result);

	r->result->cause = cause;
	what = (struct core_step){ .kind = CORE_CLOSE,
		.close = TAPE_CLOSE_REFUSED };
	if (cause == TAPE_OK && result.append)
		what.close = write_record(r);
	else if (cause != TAPE_OK && cause != TAPE_REFUSED)
		return; /* there is nothing to give back */
	else if (cause == TAPE_OK)
		r->result->cause = TAPE_REFUSED;
	step(r, &what, &result);
}

static int prepare(struct splitter *s, char *err, size_t err_bytes)
{
	const struct splitter_config *c = &s->config;

	if (c->resume_count == 0 || c->library == NULL || c->dump_id == 0) {
		snprintf(err, err_bytes,
		    "an end record needs the parts of the dump, its dump_id, "
		    "and a library");
		return -1;
	}
	s->parts = parts_new();
	s->guard = guard_library_new(c->library);
	if (s->parts == NULL || s->guard == NULL) {
		snprintf(err, err_bytes, "out of memory");
		return -1;
	}
	return splitter_add_parts(s->parts, c->resume, c->resume_count, c->api,
	    err, err_bytes);
}

static int write_alone(struct splitter *s,
    struct splitter_end_record_result *result, char *err, size_t err_bytes)
{
	struct dump_run_config run;
	struct record r = { .result = result };

	if (prepare(s, err, err_bytes) != 0)
		return -1;
	splitter_translate(s, &run);
	splitter_set_events(s, &run);
	run.writer.end_record = true;
	run.writer.can_replay = false;
	r.writer = writer_new(&run.writer, err, err_bytes);
	if (r.writer == NULL)
		return -1;
	result->safe_bytes = parts_end_bytes(s->parts);
	load_and_write(&r);
	writer_free(r.writer);
	return 0;
}

int splitter_write_end_record(const struct splitter_config *config,
    struct splitter_end_record_result *result, size_t result_bytes, char *err,
    size_t err_bytes)
{
	struct splitter_end_record_result full = { .written = false };
	struct splitter s = { .wake_fd = -1 };
	int rc;

	if (splitter_config_read(config, &s.config, err, err_bytes) != 0 ||
	    splitter_check(&s.config, err, err_bytes) != 0)
		return -1;
	rc = write_alone(&s, &full, err, err_bytes);
	guard_library_free(s.guard);
	parts_free(s.parts);
	if (rc == 0)
		struct_write(&full, sizeof full, result, result_bytes);
	return rc;
}
