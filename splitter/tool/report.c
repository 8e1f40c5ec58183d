/* report.c: see report.h. */
#include "splitter/tool/report.h"

#include <stdarg.h>
#include <stdio.h>

#include "splitter/base/sentence.h"

enum { REPORT_BYTES = 1024 };

static _Thread_local struct report_receiver receiver;

void report_print(const char *format, ...)
{
	char text[REPORT_BYTES];
	va_list ap;

	va_start(ap, format);
	sentence_v(text, sizeof text, format, ap);
	va_end(ap);
	if (receiver.receive != NULL)
		receiver.receive(receiver.arg, text);
	else
		fprintf(stderr, "tapelab: %s\n", text);
}

void report_receive(void (*receive)(void *arg, const char *message), void *arg)
{
	receiver.receive = receive;
	receiver.arg = arg;
}

struct report_receiver report_receiver(void)
{
	return receiver;
}
