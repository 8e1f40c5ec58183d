/*
 * scan_fuzz.c: hostile volumes are scanned and read, for libFuzzer (see `make
 * fuzz`).
 *
 * An input is a sequence of items, each begun by the byte 1 and a letter: V,
 * the next volume; M, a filemark; H, a header, which gets a valid checksum
 * here; R, a block; D, a block of data.  Whatever is on the volumes, a scan
 * ends, and a reader returns or reports every byte, in order.
 *
 *     scan_fuzz --seeds FOLDER    creates the initial inputs
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/read/reader.h"
#include "splitter/tests/fuzz_seeds.h"
#include "splitter/tests/memtape/memtape.h"

enum { VOLUMES = 4, BLOCK = TAPE_BLOCK_MIN_BYTES, ITEMS_MAX = 500 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	if (*argc == 3 && strcmp((*argv)[1], "--seeds") == 0) {
		fuzz_scan_seeds((*argv)[2]);
		exit(0);
	}
	return 0;
}

static void check(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

/*
 * Writes a text as a block, followed by zeros.  The block has BLOCK bytes, or
 * more if the text is longer.
 */
static void put_block(struct tape *tape, bool is_signed, const uint8_t *data,
    size_t bytes)
{
	struct tape_result answer;
	size_t n;
	char *text = fuzz_block(is_signed, data, bytes, &n);
	size_t room = n < BLOCK ? BLOCK : n + 1;
	char *block = calloc(1, room);

	if (block == NULL)
		abort();
	memcpy(block, text, n);
	tape->ops->start_file(tape, block, room, 0, &answer);
	free(block);
	free(text);
}

static struct tape *put_item(struct memtape *tapes, struct tape *tape,
    const uint8_t *item, size_t bytes)
{
	struct tape_library *library = memtape_library(tapes);
	struct tape_result answer;
	struct tape *next;

	if (item[0] == 'V') {
		next = library->ops->load(library, 0, &answer);
		return next != NULL ? next : tape;
	}
	if (tape == NULL)
		return NULL;
	if (item[0] == 'M')
		tape->ops->filemark(tape, true, 0, &answer);
	else if (item[0] == 'D')
		put_block(tape, false, (const uint8_t *)"data", 4);
	else
		put_block(tape, item[0] == 'H', item + 1, bytes - 1);
	return tape;
}

static void put_items(struct memtape *tapes, const uint8_t *data, size_t bytes)
{
	const uint8_t *end = data + bytes, *next;
	struct tape *tape = NULL;
	int items = 0;

	while (data < end && *data == 1 && items++ < ITEMS_MAX) {
		data++;
		next =
		    data < end ? memchr(data, 1, (size_t)(end - data)) : NULL;
		if (next == NULL)
			next = end;
		if (next > data)
			tape =
			    put_item(tapes, tape, data, (size_t)(next - data));
		data = next;
	}
}

/* The bytes that a reader returned or reported so far. */
struct heard {
	uint64_t offset;
	bool any;
};

static bool on_data(void *arg, const void *bytes, uint64_t count)
{
	struct heard *h = arg;

	(void)bytes;
	h->offset += count;
	return true;
}

static void on_gap(void *arg, const struct reader_gap *gap)
{
	struct heard *h = arg;

	check(gap->why[0] != '\0', "a gap without a reason");
	h->any = true;
	if (gap->kind != SPLITTER_GAP_MISSING)
		return;
	check(gap->offset_bytes == h->offset, "a gap at another place");
	h->offset += gap->bytes == UINT64_MAX ? 0 : gap->bytes;
}

static void read_dump(struct memtape *tapes, const struct scan *scan,
    size_t dump)
{
	struct heard heard = { 0 };
	struct reader_config config = {
		.library = memtape_library(tapes),
		.scan = scan,
		.dump = dump,
		.arg = &heard,
		.data = on_data,
		.gap = on_gap,
	};
	struct reader_outcome o;
	int i;

	for (i = 0; i < 2; i++) {
		heard = (struct heard){ 0 };
		config.salvage = i == 1;
		reader_run(&config, &o);
		check(o.end == SPLITTER_READ_WHOLE ? !heard.any
						   : o.message[0] != '\0',
		    "whole with gaps, or not whole and no reason");
	}
}

static void ask(const struct scan *scan, size_t dump)
{
	struct scan_dump d;
	struct scan_part p;
	struct scan_file f;
	struct parts *table;
	uint64_t part, before = 0;
	struct scan_attempts attempts;
	size_t i;

	scan_get_dump(scan, dump, &d);
	while ((part = scan_next_part(scan, dump, before + 1)) != 0) {
		check(part > before && part <= d.parts, "parts out of order");
		scan_get_part(scan, dump, part, &p);
		before = part;
	}
	for (i = 0; i < scan_files(scan, dump); i++) {
		scan_get_file(scan, dump, i, &f);
		/*
		 * A part of another stream may come after the last part of the
		 * dump.
		 */
		check(f.part >= 1 && (!f.proven || f.part <= d.parts),
		    "no such part");
	}
	table = scan_table(scan, dump, &attempts);
	check(parts_count(table) <= d.parts, "more parts than there are");
	parts_free(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	const struct memtape_config config = { .drives = VOLUMES,
		.volumes = VOLUMES,
		.capacity_bytes = MEMTAPE_ENDLESS,
		.warning_bytes = MEMTAPE_NO_WARNING,
		.block_bytes = BLOCK,
		.block_max_bytes = 1 << 20 };
	struct memtape *tapes = memtape_new(&config);
	struct scan *scan = scan_new();
	int64_t now = 0;
	unsigned i;

	put_items(tapes, data, bytes);
	for (i = 0; i < VOLUMES; i++)
		check(scan_tape(scan, memtape_reader(tapes, i), &now) == 0,
		    "no memory");
	for (i = 0; i < scan_dumps(scan); i++) {
		ask(scan, i);
		read_dump(tapes, scan, i);
	}
	scan_free(scan);
	memtape_free(tapes);
	return 0;
}
