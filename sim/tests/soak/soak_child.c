/* soak_child.c: judges cases in a child process, which may crash or hang. */
#include "sim/tests/soak/soak_judge.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/run/virtual/tests/ask_reference.h"

enum { HANGS_AFTER_S = 60 };

/* The messages of the child process. */
struct told {
	size_t at;
	struct soak_finding finding;
};

static void give_up(const char *what)
{
	fprintf(stderr, "soak: %s\n", what);
	exit(2);
}

static void write_questions(const struct soak_case *cases, size_t count,
    const char *path)
{
	FILE *to = fopen(path, "w");
	size_t i;

	if (to == NULL)
		give_up(path);
	for (i = 0; i < count; i++)
		soak_write_question(&cases[i], to);
	if (fclose(to) != 0)
		give_up(path);
}

void soak_ask(const struct soak_case *cases, size_t count, const char *folder,
    char **answers)
{
	char path[512], err[256];
	size_t i, room;
	FILE *from;

	for (i = 0; i < count; i++)
		if ((answers[i] = cases[i].hard.is ? strdup("") : NULL) == NULL)
			break;
	if (i == count)
		return;
	snprintf(path, sizeof path, "%s/questions", folder);
	write_questions(cases, count, path);
	from = ask_reference(path, err, sizeof err);
	if (from == NULL)
		give_up(err);
	for (i = 0; i < count; i++) {
		answers[i] = NULL;
		room = 0;
		if (getline(&answers[i], &room, from) < 0)
			give_up("the reference gave no answer");
		answers[i][strcspn(answers[i], "\n")] = '\0';
	}
	pclose(from);
}

static void judge_on(struct told *told, const struct soak_case *cases,
    char *const *answers, size_t count, const char *folder, const char *said)
{
	int fd = open(said, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd == -1 || dup2(fd, STDERR_FILENO) == -1)
		_exit(1);
	for (; told->at < count; told->at++) {
		alarm(HANGS_AFTER_S);
		soak_judge(&cases[told->at], answers[told->at], folder,
		    &told->finding);
		if (told->finding.verdict != SOAK_GOOD)
			break;
	}
	_exit(0);
}

/* The child process has died; its last message gives the reason. */
static void note_death(struct soak_finding *f, int status, const char *said)
{
	FILE *from = fopen(said, "r");
	size_t n = 0;

	f->verdict = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM
	    ? SOAK_HANGS
	    : SOAK_DIED;
	if (from != NULL) {
		n = fread(f->why, 1, sizeof f->why - 1, from);
		fclose(from);
	}
	f->why[n] = '\0';
	f->why[strcspn(f->why, "\n")] = '\0';
	if (f->verdict == SOAK_HANGS)
		snprintf(f->why, sizeof f->why, "not done within %d s",
		    HANGS_AFTER_S);
	else if (n == 0)
		snprintf(f->why, sizeof f->why, "ended with status %#x",
		    (unsigned)status);
}

size_t soak_judge_all(const struct soak_case *cases, char *const *answers,
    size_t count, const char *folder, struct soak_finding *finding)
{
	struct told *told = mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char said[512];
	size_t at;
	int status;
	pid_t pid;

	if (told == MAP_FAILED)
		give_up("out of memory");
	snprintf(said, sizeof said, "%s/said", folder);
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		judge_on(told, cases, answers, count, folder, said);
	while (waitpid(pid, &status, 0) == -1)
		if (errno != EINTR)
			give_up("cannot start a process");
	if (status != 0)
		note_death(&told->finding, status, said);
	at = told->at;
	*finding = told->finding;
	munmap(told, sizeof *told);
	return at;
}
