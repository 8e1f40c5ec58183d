/* parser.c: see parser.h. */
#include "sim/metrics/parser.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>

int parser_fail(struct parser *parser, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(parser->err, parser->err_bytes, format, args);
	va_end(args);
	*parser->column = (size_t)(parser->at - parser->text);
	return -1;
}

void parser_skip_blanks(struct parser *parser)
{
	while (isspace((unsigned char)*parser->at))
		parser->at++;
}
