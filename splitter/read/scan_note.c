/* scan_note.c: collects what a scan finds. */
#include "splitter/read/scan_impl.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/base/sentence.h"
#include "splitter/base/grow.h"

/*
 * Makes room for one more entry of `bytes`. Returns NULL if there is no memory.
 */
static void *room_for_one(struct scan *scan, void *list, size_t count,
    size_t bytes)
{
	list = grow_by_one(list, count, bytes);
	scan->out_of_memory |= list == NULL;
	return list;
}

#define ROOM(scan, owner, list)                                           \
	((void *)room_for_one(scan, (owner)->list, (owner)->list##_count, \
	    sizeof *(owner)->list))

struct scan_kept_volume *scan_add_volume(struct scan *s, const char *barcode)
{
	struct scan_kept_volume *volumes = ROOM(s, s, volumes), *v;

	if (volumes == NULL)
		return NULL;
	s->volumes = volumes;
	v = &s->volumes[s->volumes_count++];
	memset(v, 0, sizeof *v);
	snprintf(v->barcode, sizeof v->barcode, "%s", barcode);
	return v;
}

void scan_add_note(struct scan *s, const char *volume, uint64_t file,
    const char *format, ...)
{
	struct scan_kept_note *notes = ROOM(s, s, notes), *n;
	va_list ap;

	if (notes == NULL)
		return;
	s->notes = notes;
	n = &s->notes[s->notes_count++];
	memset(n, 0, sizeof *n);
	snprintf(n->volume, sizeof n->volume, "%s", volume);
	n->file = file;
	va_start(ap, format);
	sentence_v(n->text, sizeof n->text, format, ap);
	va_end(ap);
}

void scan_mark_unread(struct scan *s)
{
	if (s->notes_count > 0)
		s->notes[s->notes_count - 1].unread = true;
}

/*
 * Returns the message without the name of the volume.  A library may put that
 * name first, and it is printed anyway.
 */
static const char *without_name(const char *why, const char *barcode)
{
	static const char word[] = "volume ";
	size_t w = sizeof word - 1, n = strlen(barcode);

	return n > 0 && strncmp(why, word, w) == 0 &&
		strncmp(why + w, barcode, n) == 0 &&
		strncmp(why + w + n, ": ", 2) == 0
	    ? why + w + n + 2
	    : why;
}

int scan_not_scanned(struct scan *s, const char *barcode, bool in_use,
    const char *why)
{
	struct scan_kept_volume *v =
	    barcode[0] == '\0' ? NULL : scan_add_volume(s, barcode);

	why = without_name(why, barcode);
	if (v != NULL) {
		v->kind = SPLITTER_VOLUME_NOT_SCANNED;
		v->in_use = in_use;
		snprintf(v->why, sizeof v->why, "%s", why);
	}
	s->not_scanned++;
	scan_add_note(s, barcode, 0,
	    barcode[0] != '\0' ? "it was not scanned: %s"
			       : "a volume cannot be loaded: %s",
	    why);
	scan_mark_unread(s);
	return s->out_of_memory ? -1 : 0;
}

struct scan_kept_dump *scan_dump_of(struct scan *s, const struct header *h)
{
	struct scan_kept_dump *dumps, *d;
	size_t i;

	for (i = 0; i < s->dumps_count; i++)
		if (s->dumps[i].head.dump_id == h->dump_id)
			return &s->dumps[i];
	dumps = ROOM(s, s, dumps);
	if (dumps == NULL)
		return NULL;
	s->dumps = dumps;
	d = &s->dumps[s->dumps_count++];
	memset(d, 0, sizeof *d);
	d->head = *h;
	return d;
}

/*
 * Returns the dump of the header.  Adds a note if the header disagrees with
 * earlier headers of the dump.
 */
static struct scan_kept_dump *same_dump(struct scan *s, const struct header *h)
{
	struct scan_kept_dump *d = scan_dump_of(s, h);

	if (d == NULL)
		return NULL;
	if (h->sequence > d->sequence)
		d->sequence = h->sequence;
	if (strcmp(d->head.dump, h->dump) != 0 ||
	    d->head.block_bytes != h->block_bytes || d->head.fixed != h->fixed)
		scan_add_note(s, h->volume, h->file,
		    "the header disagrees with other headers of the dump with "
		    "the id %016" PRIx64,
		    h->dump_id);
	return d;
}

size_t scan_proof_at(const struct scan_kept_dump *d, uint64_t part)
{
	size_t low = 0, high = d->proofs_count, at;

	while (low < high) {
		at = low + (high - low) / 2;
		if (d->proofs[at].part < part)
			low = at + 1;
		else
			high = at;
	}
	return low;
}

size_t scan_attempt_at(const struct scan_kept_dump *d, uint64_t part,
    uint64_t attempt)
{
	size_t low = 0, high = d->files_count, at;

	while (low < high) {
		at = low + (high - low) / 2;
		if (d->files[at].part < part ||
		    (d->files[at].part == part &&
			d->files[at].attempt < attempt))
			low = at + 1;
		else
			high = at;
	}
	return low;
}

size_t scan_file_at(const struct scan_kept_dump *d, uint64_t part)
{
	return scan_attempt_at(d, part, 0);
}

void scan_add_file(struct scan *s, const struct header *h, const char *volume)
{
	struct scan_kept_dump *d = same_dump(s, h);
	struct scan_kept_file *files, *f;
	size_t i;

	if (d == NULL || (files = ROOM(s, d, files)) == NULL)
		return;
	d->files = files;
	d->settled = false;
	i = scan_attempt_at(d, h->part, h->attempt);
	while (i < d->files_count && d->files[i].part == h->part &&
	    d->files[i].attempt == h->attempt)
		i++;
	f = &d->files[i];
	memmove(f + 1, f, (d->files_count++ - i) * sizeof *f);
	*f = (struct scan_kept_file){ .part = h->part,
		.attempt = h->attempt,
		.offset_bytes = h->offset_bytes,
		.file = h->file,
		.sequence = h->sequence,
		.blocks = TAPE_POSITION_UNKNOWN,
		.before_attempt = h->before_attempt,
		.before_bytes = h->before_bytes };
	snprintf(f->volume, sizeof f->volume, "%s", volume);
	strcpy(f->before_xxh128, h->before_xxh128);
}

void scan_measure_file(struct scan *s, const struct header *h,
    const char *volume, uint64_t blocks, bool ended)
{
	struct scan_kept_dump *d = scan_dump_of(s, h);
	size_t i;

	for (i = d == NULL ? 0 : scan_file_at(d, h->part);
	     d != NULL && i < d->files_count && d->files[i].part == h->part;
	     i++)
		if (d->files[i].file == h->file &&
		    strcmp(d->files[i].volume, volume) == 0) {
			d->files[i].blocks = blocks;
			d->files[i].ended = ended;
		}
}

static bool same_claim(const struct scan_proof *a, const struct scan_proof *b)
{
	return a->attempt == b->attempt && a->bytes == b->bytes &&
	    a->offset_bytes == b->offset_bytes &&
	    strcmp(a->xxh128, b->xxh128) == 0;
}

/*
 * Returns whether the claim must not be added, because it is known already or
 * the part has too many claims.  Adds a note if the claim disagrees with
 * others.
 */
static bool is_known(struct scan *s, const struct header *h,
    struct scan_kept_dump *d, const struct scan_proof *proof)
{
	size_t first = scan_proof_at(d, proof->part), i;
	struct scan_proof *p = NULL;

	for (i = first; i < d->proofs_count && d->proofs[i].part == proof->part;
	     i++) {
		p = &d->proofs[i];
		if (!same_claim(p, proof))
			continue;
		if (proof->rank > p->rank)
			*p = *proof;
		return true;
	}
	if (i == first)
		return false;
	scan_add_note(s, h->volume, h->file,
	    "its claim about part %" PRIu64 " disagrees with others",
	    proof->part);
	if (i - first < SCAN_CLAIMS_MAX)
		return false;
	if (proof->rank > p->rank)
		*p = *proof;
	return true;
}

void scan_add_proof(struct scan *s, const struct header *h,
    const struct scan_proof *proof)
{
	struct scan_kept_dump *d = same_dump(s, h);
	struct scan_proof *proofs, *p;
	size_t i;

	if (d == NULL)
		return;
	d->settled = false;
	if (is_known(s, h, d, proof))
		return;
	i = scan_proof_at(d, proof->part);
	while (i < d->proofs_count && d->proofs[i].part == proof->part)
		i++;
	proofs = ROOM(s, d, proofs);
	if (proofs == NULL)
		return;
	d->proofs = proofs;
	p = &d->proofs[i];
	memmove(p + 1, p, (d->proofs_count++ - i) * sizeof *p);
	*p = *proof;
}

void scan_add_end(struct scan *s, const struct header *h)
{
	struct scan_kept_dump *d = same_dump(s, h);

	bool done = strcmp(h->outcome, "DONE") == 0, was_done;

	if (d == NULL)
		return;
	was_done = strcmp(d->end.outcome, "DONE") == 0;
	d->settled = false;
	/* After a resume, the later end record is DONE, or has more parts. */
	if (d->end.outcome[0] == '\0' || done > was_done ||
	    (done == was_done &&
		(h->parts > d->end.parts ||
		    (done && h->parts == d->end.parts))))
		d->end = *h;
}
