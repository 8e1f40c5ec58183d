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

/* The names of the types, indexed by enum header_type and ended by NULL. */
extern const char *const header_types[];

#endif
