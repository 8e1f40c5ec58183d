/* progress.c: what a person sees of a dump that is being written. */
#include "sim/progress.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/units.h"

enum { RENEW_NS = 200000000 };

void progress_begin(struct progress *p, bool quiet, uint64_t buffer_bytes)
{
	memset(p, 0, sizeof *p);
	p->shown = !quiet && isatty(STDERR_FILENO);
	p->buffer_bytes = buffer_bytes;
	p->part = 1;
}

static void clear_line(struct progress *p)
{
	if (p->line)
		fputs("\r\033[K", stderr);
	p->line = false;
}

static double rate(const struct progress *p, const struct transfer_moment *m)
{
	double seconds = (double)(m->now_ns - p->before_ns) / 1e9;

	return seconds <= 0 ? 0 :
	    (double)(m->accepted_bytes - p->before_bytes) / seconds;
}

static void show(struct progress *p, const struct transfer_moment *m)
{
	char size[64], speed[64];
	uint64_t fill = p->buffer_bytes == 0 ? 0 :
	    m->waiting_bytes * 100 / p->buffer_bytes;

	units_format_rate((double)m->accepted_bytes, size, sizeof size);
	/* A size in powers of 1000, as a rate without its "/s". */
	size[strlen(size) - 2] = '\0';
	units_format_rate(rate(p, m), speed, sizeof speed);
	clear_line(p);
	fprintf(stderr, "%s  %s  buffer %" PRIu64 " %%  part %" PRIu64 "%s%s",
	    size, speed, fill > 100 ? 100 : fill, p->part,
	    p->volume[0] != '\0' ? "  volume " : "", p->volume);
	fflush(stderr);
	p->line = true;
	p->before_ns = m->now_ns;
	p->before_bytes = m->accepted_bytes;
}

void progress_moment(struct progress *p, const struct transfer_moment *m)
{
	if (m->step != NULL && m->step->kind == CORE_HEADER)
		p->part = m->step->part;
	if (!p->shown || m->now_ns < p->next_ns)
		return;
	if (p->next_ns > 0) {
		show(p, m);
	} else {	/* a rate is between two moments */
		p->before_ns = m->now_ns;
		p->before_bytes = m->accepted_bytes;
	}
	p->next_ns = m->now_ns + RENEW_NS;
}

void progress_volume(struct progress *p, const char *barcode)
{
	snprintf(p->volume, sizeof p->volume, "%s", barcode == NULL ? "" :
	    barcode);
}

void progress_say(struct progress *p, const char *format, ...)
{
	va_list ap;

	clear_line(p);
	fputs("tapelab: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
}

void progress_end(struct progress *p)
{
	clear_line(p);
	fflush(stderr);
}
