/*
 * ask_reference.h: puts cases to the reference of the splitter's rules.
 *
 * parts_reference.py knows the written rules and nothing of the code; it says
 * there what a case looks like.
 */
#ifndef SIM_TESTS_ASK_REFERENCE_H
#define SIM_TESTS_ASK_REFERENCE_H

#include <stddef.h>
#include <stdio.h>

/*
 * Has it read the file of cases, a line each; its answers, a line each, can
 * be read, to their end, and are closed with pclose().  NULL with a message
 * where it cannot be started.
 */
FILE *ask_reference(const char *cases, char *err, size_t err_bytes);

#endif
