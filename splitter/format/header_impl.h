/*
 * header_impl.h: what the files of the headers share.
 *
 *   header.c         names; writes a header
 *   header_parse.c   reads a header
 */
#ifndef SPLITTER_HEADER_IMPL_H
#define SPLITTER_HEADER_IMPL_H

#include "splitter/format/header.h"

#define HEADER_CHECK "check: "

/* By enum header_type; NULL after the last one. */
extern const char *const header_types[];

#endif
