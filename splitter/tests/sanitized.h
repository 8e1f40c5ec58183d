/*
 * sanitized.h: under a sanitizer each case takes several times as long, so of
 * many that are alike one in SANITIZED is run.  The numbers are primes, that
 * it be not always the same kind.
 */
#ifndef SPLITTER_TESTS_SANITIZED_H
#define SPLITTER_TESTS_SANITIZED_H

#if defined(__SANITIZE_THREAD__)
enum { SANITIZED = 13 };
#elif defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 7 };
#else
enum { SANITIZED = 1 };
#endif

#endif
