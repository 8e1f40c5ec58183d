/* failing_libraries.c: see failing_libraries.h. */
#include "sim/tests/failing_libraries.h"

#include <assert.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "splitter/tests/failing/failing_impl.h"

/*
 * libyaml calls its allocator by these names.  The linker prefers the functions
 * of the program to those of the library.
 */
void *yaml_malloc(size_t bytes);
void *yaml_realloc(void *old, size_t bytes);
void yaml_free(void *p);
unsigned char *yaml_strdup(const unsigned char *text);

void *yaml_malloc(size_t bytes)
{
	return failing_malloc(bytes > 0 ? bytes : 1);
}

void *yaml_realloc(void *old, size_t bytes)
{
	return failing_realloc(old, bytes > 0 ? bytes : 1);
}

void yaml_free(void *p)
{
	failing_free(p);
}

unsigned char *yaml_strdup(const unsigned char *text)
{
	return text == NULL
	    ? NULL
	    : (unsigned char *)failing_strdup((const char *)text);
}

/* SQLite's own allocator, called by the failing one. */
static sqlite3_mem_methods below;

static void *database_malloc(int bytes)
{
	void *p = failing_now(FAILING_DATABASE) ? NULL : below.xMalloc(bytes);

	failing_allocated(p != NULL);
	return p;
}

static void database_free(void *p)
{
	failing_allocated(p != NULL ? -1 : 0);
	below.xFree(p);
}

static void *database_realloc(void *old, int bytes)
{
	return failing_now(FAILING_DATABASE) ? NULL
					     : below.xRealloc(old, bytes);
}

static int database_open(const char *path, int flags, int mode)
{
	return failing_open(path, flags, mode);
}

/* SQLite has only some of these names, depending on its version. */
static void replace_calls(void)
{
	static const struct {
		const char *name;
		sqlite3_syscall_ptr call;
	} calls[] = {
		{ "open", (sqlite3_syscall_ptr)database_open },
		{ "read", (sqlite3_syscall_ptr)failing_read },
		{ "pread", (sqlite3_syscall_ptr)failing_pread },
		{ "pread64", (sqlite3_syscall_ptr)failing_pread },
		{ "write", (sqlite3_syscall_ptr)failing_write },
		{ "pwrite", (sqlite3_syscall_ptr)failing_pwrite },
		{ "pwrite64", (sqlite3_syscall_ptr)failing_pwrite },
		{ "ftruncate", (sqlite3_syscall_ptr)failing_ftruncate },
	};
	sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
	size_t i;

	for (i = 0; i < sizeof calls / sizeof *calls; i++)
		if (vfs->xGetSystemCall(vfs, calls[i].name) != NULL)
			vfs->xSetSystemCall(vfs, calls[i].name, calls[i].call);
}

void failing_libraries(void)
{
	sqlite3_mem_methods above;
	int rc = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &below);

	assert(rc == SQLITE_OK);
	above = below;
	above.xMalloc = database_malloc;
	above.xFree = database_free;
	above.xRealloc = database_realloc;
	rc = sqlite3_config(SQLITE_CONFIG_MALLOC, &above);
	assert(rc == SQLITE_OK);
	replace_calls();
	json_set_alloc_funcs(failing_malloc, failing_free);
}
