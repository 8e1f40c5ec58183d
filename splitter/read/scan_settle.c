/*
 * scan_settle.c: which claims about the parts of a dump count.
 *
 * A header claims which attempt at the part before it is good, its length, and
 * its checksum.  The headers of one stream form a chain: each claims what its
 * writer had written before.  If a dump was resumed without reading all its
 * volumes, there are two chains with one id.  Their parts must not be mixed:
 * they may begin at different offsets, and hold different bytes.
 *
 * The chain is followed from the first part on.  At each part the claims about
 * it are compared, by these rules in this order:
 *
 *  1. A claim counts more if the part begins where the part before ends.
 *  2. An end record counts more than a header, and the end record of a DONE
 *     dump counts more than any other.
 *  3. A later attempt counts more, as no attempt number is used twice.
 *
 * A file whose own claim does not count is not part of the dump.  If two claims
 * remain and nothing decides between them, there are two streams, and nothing
 * is proven from that part on.
 */
#include "splitter/read/scan_impl.h"

#include <string.h>

/* Compares two checksums.  An unknown one ("") matches every other. */
static bool same_sum(const char *a, const char *b)
{
	return a[0] == '\0' || b[0] == '\0' || strcmp(a, b) == 0;
}

/* Returns whether the part is after the end of a dump that is DONE. */
static bool is_behind_done(const struct scan_kept_dump *d, uint64_t part)
{
	return strcmp(d->end.outcome, "DONE") == 0 && part > d->end.parts;
}

/*
 * Returns whether a claim is about another stream.  It is, if the dump ended
 * before that part, or if no file of the attempt counts.
 */
static bool is_foreign(const struct scan_kept_dump *d,
    const struct scan_proof *p)
{
	size_t i = scan_attempt_at(d, p->part, p->attempt);
	const struct scan_kept_file *f;
	bool any = false;

	if (is_behind_done(d, p->part))
		return true;
	for (; p->rank < SCAN_RANK_DONE && i < d->files_count; i++) {
		f = &d->files[i];
		if (f->part != p->part || f->attempt != p->attempt)
			break;
		if (f->counts)
			return false;
		any = true;
	}
	return any;
}

/*
 * Returns whether the part begins where the part before it ends.  True if
 * either is unknown.
 */
static bool follows(const struct scan_proof *p, const struct scan_proof *before)
{
	return before == NULL ||
	    p->offset_bytes == before->offset_bytes + before->bytes;
}

static bool is_same(const struct scan_proof *a, const struct scan_proof *b)
{
	return a->bytes == b->bytes && a->offset_bytes == b->offset_bytes &&
	    same_sum(a->xxh128, b->xxh128);
}

/*
 * Compares two claims.  Returns 1 if `a` counts more than `b`, -1 if less, and
 * 0 if nothing decides.
 */
static int compare(const struct scan_proof *a, const struct scan_proof *b,
    const struct scan_proof *before)
{
	if (follows(a, before) != follows(b, before))
		return follows(a, before) ? 1 : -1;
	if (a->rank != b->rank)
		return a->rank > b->rank ? 1 : -1;
	if (a->attempt != b->attempt)
		return a->attempt > b->attempt ? 1 : -1;
	return 0;
}

/* Returns the claim that counts, of claims `i` to `end`; or NULL. */
static struct scan_proof *choose(struct scan_kept_dump *d, size_t i, size_t end,
    const struct scan_proof *before)
{
	struct scan_proof *best = NULL, *p;
	bool undecided = false;
	int order;

	for (; i < end; i++) {
		p = &d->proofs[i];
		if (is_foreign(d, p))
			continue;
		order = best == NULL ? 1 : compare(p, best, before);
		if (order == 0 && !is_same(p, best))
			undecided = true;
		if (order <= 0)
			continue;
		best = p;
		undecided = false;
	}
	if (!undecided)
		return best;
	d->split = best->part;
	return NULL;
}

/*
 * Returns whether the header of `f` makes the claim `p` about the part before.
 */
static bool is_claim_of(const struct scan_kept_file *f,
    const struct scan_proof *p)
{
	return f->before_attempt == p->attempt && f->before_bytes == p->bytes &&
	    f->offset_bytes - f->before_bytes == p->offset_bytes &&
	    same_sum(f->before_xxh128, p->xxh128);
}

/*
 * Returns whether the file may be part of the dump.  It is not, if its claim
 * about the part before does not count, or if the dump was DONE before this
 * part.
 */
static bool may_count(const struct scan_kept_dump *d,
    const struct scan_kept_file *f)
{
	size_t i = scan_proof_at(d, f->part - 1);
	bool known = false;

	if (is_behind_done(d, f->part))
		return false;
	if (f->part == 1 || (d->split != 0 && f->part > d->split))
		return true;
	for (; i < d->proofs_count && d->proofs[i].part == f->part - 1; i++) {
		known |= is_claim_of(f, &d->proofs[i]);
		if (!d->proofs[i].counts)
			continue;
		if (is_claim_of(f, &d->proofs[i]) || f->before_attempt == 0)
			return true;
		known = true;
	}
	return !known;
}

/*
 * Settles the files of one part, beginning at file `i`. Returns the index after
 * the last of these files.
 */
static size_t settle_files(struct scan_kept_dump *d, size_t i)
{
	uint64_t part = d->files[i].part;

	for (; i < d->files_count && d->files[i].part == part; i++)
		d->files[i].counts = may_count(d, &d->files[i]);
	return i;
}

/*
 * Settles the claims about one part, beginning at claim `i`: at most one of
 * them counts.  `*before` is the claim that counts for the part before, or
 * NULL.  Returns the index after the last of these claims.
 */
static size_t settle_proofs(struct scan_kept_dump *d, size_t i,
    struct scan_proof **before)
{
	uint64_t part = d->proofs[i].part;
	size_t end;

	for (end = i; end < d->proofs_count && d->proofs[end].part == part;
	     end++)
		d->proofs[end].counts = false;
	if (*before != NULL && (*before)->part + 1 != part)
		*before = NULL;
	*before = d->split != 0 ? NULL : choose(d, i, end, *before);
	if (*before != NULL)
		(*before)->counts = true;
	return end;
}

/*
 * Settles claims and files in the order of their parts, because the claims
 * about a part decide which files of the next part count.
 */
void scan_settle(struct scan_kept_dump *d)
{
	struct scan_proof *before = NULL;
	size_t f = 0, p = 0;

	if (d->settled)
		return;
	d->settled = true;
	d->split = 0;
	while (f < d->files_count || p < d->proofs_count)
		if (p == d->proofs_count ||
		    (f < d->files_count &&
			d->files[f].part <= d->proofs[p].part))
			f = settle_files(d, f);
		else
			p = settle_proofs(d, p, &before);
}
