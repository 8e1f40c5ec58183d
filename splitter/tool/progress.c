/* progress.c: the progress of a dump on a terminal. */
#include "splitter/tool/progress.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "splitter/base/sentence.h"
#include "splitter/base/clock.h"
#include "splitter/tool/report.h"

enum {
	RENEW_NS = 200000000,
	SECOND_NS = 1000000000,
	MINUTE_S = 60,
	HOUR_S = 3600,
	SAY_BYTES = 1024
};

void progress_begin(struct progress *p, bool quiet, uint64_t buffer_bytes,
    void (*format_rate)(double bytes_per_s, char *text, size_t text_bytes))
{
	memset(p, 0, sizeof *p);
	p->shown = !quiet && format_rate != NULL && isatty(STDERR_FILENO);
	p->format_rate = format_rate;
	p->buffer_bytes = buffer_bytes;
	pthread_mutex_init(&p->lock, NULL);
}

/* Clears the line.  The caller holds the lock. */
static void clear_line(struct progress *p)
{
	if (p->line)
		fputs("\r\033[K", stderr);
	p->line = false;
}

static double rate(const struct progress *p, uint64_t bytes, int64_t now_ns)
{
	double seconds = (double)(now_ns - p->before_ns) / SECOND_NS;

	return seconds <= 0 ? 0 : (double)(bytes - p->before_bytes) / seconds;
}

/*
 * Shortens the line to the width of the terminal: leaves out whole fields from
 * the end.  Fields are separated by two blanks.
 */
static void fit(char *line)
{
	struct winsize size;
	char *end;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
		return;
	/* The cursor needs a column after the last character. */
	while (strlen(line) >= size.ws_col) {
		for (end = line + strlen(line);
		     end > line + 1 && strncmp(end - 2, "  ", 2) != 0; end--)
			;
		line[end > line + 1 ? end - 2 - line : size.ws_col - 1] = '\0';
	}
}

/* Shows the progress.  The caller holds the lock. */
static void show(struct progress *p, const struct splitter_progress *at)
{
	int64_t now_ns = clock_now_ns();
	int64_t elapsed_s = (now_ns - p->begun_ns) / SECOND_NS;
	uint64_t fill = p->buffer_bytes == 0
	    ? 0
	    : at->waiting_bytes * 100 / p->buffer_bytes;
	char size[64], speed[64], line[256];

	p->format_rate((double)at->accepted_bytes, size, sizeof size);
	/* A size is formatted as a rate, without the final "/s". */
	size[strlen(size) - 2] = '\0';
	p->format_rate(rate(p, at->accepted_bytes, now_ns), speed,
	    sizeof speed);
	snprintf(line, sizeof line,
	    "%" PRId64 ":%02d:%02d  %s  %s  buffer %" PRIu64
	    " %%  part %" PRIu64 "%s%s",
	    elapsed_s / HOUR_S, (int)(elapsed_s / MINUTE_S % 60),
	    (int)(elapsed_s % MINUTE_S), size, speed, fill > 100 ? 100 : fill,
	    at->part, p->volume[0] != '\0' ? "  volume " : "", p->volume);
	fit(line);
	clear_line(p);
	fputs(line, stderr);
	fflush(stderr);
	p->line = true;
	p->before_ns = now_ns;
	p->before_bytes = at->accepted_bytes;
}

static void *show_thread(void *arg)
{
	struct progress *p = arg;
	struct splitter_progress at;
	int64_t next_ns = p->begun_ns;

	while (timer_until(p->nap, next_ns += RENEW_NS)) {
		splitter_get_progress(p->dump, &at, sizeof at);
		pthread_mutex_lock(&p->lock);
		show(p, &at);
		pthread_mutex_unlock(&p->lock);
	}
	return NULL;
}

void progress_watch(struct progress *p, struct splitter *dump)
{
	struct splitter_progress at;
	char err[256];

	if (!p->shown)
		return;
	splitter_get_progress(dump, &at, sizeof at);
	p->dump = dump;
	p->begun_ns = p->before_ns = clock_now_ns();
	p->before_bytes = at.accepted_bytes;
	p->nap = timer_new(-1, NULL, NULL, err, sizeof err);
	if (p->nap != NULL &&
	    pthread_create(&p->thread, NULL, show_thread, p) == 0)
		return;
	timer_free(p->nap);
	p->nap = NULL;
}

void progress_unwatch(struct progress *p)
{
	if (p->nap == NULL)
		return;
	timer_wake(p->nap);
	pthread_join(p->thread, NULL);
	timer_free(p->nap);
	p->nap = NULL;
}

void progress_volume(struct progress *p, const char *barcode)
{
	pthread_mutex_lock(&p->lock);
	snprintf(p->volume, sizeof p->volume, "%s",
	    barcode == NULL ? "" : barcode);
	pthread_mutex_unlock(&p->lock);
}

void progress_print(struct progress *p, const char *format, ...)
{
	char text[SAY_BYTES];
	va_list ap;

	va_start(ap, format);
	sentence_v(text, sizeof text, format, ap);
	va_end(ap);
	pthread_mutex_lock(&p->lock);
	if (reported_new(&p->printed, text)) {
		clear_line(p);
		report_print("%s", text);
	}
	pthread_mutex_unlock(&p->lock);
}

bool progress_has_printed(struct progress *p, const char *text)
{
	bool has;

	pthread_mutex_lock(&p->lock);
	has = reported_holds(&p->printed, text);
	pthread_mutex_unlock(&p->lock);
	return has;
}

void progress_end(struct progress *p)
{
	size_t i;

	clear_line(p);
	for (i = 0; i < p->printed.count; i++)
		if (p->printed.list[i].more > 0)
			report_print("%u more time%s: %s",
			    p->printed.list[i].more,
			    p->printed.list[i].more == 1 ? "" : "s",
			    p->printed.list[i].text);
	reported_clear(&p->printed);
	fflush(stderr);
	pthread_mutex_destroy(&p->lock);
}
