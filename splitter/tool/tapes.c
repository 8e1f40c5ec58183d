/* tapes.c: forwards to the tapes that the program supplies. */
#include "splitter/tool/tapes.h"

#include <string.h>

#include "splitter/tool/report.h"

struct tape_library *tapes_library(const struct tapes *t)
{
	return t->library;
}

void tapes_take_missed(struct tapes *t, struct tapes_missed *missed)
{
	memset(missed, 0, sizeof *missed);
	if (t->ops->take_missed != NULL)
		t->ops->take_missed(t, missed);
}

int tapes_each(struct tapes *t,
    bool (*each)(void *arg, const char *barcode, const char *why), void *arg,
    char *err, size_t err_bytes)
{
	return t->ops->each != NULL ? t->ops->each(t, each, arg, err, err_bytes)
				    : 0;
}

int tapes_inherit(struct tapes *t, const struct tapes *from)
{
	return t->ops->inherit != NULL ? t->ops->inherit(t, from) : 0;
}

void tapes_each_lost(struct tapes *t,
    void (*each)(void *arg, const char *barcode, bool lost, const char *why),
    void *arg)
{
	if (t != NULL && t->ops->each_lost != NULL)
		t->ops->each_lost(t, each, arg);
}

bool tapes_may_overwrite(const struct tapes *t, const char *what, bool yes)
{
	return t->ops->may_overwrite != NULL &&
	    t->ops->may_overwrite(t, what, yes);
}

void tapes_warn(struct tapes *t, const char *message)
{
	if (reported_new(&t->warned, message))
		report_print("%s", message);
}

void tapes_close(struct tapes *t)
{
	if (t == NULL)
		return;
	reported_clear(&t->warned);
	t->ops->close(t);
}
