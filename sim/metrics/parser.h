/*
 * parser.h: where a parser of an expression is, and where its errors go.
 */
#ifndef SIM_METRICS_PARSER_H
#define SIM_METRICS_PARSER_H

#include <stddef.h>

struct parser {
	const char *text;
	const char *at;
	size_t *column; /* of an error, from 0 */
	char *err;
	size_t err_bytes;
};

/* Stores the message and the column of an error at `at`.  Returns -1. */
int parser_fail(struct parser *parser, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void parser_skip_blanks(struct parser *parser);

#endif
