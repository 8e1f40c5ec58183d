/* scan.c: queries of a scan. */
#include "splitter/read/scan_impl.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct scan *scan_new(void)
{
	return calloc(1, sizeof(struct scan));
}

void scan_set_watch(struct scan *s, const struct scan_watch *watch)
{
	s->watch = *watch;
}

void scan_free(struct scan *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->dumps_count; i++) {
		free(s->dumps[i].files);
		free(s->dumps[i].proofs);
	}
	free(s->dumps);
	free(s->volumes);
	free(s->notes);
	free(s);
}

size_t scan_dumps(const struct scan *s)
{
	return s->dumps_count;
}

size_t scan_volumes(const struct scan *s)
{
	return s->volumes_count;
}

bool scan_knows(const struct scan *s, const char *barcode)
{
	size_t i;

	for (i = 0; i < s->volumes_count; i++)
		if (strcmp(s->volumes[i].barcode, barcode) == 0)
			return true;
	return false;
}

size_t scan_not_scanned_count(const struct scan *s)
{
	return s->not_scanned;
}

size_t scan_read_count(const struct scan *s)
{
	size_t i, count = 0;

	for (i = 0; i < s->volumes_count; i++)
		count += s->volumes[i].kind != SPLITTER_VOLUME_NOT_SCANNED;
	return count;
}

size_t scan_notes(const struct scan *s)
{
	return s->notes_count;
}

size_t scan_files(const struct scan *s, size_t dump)
{
	assert(dump < s->dumps_count);
	return s->dumps[dump].files_count;
}

/* Returns the last proven part, or NULL. */
static const struct scan_proof *last_proof(struct scan_kept_dump *d)
{
	size_t i = d->proofs_count;

	scan_settle(d);
	while (i-- > 0)
		if (d->proofs[i].counts)
			return &d->proofs[i];
	return NULL;
}

static uint64_t last_part(struct scan_kept_dump *d)
{
	const struct scan_proof *proof = last_proof(d);
	uint64_t last = proof == NULL ? 0 : proof->part;
	size_t i = d->files_count;

	while (i-- > 0 && d->files[i].part > last)
		if (d->files[i].counts)
			return d->files[i].part;
	return last;
}

/*
 * Returns the end record that counts.  An end record does not count if the dump
 * was resumed after it, that is, if a part after its end is proven.
 */
static const struct header *end_of(struct scan_kept_dump *d)
{
	static const struct header none;
	const struct scan_proof *last = last_proof(d);

	return last == NULL || strcmp(d->end.outcome, "DONE") == 0 ||
		last->bytes == 0 || last->offset_bytes < d->end.bytes
	    ? &d->end
	    : &none;
}

void scan_get_dump(const struct scan *s, size_t i, struct scan_dump *out)
{
	struct scan_kept_dump *d = &s->dumps[i];
	const struct header *end = end_of(d);

	assert(i < s->dumps_count);
	*out = (struct scan_dump){
		.name = d->head.dump,
		.begun = d->head.begun,
		.id = d->head.dump_id,
		.block_bytes = d->head.block_bytes,
		.fixed = d->head.fixed,
		.parts = last_part(d),
		.volumes = d->sequence,
		.outcome = end->outcome,
		.end_bytes = end->bytes,
		.xxh128 = end->xxh128,
		.split = d->split,
	};
}

void scan_get_volume(const struct scan *s, size_t i, struct scan_volume *out)
{
	const struct scan_kept_volume *v = &s->volumes[i];

	assert(i < s->volumes_count);
	*out = (struct scan_volume){ .barcode = v->barcode,
		.kind = v->kind,
		.label = v->label,
		.dump = v->dump,
		.why = v->why,
		.locked = v->locked,
		.worm = v->worm,
		.in_use = v->in_use,
		.files = v->files,
		.unfinished = v->unfinished,
		.complete = v->complete };
}

void scan_get_note(const struct scan *s, size_t i, struct scan_note *out)
{
	const struct scan_kept_note *n = &s->notes[i];

	assert(i < s->notes_count);
	*out = (struct scan_note){ .volume = n->volume,
		.file = n->file,
		.text = n->text,
		.unread = n->unread };
}

/* Returns the claim that counts for the part, or NULL. */
static const struct scan_proof *proof_of(struct scan_kept_dump *d,
    uint64_t part)
{
	size_t i;

	scan_settle(d);
	for (i = scan_proof_at(d, part);
	     i < d->proofs_count && d->proofs[i].part == part; i++)
		if (d->proofs[i].counts)
			return &d->proofs[i];
	return NULL;
}

enum fit { FIT_NOT, FIT_BADLY, FIT_WELL };

/*
 * Returns how well the file matches what is known of the part.  If a header met
 * the end of its volume, the file has no other block, and the same attempt is
 * also on the next volume.
 */
static enum fit fit_of(const struct scan_kept_dump *d,
    const struct scan_kept_file *f, const struct scan_proof *proof)
{
	uint64_t block = d->head.block_bytes;

	if (!f->counts)
		return FIT_NOT;
	if (proof == NULL)
		return f->blocks == 0 ? FIT_BADLY : FIT_WELL;
	if (f->attempt != proof->attempt ||
	    (f->blocks == 0 && proof->bytes > 0))
		return FIT_NOT;
	if (f->offset_bytes != proof->offset_bytes)
		return FIT_BADLY;
	return f->blocks == TAPE_POSITION_UNKNOWN ||
		f->blocks == proof->bytes / block + (proof->bytes % block != 0)
	    ? FIT_WELL
	    : FIT_BADLY;
}

void scan_get_file(const struct scan *s, size_t dump, size_t i,
    struct scan_file *out)
{
	struct scan_kept_dump *d = &s->dumps[dump];
	const struct scan_kept_file *f = &d->files[i];
	const struct scan_proof *p = proof_of(d, f->part);

	assert(dump < s->dumps_count && i < d->files_count);
	*out = (struct scan_file){
		.part = f->part,
		.attempt = f->attempt,
		.offset_bytes = f->offset_bytes,
		.file = f->file,
		.sequence = f->sequence,
		.blocks = f->blocks,
		.ended = f->ended,
		.volume = f->volume,
		.proven = p != NULL && fit_of(d, f, p) != FIT_NOT,
	};
}

/* Returns whether an end record names this file as the part. */
static bool is_named(const struct scan_kept_file *f,
    const struct scan_proof *proof)
{
	return proof != NULL && f->file == proof->file &&
	    f->attempt == proof->attempt &&
	    f->offset_bytes == proof->offset_bytes &&
	    strcmp(f->volume, proof->volume) == 0;
}

/*
 * Returns the file of the part: the file that an end record names, or else the
 * proven attempt.  Without a proof, the last attempt is used, because earlier
 * attempts failed.
 */
static const struct scan_kept_file *file_of(struct scan_kept_dump *d,
    uint64_t part, const struct scan_proof *proof)
{
	const struct scan_kept_file *found = NULL, *f;
	enum fit best = FIT_NOT, fit;
	size_t i;

	for (i = scan_file_at(d, part);
	     i < d->files_count && d->files[i].part == part; i++) {
		f = &d->files[i];
		if (is_named(f, proof))
			return f;
		fit = fit_of(d, f, proof);
		if (found != NULL && f->attempt == found->attempt
			? fit < best
			: fit == FIT_NOT)
			continue;
		best = fit;
		found = f;
	}
	return found;
}

/* Finds the offset of the part from its proof, its file, or the part before. */
static bool offset_of(struct scan_kept_dump *d, uint64_t part, uint64_t *offset)
{
	const struct scan_proof *p = proof_of(d, part);
	const struct scan_kept_file *f = file_of(d, part, p);

	*offset = 0;
	if (part == 1)
		return true;
	if (p != NULL) {
		*offset = p->offset_bytes;
		return true;
	}
	if (f != NULL) {
		*offset = f->offset_bytes;
		return true;
	}
	p = proof_of(d, part - 1);
	if (p != NULL)
		*offset = p->offset_bytes + p->bytes;
	return p != NULL;
}

uint64_t scan_next_part(const struct scan *s, size_t dump, uint64_t part)
{
	struct scan_kept_dump *d = &s->dumps[dump];
	size_t f = scan_file_at(d, part), p = scan_proof_at(d, part);
	uint64_t file, proof;

	if (part == 0)
		return 0;
	scan_settle(d);
	while (f < d->files_count && !d->files[f].counts)
		f++;
	while (p < d->proofs_count && !d->proofs[p].counts)
		p++;
	file = f < d->files_count ? d->files[f].part : 0;
	proof = p < d->proofs_count ? d->proofs[p].part : 0;
	if (file == 0 || proof == 0)
		return file + proof;
	return file < proof ? file : proof;
}

void scan_get_part(const struct scan *s, size_t dump, uint64_t part,
    struct scan_part *out)
{
	struct scan_kept_dump *d = &s->dumps[dump];
	const struct scan_proof *p = proof_of(d, part);
	const struct scan_kept_file *f = file_of(d, part, p);
	uint64_t next;

	assert(dump < s->dumps_count && part >= 1);
	*out = (struct scan_part){ .part = part,
		.proven = p != NULL,
		.present = f != NULL,
		.volume = "",
		.xxh128 = "" };
	out->split = d->split != 0 && part >= d->split;
	out->offset_known = offset_of(d, part, &out->offset_bytes);
	if (f != NULL) {
		out->attempt = f->attempt;
		out->file = f->file;
		out->ended = f->ended;
		out->volume = f->volume;
	}
	if (p == NULL) {
		/* The part extends at least to the offset of the next part. */
		out->bytes_known = out->offset_known && part < last_part(d) &&
		    offset_of(d, part + 1, &next) && next >= out->offset_bytes;
		if (out->bytes_known)
			out->bytes = next - out->offset_bytes;
		return;
	}
	out->attempt = p->attempt;
	out->bytes_known = true;
	out->bytes = p->bytes;
	out->xxh128 = p->xxh128;
	if (f == NULL) {
		out->file = p->file;
		out->volume = p->volume;
	}
}

void scan_get_attempts(const struct scan *s, size_t dump, uint64_t next,
    struct scan_attempts *attempts)
{
	const struct scan_kept_dump *d = &s->dumps[dump];
	size_t i;

	memset(attempts, 0, sizeof *attempts);
	for (i = scan_file_at(d, next); i < d->files_count; i++) {
		uint64_t *to = d->files[i].part == next ? &attempts->next
							: &attempts->later;

		if (d->files[i].attempt > *to)
			*to = d->files[i].attempt;
	}
	for (i = scan_proof_at(d, next); i < d->proofs_count; i++) {
		uint64_t *to = d->proofs[i].part == next ? &attempts->next
							 : &attempts->later;

		if (d->proofs[i].attempt > *to)
			*to = d->proofs[i].attempt;
	}
}

void scan_each_named(const struct scan *s, size_t dump,
    bool (*each)(void *arg, const char *volume), void *arg)
{
	const struct scan_kept_dump *d = &s->dumps[dump];
	size_t i;

	for (i = 0; i < d->proofs_count; i++)
		if (d->proofs[i].volume[0] != '\0' &&
		    !each(arg, d->proofs[i].volume))
			return;
}

bool scan_proven_part(const struct scan *s, size_t dump, uint64_t part,
    uint64_t offset_bytes, struct part_row *row)
{
	struct scan_part p;

	if (part > last_part(&s->dumps[dump]))
		return false;
	scan_get_part(s, dump, part, &p);
	if (!p.proven || p.offset_bytes != offset_bytes ||
	    p.bytes > UINT64_MAX - offset_bytes)
		return false;
	*row = (struct part_row){ .part = part,
		.attempt = p.attempt,
		.file = p.file,
		.offset_bytes = offset_bytes,
		.bytes = p.bytes };
	strcpy(row->xxh128, p.xxh128);
	strcpy(row->volume, p.volume);
	return true;
}

struct parts *scan_table(const struct scan *s, size_t dump,
    struct scan_attempts *attempts)
{
	struct parts *table = parts_new();
	struct part_row row;
	uint64_t n = 1;

	while (table != NULL &&
	    scan_proven_part(s, dump, n, parts_end_bytes(table), &row)) {
		if (parts_add(table, &row) != 0) {
			parts_free(table);
			table = NULL;
		}
		n++;
	}
	scan_get_attempts(s, dump, n, attempts);
	return table;
}

void scan_out_of_memory(struct scan *s)
{
	s->out_of_memory = true;
}

long scan_find(const struct scan *s, const char *name, char *err,
    size_t err_bytes)
{
	long found = -1;
	size_t i;

	for (i = 0; i < s->dumps_count; i++) {
		if (!header_matches(name, s->dumps[i].head.dump,
			s->dumps[i].head.dump_id))
			continue;
		if (found >= 0) {
			snprintf(err, err_bytes,
			    "several dumps have the name %s: name one as %s@%016" PRIx64
			    " or %s@%016" PRIx64,
			    name, name, s->dumps[found].head.dump_id, name,
			    s->dumps[i].head.dump_id);
			return -1;
		}
		found = (long)i;
	}
	if (found < 0)
		snprintf(err, err_bytes,
		    "no volume that was scanned has any part of a dump %s",
		    name);
	return found;
}
