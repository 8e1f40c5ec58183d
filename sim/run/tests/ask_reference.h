/*
 * ask_reference.h: passes cases to the reference of the splitter's rules.
 *
 * parts_reference.py implements the written rules, independent of the code; it
 * describes the form of a case.
 */
#ifndef SIM_TESTS_ASK_REFERENCE_H
#define SIM_TESTS_ASK_REFERENCE_H

#include <stddef.h>
#include <stdio.h>

/*
 * Starts it on a file of cases, one per line.  Its answers, one per line, must
 * be read to their end; close with pclose().  Returns NULL with a message if it
 * cannot be started.
 */
FILE *ask_reference(const char *cases, char *err, size_t err_bytes);

#endif
