/*
 * header_impl.h: what the files of the headers share and nobody else includes.
 *
 *   header.c         names; writing a header
 *   header_parse.c   reading one
 */
#ifndef SPLITTER_HEADER_IMPL_H
#define SPLITTER_HEADER_IMPL_H

#include "splitter/format/header.h"

#define HEADER_CHECK "check: "

/* By enum header_type; NULL behind the last. */
extern const char *const header_types[];

#endif
