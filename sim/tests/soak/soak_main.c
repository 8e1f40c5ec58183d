/*
 * soak_main.c: random scenarios from seeds.
 *
 * Usage: soak_main [--hard] A..B FOLDER
 *
 * Each seed of the range gives a scenario, which is run and compared with the
 * reference of the rules, and with the rules that hold for any run.  With
 * --hard each seed gives another scenario, with bad drives and media, which is
 * compared only with the latter.  A scenario that fails is reduced and stored
 * in FOLDER.  The last line is "N passed, N failed".
 */
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/tests/soak/soak_hard.h"

enum { BATCH = 500, SHRUNK_MAX = 5 };

static char scratch[256];
static bool hard;
static uint64_t passed, failed;

static int remove_one(const char *path, const struct stat *st, int type,
    struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_scratch(void)
{
	nftw(scratch, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Makes a folder for the volumes: in TMPDIR, or in memory if possible. */
static void make_scratch(void)
{
	const char *below = getenv("TMPDIR");

	if (below == NULL || below[0] == '\0')
		below =
		    access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
	snprintf(scratch, sizeof scratch, "%s/tapelab-soak-XXXXXX", below);
	if (mkdtemp(scratch) == NULL || setenv("TMPDIR", scratch, 1) != 0) {
		perror(scratch);
		exit(2);
	}
}

/* Stores the reduced scenario. */
static void keep(const struct soak_case *c, const char *answer,
    const char *folder)
{
	char path[512];
	FILE *to;

	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		perror(folder);
	snprintf(path, sizeof path, "%s/%s%" PRIu64 ".yaml", folder,
	    c->hard.is ? "hard-" : "", c->seed);
	to = fopen(path, "w");
	if (to == NULL) {
		perror(path);
		return;
	}
	fprintf(to, "# tapelab run --seed %" PRIu64 "%s FILE\n", c->seed,
	    c->real ? " --clock real" : " --check-determinism");
	soak_write(c, answer, to);
	if (fclose(to) != 0)
		perror(path);
	printf("  as small as it can be: build/tapelab run --seed %" PRIu64
	       "%s %s\n",
	    c->seed, c->real ? " --clock real" : " --check-determinism", path);
}

static void note_failure(const struct soak_case *c, const char *answer,
    struct soak_finding *f, const char *folder)
{
	struct soak_case small = *c;
	char *must = strdup(answer);

	failed++;
	printf("failed: make soak SEEDS=%" PRIu64 "..%" PRIu64 "\n  %s\n",
	    c->seed, c->seed, f->why);
	if (failed <= SHRUNK_MAX) {
		soak_shrink(&small, &must, scratch, f);
		printf("  small: %s\n", f->why);
		keep(&small, must, folder);
	}
	free(must);
	fflush(stdout);
}

static void run_batch(uint64_t first, size_t count, const char *folder)
{
	static struct soak_case cases[BATCH];
	static char *answers[BATCH];
	struct soak_finding finding;
	size_t i, at = 0, n;

	for (i = 0; i < count; i++)
		(hard ? soak_hard_draw : soak_draw)(&cases[i], first + i);
	soak_ask(cases, count, scratch, answers);
	while (at < count) {
		n = soak_judge_all(cases + at, answers + at, count - at,
		    scratch, &finding);
		passed += n;
		at += n;
		if (at < count)
			note_failure(&cases[at], answers[at], &finding, folder);
		at++;
	}
	for (i = 0; i < count; i++)
		free(answers[i]);
}

int main(int argc, char **argv)
{
	uint64_t first, last, count;

	hard = argc > 1 && strcmp(argv[1], "--hard") == 0;
	argv += hard;
	if (argc - hard != 3 ||
	    sscanf(argv[1], "%" SCNu64 "..%" SCNu64, &first, &last) != 2 ||
	    first > last) {
		fprintf(stderr, "usage: soak_main [--hard] A..B FOLDER\n");
		return 2;
	}
	make_scratch();
	for (; first <= last; first += count) {
		count = last - first + 1 < BATCH ? last - first + 1 : BATCH;
		run_batch(first, count, argv[2]);
	}
	remove_scratch();
	printf("%" PRIu64 " passed, %" PRIu64 " failed\n", passed, failed);
	return failed > 0;
}
