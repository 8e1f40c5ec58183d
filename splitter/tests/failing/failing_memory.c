/* failing_memory.c: allocations that fail on cue. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <xxhash.h>

#include "splitter/tests/failing/failing_impl.h"

/* Adds an allocation to the ledger if the allocation succeeded. */
static void *entered(void *p)
{
	if (p != NULL)
		failing_allocated(1);
	return p;
}

void *failing_malloc(size_t bytes)
{
	return failing_now(FAILING_MEMORY) ? NULL : entered(malloc(bytes));
}

void *failing_calloc(size_t count, size_t bytes)
{
	return failing_now(FAILING_MEMORY) ? NULL
					   : entered(calloc(count, bytes));
}

void *failing_realloc(void *old, size_t bytes)
{
	if (failing_now(FAILING_MEMORY))
		return NULL;
	return old == NULL ? entered(malloc(bytes)) : realloc(old, bytes);
}

void *failing_reallocarray(void *old, size_t count, size_t bytes)
{
	if (failing_now(FAILING_MEMORY))
		return NULL;
	return old == NULL ? entered(calloc(count, bytes))
			   : reallocarray(old, count, bytes);
}

void failing_free(void *p)
{
	if (p != NULL)
		failing_allocated(-1);
	free(p);
}

char *failing_strdup(const char *text)
{
	return failing_now(FAILING_MEMORY) ? NULL : entered(strdup(text));
}

char *failing_strndup(const char *text, size_t bytes)
{
	return failing_now(FAILING_MEMORY) ? NULL
					   : entered(strndup(text, bytes));
}

/*
 * asprintf() leaves an undefined pointer if it fails, so the caller must not
 * use it.
 */
static int print(char **text, const char *format, va_list args)
{
	int n;

	if (failing_now(FAILING_MEMORY)) {
		*text = (char *)1;
		return -1;
	}
	n = vasprintf(text, format, args);
	if (n >= 0)
		entered(*text);
	return n;
}

int failing_asprintf(char **text, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = print(text, format, args);
	va_end(args);
	return n;
}

int failing_asprintf_chk(char **text, int flag, const char *format, ...)
{
	va_list args;
	int n;

	(void)flag;
	va_start(args, format);
	n = print(text, format, args);
	va_end(args);
	return n;
}

int failing_vasprintf(char **text, const char *format, va_list args)
{
	return print(text, format, args);
}

int failing_vasprintf_chk(char **text, int flag, const char *format,
    va_list args)
{
	(void)flag;
	return print(text, format, args);
}

ssize_t failing_getdelim(char **line, size_t *bytes, int end, FILE *from)
{
	bool had = *line != NULL;
	ssize_t n;

	if (failing_now(FAILING_MEMORY))
		return -1;
	n = getdelim(line, bytes, end, from);
	if (!had)
		entered(*line);
	return n;
}

/* A stream into memory, each growth of which may fail. */
struct memory {
	char **bytes;
	size_t *count;
	bool failed; /* a growth has failed; fclose reports it */
};

static ssize_t grow(void *cookie, const char *from, size_t count)
{
	struct memory *m = cookie;
	char *grown = failing_now(FAILING_MEMORY)
	    ? NULL
	    : realloc(*m->bytes, *m->count + count + 1);

	if (grown == NULL) {
		m->failed = true;
		return 0; /* 0 bytes written is an error for the stream */
	}
	memcpy(grown + *m->count, from, count);
	*m->count += count;
	grown[*m->count] = '\0';
	*m->bytes = grown;
	return (ssize_t)count;
}

static int end(void *cookie)
{
	struct memory *m = cookie;
	int rc = m->failed ? -1 : 0;

	free(m);
	return rc;
}

FILE *failing_open_memstream(char **bytes, size_t *count)
{
	static const cookie_io_functions_t functions = { .write = grow,
		.close = end };
	struct memory *m;
	FILE *stream;

	if (failing_now(FAILING_MEMORY))
		return NULL;
	m = malloc(sizeof *m);
	*bytes = entered(calloc(1, 1));
	*count = 0;
	stream = m == NULL ? NULL : fopencookie(m, "w", functions);
	if (stream == NULL || *bytes == NULL)
		abort();
	m->bytes = bytes;
	m->count = count;
	m->failed = false;
	return stream;
}

locale_t failing_newlocale(int mask, const char *name, locale_t base)
{
	locale_t locale = failing_now(FAILING_MEMORY)
	    ? (locale_t)0
	    : newlocale(mask, name, base);

	if (locale != (locale_t)0)
		failing_allocated(1);
	return locale;
}

void failing_freelocale(locale_t locale)
{
	failing_allocated(-1);
	freelocale(locale);
}

void *failing_createState(void)
{
	return failing_now(FAILING_MEMORY) ? NULL : entered(XXH3_createState());
}

int failing_freeState(void *state)
{
	if (state != NULL)
		failing_allocated(-1);
	return (int)XXH3_freeState(state);
}
