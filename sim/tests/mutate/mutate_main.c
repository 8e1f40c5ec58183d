/*
 * mutate_main.c: changes scenarios, one thing at a time; each must fail then.
 *
 * Usage: mutate_main [--share I/N] [--list] FOLDER|FILE...
 *
 * Of each fault these are changed: the fault is deleted; a word (sense data,
 * cause, mode, operation) is replaced by the next one that is valid; a place (a
 * byte, a block, a volume, a number) by the next one; a time or a factor is
 * doubled; a boolean is inverted.  The keys of `library.behaviour`, and of the
 * behaviour of each drive, are changed in the same way.  The `loads` of a volume
 * are deleted.
 *
 * A mutant is named as in "faults[2].sense".  One that its scenario does not
 * notice needs a reason, in a comment of the file:
 *
 *     # survives faults[2].sense: both errors end a volume in the same way
 *
 * A reason of a mutant that does not survive is an error, too.  Faults that are
 * `unreached` are not changed.  Each case of a file that has the mutant must
 * notice it.
 *
 * With --share only every Nth file is changed, from the Ith on; N=0: all.
 */
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/compose/compose.h"
#include "sim/run/run.h"
#include "sim/scenario/reader.h"
#include "sim/tests/mutate/neighbour.h"
#include "sim/tests/mutate/tree.h"
#include "splitter/base/grow.h"

enum { NAME_BYTES = 96, REASONS_MAX = 64, TRIES_MAX = 64 };

enum verdict { INVALID, NOTICED, SURVIVED };

/* A mutant of a file, over all its cases. */
struct mutant {
	char name[NAME_BYTES];
	char change[NAME_BYTES * 2];
	bool survived;       /* in a case at least */
	char in[NAME_BYTES]; /* the first such case; "": the only one */
};

struct reason {
	char name[NAME_BYTES];
	int line;
	bool used;
};

struct file {
	const char *path;
	struct mutant *mutants;
	size_t count;
	struct reason reasons[REASONS_MAX];
	size_t reasons_count;
	uint64_t seed;
	const char *label; /* of the case that is changed */
	bool all;          /* list all mutants */
};

struct tally {
	size_t mutants, noticed, explained, bad;
};

static void ignore(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

/* Runs a tree. */
static enum verdict judge(const struct file *file, const struct yaml_tree *tree)
{
	const struct run_options options = { .seed = file->seed };
	struct scenario *s = scenario_read_tree(tree, file->path, ignore, NULL);
	struct results_scenario *results;
	enum verdict verdict = NOTICED;
	char err[512];

	if (s == NULL)
		return INVALID;
	if (run_scenario(s, "mutant", file->path, &options, &results, err,
		sizeof err) == RUN_JUDGED) {
		if (results->status == RESULTS_PASSED)
			verdict = SURVIVED;
		results_scenario_free(results);
	}
	scenario_free(s);
	return verdict;
}

static void add_mutant(struct file *file, const char *name, const char *change,
    enum verdict verdict)
{
	struct mutant *m;
	size_t i = 0;

	if (verdict == INVALID)
		return;
	while (i < file->count && strcmp(file->mutants[i].name, name) != 0)
		i++;
	if (i == file->count) {
		m = grow_by_one(file->mutants, file->count, sizeof *m);
		if (m == NULL)
			abort();
		file->mutants = m;
		memset(&m[file->count++], 0, sizeof *m);
		snprintf(m[i].name, sizeof m[i].name, "%s", name);
		snprintf(m[i].change, sizeof m[i].change, "%s", change);
	}
	if (verdict != SURVIVED || file->mutants[i].survived)
		return;
	file->mutants[i].survived = true;
	snprintf(file->mutants[i].in, sizeof file->mutants[i].in, "%s",
	    file->label);
}

/* Replaces the text of a node, and judges; restores the node. */
static enum verdict try(const struct file *file, const struct yaml_tree *root,
    struct yaml_tree *node, const char *text)
{
	char *old = node->text;
	enum verdict verdict;

	node->text = strdup(text);
	if (node->text == NULL)
		abort();
	verdict = judge(file, root);
	free(node->text);
	node->text = old;
	return verdict;
}

/* Changes one value until a change is valid. */
static void mutate_value(struct file *file, const struct yaml_tree *root,
    struct yaml_tree *node, const struct key *key, uint64_t block_bytes,
    const char *name)
{
	char to[NAME_BYTES], change[NAME_BYTES * 2];
	enum verdict verdict = INVALID;

	if (node->kind != YAML_TREE_TEXT)
		return;
	for (size_t i = 0; verdict == INVALID && i < TRIES_MAX &&
	     neighbour(key, node->text, block_bytes, i, to, sizeof to);
	     i++)
		if (strcmp(to, node->text) != 0)
			verdict = try(file, root, node, to);
	snprintf(change, sizeof change, "%.60s -> %.60s", node->text, to);
	add_mutant(file, name, change, verdict);
}

static const struct key *find_key(const struct key_map *map, uint32_t kinds,
    const char *name)
{
	for (const struct key *key = map->keys; key->name != NULL; key++)
		if (strcmp(key->name, name) == 0 &&
		    (kinds == 0 || (key->kinds & kinds) != 0))
			return key;
	return NULL;
}

/*
 * Deletes a fault.  Expectations about strikes do not count: they name faults by
 * their places.
 */
static void delete_fault(struct file *file, const struct yaml_tree *root,
    struct yaml_tree *faults, size_t i, const char *name)
{
	const struct yaml_tree *steps = tree_get(root, "steps");
	size_t count =
	    steps != NULL && steps->kind == YAML_TREE_LIST ? steps->count : 0;
	struct without_strikes *all = calloc(count + 1, sizeof *all);
	struct yaml_tree *fault;

	if (all == NULL)
		abort();
	all[count] = drop_strikes(tree_get(root, "expect"));
	for (size_t s = 0; s < count; s++)
		if (steps->items[s]->kind == YAML_TREE_MAP)
			all[s] =
			    drop_strikes(tree_get(steps->items[s], "expect"));
	tree_cut(faults, i, 1, &fault);
	add_mutant(file, name, "", judge(file, root));
	tree_restore(faults, i, 1, &fault);
	for (size_t s = 0; s <= count; s++)
		put_strikes_back(&all[s]);
	free(all);
}

static const struct scenario_kind *kind_of(const struct yaml_tree *fault)
{
	const struct yaml_tree *fail = tree_get(fault, "fail");

	for (size_t k = 0; fail != NULL && k < SCENARIO_KINDS; k++)
		if (strcmp(fail->text, scenario_kinds[k].word) == 0)
			return &scenario_kinds[k];
	return NULL;
}

static void mutate_fault(struct file *file, const struct yaml_tree *root,
    struct yaml_tree *faults, size_t i, uint64_t block_bytes)
{
	const struct yaml_tree *fault = faults->items[i];
	const struct scenario_kind *kind = kind_of(fault);
	char name[NAME_BYTES];

	if (kind == NULL || tree_get(fault, "unreached") != NULL)
		return;
	snprintf(name, sizeof name, "faults[%zu]", i + 1);
	delete_fault(file, root, faults, i, name);
	for (size_t k = 0; k + 1 < fault->count; k += 2) {
		const char *word = fault->items[k]->text;
		const struct key *key = find_key(scenario_fault_map(kind->fail),
		    SCENARIO_KIND(kind->fail), word);

		if (key == NULL || strcmp(word, "fail") == 0 ||
		    strcmp(word, "dump") == 0)
			continue;
		snprintf(name, sizeof name, "faults[%zu].%.40s", i + 1, word);
		mutate_value(file, root, fault->items[k + 1], key, block_bytes,
		    name);
	}
}

/*
 * Deletes each key of a behaviour, and changes it.  `of` is the name of the
 * behaviour.
 */
static void mutate_behaviour(struct file *file, const struct yaml_tree *root,
    struct yaml_tree *map, uint64_t block_bytes, const char *of)
{
	struct yaml_tree *removed[2];
	char name[NAME_BYTES];

	if (map == NULL || map->kind != YAML_TREE_MAP)
		return;
	for (size_t k = 0; k + 1 < map->count; k += 2) {
		const char *word = map->items[k]->text;
		const struct key *key =
		    find_key(&scenario_behaviour_map, 0, word);

		if (key == NULL)
			continue;
		snprintf(name, sizeof name, "%.24s.%.40s deleted", of, word);
		tree_cut(map, k, 2, removed);
		add_mutant(file, name, "", judge(file, root));
		tree_restore(map, k, 2, removed);
		snprintf(name, sizeof name, "%.24s.%.40s", of, word);
		mutate_value(file, root, map->items[k + 1], key, block_bytes,
		    name);
	}
}

/* Mutates the behaviour of the library, and that of each drive. */
static void mutate_behaviours(struct file *file, const struct yaml_tree *root,
    const struct yaml_tree *library, uint64_t block_bytes)
{
	const struct yaml_tree *drives = tree_get(library, "drives");
	char of[NAME_BYTES];

	mutate_behaviour(file, root, tree_get(library, "behaviour"),
	    block_bytes, "behaviour");
	for (size_t i = 0; drives != NULL && drives->kind == YAML_TREE_LIST &&
	     i < drives->count;
	     i++) {
		snprintf(of, sizeof of, "drives[%zu]", i + 1);
		mutate_behaviour(file, root,
		    tree_get(drives->items[i], "behaviour"), block_bytes, of);
	}
}

/* Deletes the loads of each volume that has some. */
static void mutate_loads(struct file *file, const struct yaml_tree *root,
    const struct yaml_tree *volumes)
{
	struct yaml_tree *removed[2];
	char name[NAME_BYTES];

	for (size_t i = 0; volumes != NULL && volumes->kind == YAML_TREE_LIST &&
	     i < volumes->count;
	     i++) {
		struct yaml_tree *map = volumes->items[i];

		for (size_t k = 0;
		     map->kind == YAML_TREE_MAP && k + 1 < map->count; k += 2) {
			if (strcmp(map->items[k]->text, "loads") != 0)
				continue;
			snprintf(name, sizeof name, "volumes[%zu].loads",
			    i + 1);
			tree_cut(map, k, 2, removed);
			add_mutant(file, name, "", judge(file, root));
			tree_restore(map, k, 2, removed);
		}
	}
}

/* Whether a drive of the library, or the library, has a behaviour. */
static bool has_behaviour(const struct yaml_tree *library)
{
	const struct yaml_tree *drives = tree_get(library, "drives");

	for (size_t i = 0; drives != NULL && drives->kind == YAML_TREE_LIST &&
	     i < drives->count;
	     i++)
		if (tree_get(drives->items[i], "behaviour") != NULL)
			return true;
	return tree_get(library, "behaviour") != NULL;
}

/* Mutates a case.  Returns false if the case does not pass as it is. */
static bool mutate_tree(struct file *file, struct yaml_tree *root)
{
	struct yaml_tree *faults = tree_get(root, "faults"),
			 *library = tree_get(root, "library");
	const struct yaml_tree *volumes = tree_get(library, "volumes");
	struct scenario *s;
	uint64_t block_bytes;

	if ((faults == NULL || faults->kind != YAML_TREE_LIST) &&
	    !has_behaviour(library) &&
	    (volumes == NULL || volumes->kind != YAML_TREE_LIST))
		return true;
	s = scenario_read_tree(root, file->path, ignore, NULL);
	if (s == NULL || judge(file, root) != SURVIVED) {
		printf("%s%s: does not pass as it is\n", file->path,
		    file->label);
		scenario_free(s);
		return false;
	}
	block_bytes = s->splitter.block_bytes;
	scenario_free(s);
	for (size_t i = 0; faults != NULL && faults->kind == YAML_TREE_LIST &&
	     i < faults->count;
	     i++)
		if (faults->items[i]->kind == YAML_TREE_MAP)
			mutate_fault(file, root, faults, i, block_bytes);
	mutate_behaviours(file, root, library, block_bytes);
	mutate_loads(file, root, volumes);
	return true;
}

/* Reads the comments "# survives NAME: reason". */
static void read_reasons(struct file *file, const char *text)
{
	static const char mark[] = "# survives ";
	int line = 1;

	for (const char *at = text; *at != '\0'; at++) {
		const char *end = strpbrk(at, ":\n");

		line += *at == '\n';
		if (strncmp(at, mark, sizeof mark - 1) != 0 || end == NULL ||
		    *end != ':' || file->reasons_count == REASONS_MAX)
			continue;
		at += sizeof mark - 1;
		snprintf(file->reasons[file->reasons_count].name, NAME_BYTES,
		    "%.*s", (int)(end - at), at);
		file->reasons[file->reasons_count++].line = line;
	}
}

static struct reason *find_reason(struct file *file, const char *name)
{
	for (size_t i = 0; i < file->reasons_count; i++)
		if (strcmp(file->reasons[i].name, name) == 0)
			return &file->reasons[i];
	return NULL;
}

static void report(struct file *file, struct tally *tally)
{
	for (size_t i = 0; i < file->count; i++) {
		const struct mutant *m = &file->mutants[i];
		struct reason *reason = find_reason(file, m->name);

		tally->mutants++;
		tally->noticed += !m->survived;
		if (m->survived && reason != NULL)
			tally->explained++;
		if (reason != NULL)
			reason->used = m->survived;
		if ((m->survived && reason == NULL) || file->all)
			printf("%s%s: %s %s%s%s\n", file->path, m->in, m->name,
			    m->survived ? "survives" : "is noticed",
			    m->change[0] != '\0' ? ": " : "", m->change);
		tally->bad += m->survived && reason == NULL;
	}
	for (size_t i = 0; i < file->reasons_count; i++)
		if (!file->reasons[i].used) {
			printf("%s:%d: %s does not survive, or is no mutant: "
			       "remove the reason\n",
			    file->path, file->reasons[i].line,
			    file->reasons[i].name);
			tally->bad++;
		}
	fflush(stdout);
}

static void mutate_file(const char *path, bool all, struct tally *tally)
{
	const struct compose_options options = { .seed = 1 };
	struct yaml_errors errors = { 0 };
	struct file file = { .path = path, .all = all };
	struct compose *compose = compose_read(path, &options, &errors);

	if (compose == NULL) {
		printf("%s: cannot be read\n", path);
		tally->bad++;
	} else {
		read_reasons(&file, compose_text(compose));
		for (uint64_t n = 0; n < compose_count(compose); n++) {
			struct compose_case c = { 0 };
			char *label;

			if (compose_case(compose, n, &c, &errors) != 0 ||
			    c.clock == COMPOSE_REAL)
				continue;
			file.seed = c.has_seed ? c.seed : 1;
			label = compose_case_label(compose, n);
			if (label == NULL)
				abort();
			file.label = label;
			tally->bad += !mutate_tree(&file, c.tree);
			yaml_tree_free(c.tree);
			c.tree = NULL;
			compose_case_clear(&c);
			free(label);
		}
		report(&file, tally);
	}
	compose_free(compose);
	yaml_errors_clear(&errors);
	free(file.mutants);
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

int main(int argc, char **argv)
{
	unsigned share = 0, shares = 1, number = 0;
	struct tally tally = { 0 };
	bool all = false;
	FTSENT *e;
	FTS *fts;
	int first = 1;

	for (; first < argc && argv[first][0] == '-'; first++) {
		if (strcmp(argv[first], "--list") == 0)
			all = true;
		else if (strcmp(argv[first], "--share") != 0 ||
		    ++first == argc ||
		    sscanf(argv[first], "%u/%u", &share, &shares) != 2 ||
		    shares == 0)
			return 2;
	}
	if (first == argc)
		return 2;
	fts = fts_open(argv + first, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	if (fts == NULL)
		return 2;
	while ((e = fts_read(fts)) != NULL) {
		const char *dot = strrchr(e->fts_name, '.');

		if (e->fts_info == FTS_F && dot != NULL &&
		    strcmp(dot, ".yaml") == 0 && number++ % shares == share)
			mutate_file(e->fts_path, all, &tally);
	}
	fts_close(fts);
	printf("%zu mutants of scenarios: %zu noticed, %zu survive with a "
	       "reason\n",
	    tally.mutants, tally.noticed, tally.explained);
	printf("%zu passed, %zu failed\n", tally.noticed + tally.explained,
	    tally.bad);
	return tally.bad == 0 ? 0 : 1;
}
