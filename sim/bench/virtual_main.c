/*
 * virtual_main.c: measures a step of a dump in virtual time.
 *
 *     virtual_main MODEL BLOCK RUN STEPS FOLDER
 *
 * Writes STEPS runs of RUN bytes, in blocks of BLOCK bytes, one after another:
 * through the writer, the tape, a virtual drive of this model, and a volume
 * without payload in FOLDER.  Prints the nanoseconds of processor time that a
 * step takes.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "sim/bench/stream.h"
#include "splitter/write/writer.h"
#include "vtl/library/library.h"

static struct library *make_library(const char *model, const char *folder)
{
	struct volume_spec spec = { .barcode = "STEP0",
		.capacity_bytes = INT64_MAX / 2,
		.payload = VOLUME_PAYLOAD_NONE };
	const struct model *drive = model_find(model);
	char message[VOLUME_MESSAGE_BYTES] = "out of memory";
	char *path = library_volume_path(folder, spec.barcode);
	const struct library_spec library = {
		.paths = (const char *const *)&path,
		.volume_count = 1,
		.drives = &drive,
		.drive_count = 1,
	};
	struct library *made;

	if (drive == NULL)
		stream_die("no such model");
	if (path == NULL ||
	    volume_create(path, &spec, "bench", false, message) != 0)
		stream_die(message);
	made = library_new(&library);
	if (made == NULL)
		stream_die("out of memory");
	free(path);
	return made;
}

/* Carries out a step at *now_ns, which becomes the time of its end. */
static void carry_out(struct writer *w, const struct core_step *step,
    int64_t *now_ns)
{
	struct core_result result;
	int64_t done_ns;

	writer_step(w, step, *now_ns, &result, &done_ns);
	if (result.cause != TAPE_OK)
		stream_die(writer_message(w));
	*now_ns = done_ns;
}

/* Returns the processor time of all steps. */
static int64_t write_runs(struct writer *w, uint64_t run_bytes, uint64_t steps,
    int64_t *now_ns)
{
	struct core_step step = { .kind = CORE_WRITE, .bytes = run_bytes };
	struct timespec begun, ended;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begun);
	for (uint64_t i = 0; i < steps; i++) {
		carry_out(w, &step, now_ns);
		step.offset += run_bytes;
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
	return (ended.tv_sec - begun.tv_sec) * INT64_C(1000000000) +
	    ended.tv_nsec - begun.tv_nsec;
}

int main(int argc, char **argv)
{
	static const enum core_kind first[] = { CORE_LOAD, CORE_LABEL,
		CORE_HEADER };
	char err[TAPE_MESSAGE_BYTES];
	struct writer_config config = {
		.dump = "bench", .dump_id = 1, .volume_policy.label_blank = true
	};
	struct library_volume volume;
	struct library *library;
	struct writer *w;
	int64_t now_ns = 0;
	uint64_t steps;

	if (argc != 6) {
		fprintf(stderr, "usage: see the head of virtual_main.c\n");
		return 2;
	}
	library = make_library(argv[1], argv[5]);
	config.library = library_tapes(library);
	config.block_bytes = strtoull(argv[2], NULL, 10);
	steps = strtoull(argv[4], NULL, 10);
	w = writer_new(&config, err, sizeof err);
	if (w == NULL)
		stream_die(err);
	for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
		const struct core_step step = {
			.kind = first[i], .part = 1, .attempt = 1
		};

		carry_out(w, &step, &now_ns);
	}
	printf("%.1f\n",
	    (double)write_runs(w, strtoull(argv[3], NULL, 10), steps, &now_ns) /
		(double)steps);
	writer_free(w);
	library_volume_get(library, 0, &volume);
	unlink(volume.path);
	library_free(library);
	return 0;
}
