/* progress.c: see progress.h. */
#include "sim/command/run/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "splitter/base/clock.h"

static const int64_t second_ns = 1000000000;

void run_progress_begin(struct run_progress *p, size_t count)
{
	*p = (struct run_progress){ .on = isatty(STDERR_FILENO) && count > 1,
		.count = count,
		.begun_ns = clock_now_ns() };
}

void run_progress_left(char *text, size_t bytes, size_t ended, size_t count,
    int64_t passed_ns)
{
	long long left_s;

	text[0] = '\0';
	if (ended == 0 || passed_ns < second_ns)
		return;
	left_s = (long long)((double)passed_ns / (double)ended *
		(double)(count - ended) / (double)second_ns +
	    0.5);
	if (left_s >= 3600)
		snprintf(text, bytes, "%lld h %lld min left", left_s / 3600,
		    left_s / 60 % 60);
	else if (left_s >= 60)
		snprintf(text, bytes, "%lld min %lld s left", left_s / 60,
		    left_s % 60);
	else
		snprintf(text, bytes, "%lld s left", left_s);
}

void run_progress_show(struct run_progress *p, size_t ended, size_t running)
{
	char left[64], failed[32] = "";

	if (!p->on)
		return;
	run_progress_left(left, sizeof left, ended, p->count,
	    clock_now_ns() - p->begun_ns);
	if (p->failed > 0)
		snprintf(failed, sizeof failed, ", %zu failed", p->failed);
	fprintf(stderr, "\r\033[K%zu of %zu, %zu running%s%s%s", ended,
	    p->count, running, failed, left[0] != '\0' ? ", " : "", left);
	fflush(stderr);
	p->shown = true;
}

void run_progress_clear(struct run_progress *p)
{
	if (!p->shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	p->shown = false;
}
