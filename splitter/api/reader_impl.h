/*
 * reader_impl.h: what the files of reader.h share.
 *
 *   scan.c   scans
 *   read.c   reading a dump back
 */
#ifndef SPLITTER_API_READER_IMPL_H
#define SPLITTER_API_READER_IMPL_H

#include "splitter/api/reader.h"
#include "splitter/read/scan.h"

struct splitter_scan {
	struct scan *scan;
	struct splitter_scan_config config;
};

/* The public form of a part. */
struct splitter_scan_part api_scan_part(const struct scan_part *part);

#endif
