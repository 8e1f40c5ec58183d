/* print.h: text of any length. */
#ifndef SIM_TUNE_PRINT_H
#define SIM_TUNE_PRINT_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * Like vsprintf(), into memory that the caller frees.  Returns NULL without
 * memory.
 */
static inline char *__attribute__((format(printf, 1, 0)))
tune_print_v(const char *format, va_list args)
{
	va_list again;
	char *text;
	int bytes;

	va_copy(again, args);
	bytes = vsnprintf(NULL, 0, format, again);
	va_end(again);
	text = bytes < 0 ? NULL : malloc((size_t)bytes + 1);
	if (text != NULL)
		vsnprintf(text, (size_t)bytes + 1, format, args);
	return text;
}

#endif
