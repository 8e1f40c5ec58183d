/*
 * spec.c: reads and writes the spec of a volume: the only row of the table
 * `volume`.
 */
#include "vtl/volume/impl.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "vtl/base/media.h"

static const char *const payloads[] = {
	[VOLUME_PAYLOAD_NONE] = "none",
	[VOLUME_PAYLOAD_RAW] = "raw",
	[VOLUME_PAYLOAD_ZLIB] = "zlib",
};

enum { PAYLOADS = sizeof payloads / sizeof payloads[0] };

static bool barcode_ok(const char *barcode)
{
	size_t n = strnlen(barcode, VOLUME_BARCODE_BYTES);

	return n > 0 && n < VOLUME_BARCODE_BYTES &&
	    strspn(barcode,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz0123456789-_") == n;
}

/* Returns whether `medium` is exactly a code of media.h. */
static bool medium_ok(const char *medium)
{
	const char *const *codes = media_codes();

	while (*codes != NULL && strcmp(*codes, medium) != 0)
		codes++;
	return medium[0] == '\0' || *codes != NULL;
}

int volume_check_spec(const char *path, const struct volume_spec *spec,
    char *message)
{
	const char *what = NULL;

	if (!barcode_ok(spec->barcode))
		what = "a barcode is 1 to 32 letters, digits, '-' and '_'";
	else if (spec->capacity_bytes == 0 || spec->capacity_bytes > INT64_MAX)
		what = "a capacity is 1 to 2^63 - 1 bytes";
	else if (spec->has_early_warning &&
	    spec->early_warning_bytes > spec->capacity_bytes)
		what = "the early warning is before BOT: it must be at most "
		       "the capacity";
	else if (!medium_ok(spec->medium))
		what = "its type of medium is unknown to this tapelab";
	if (what == NULL)
		return 0;
	snprintf(message, VOLUME_MESSAGE_BYTES, "cannot create volume %s: %s",
	    path, what);
	return -1;
}

int volume_insert_spec(sqlite3 *db, const struct volume_spec *spec)
{
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(db,
		"insert into volume (id, barcode, capacity_bytes,"
		" early_warning_bytes, payload, medium)"
		" values (1, ?, ?, ?, ?, ?)",
		-1, &stmt, NULL) != SQLITE_OK)
		return -1;
	sqlite3_bind_text(stmt, 1, spec->barcode, -1, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, (int64_t)spec->capacity_bytes);
	if (spec->has_early_warning)
		sqlite3_bind_int64(stmt, 3, (int64_t)spec->early_warning_bytes);
	sqlite3_bind_text(stmt, 4, payloads[spec->payload], -1, SQLITE_STATIC);
	if (spec->medium[0] != '\0')
		sqlite3_bind_text(stmt, 5, spec->medium, -1, SQLITE_STATIC);
	sqlite3_step(stmt);
	return sqlite3_finalize(stmt) == SQLITE_OK ? 0 : -1;
}

static bool payload_of(const char *name, enum volume_payload *payload)
{
	for (size_t i = 0; i < PAYLOADS; i++) {
		if (strcmp(name, payloads[i]) == 0) {
			*payload = (enum volume_payload)i;
			return true;
		}
	}
	return false;
}

/*
 * Reads the type of the medium; "" if there is none.  Returns false if it is
 * not valid.
 */
static bool medium_of(sqlite3_stmt *stmt, char medium[VOLUME_MEDIUM_BYTES])
{
	const char *text = (const char *)sqlite3_column_text(stmt, 4);

	medium[0] = '\0';
	if (text == NULL)
		return sqlite3_column_type(stmt, 4) == SQLITE_NULL;
	if (strlen(text) >= VOLUME_MEDIUM_BYTES || text[0] == '\0' ||
	    !medium_ok(text))
		return false;
	strcpy(medium, text);
	return true;
}

int volume_load_spec(struct volume *volume)
{
	struct volume_spec *spec = &volume->spec;
	sqlite3_stmt *stmt;
	const char *barcode, *payload;
	int rc = -1, step;

	if (volume_prepare(volume,
		"select barcode, capacity_bytes, early_warning_bytes, "
		"payload, medium from volume",
		&stmt) != 0)
		return -1;
	step = sqlite3_step(stmt);
	if (step != SQLITE_ROW) {
		if (step == SQLITE_DONE)
			volume_damaged(volume, "its table volume is empty");
		else
			volume_failed(volume, "read");
		goto out;
	}
	barcode = (const char *)sqlite3_column_text(stmt, 0);
	payload = (const char *)sqlite3_column_text(stmt, 3);
	if (barcode == NULL || payload == NULL || !barcode_ok(barcode)) {
		volume_damaged(volume, "its barcode is not valid");
		goto out;
	}
	if (sqlite3_column_type(stmt, 1) != SQLITE_INTEGER ||
	    (sqlite3_column_type(stmt, 2) != SQLITE_INTEGER &&
		sqlite3_column_type(stmt, 2) != SQLITE_NULL)) {
		volume_damaged(volume, "its capacity is not valid");
		goto out;
	}
	strcpy(spec->barcode, barcode);
	spec->capacity_bytes = (uint64_t)sqlite3_column_int64(stmt, 1);
	spec->has_early_warning = sqlite3_column_type(stmt, 2) != SQLITE_NULL;
	spec->early_warning_bytes = (uint64_t)sqlite3_column_int64(stmt, 2);
	if (!payload_of(payload, &spec->payload)) {
		volume_damaged(volume, "its payload has an unknown kind");
		goto out;
	}
	if (!medium_of(stmt, spec->medium)) {
		volume_damaged(volume, "its type of medium is unknown");
		goto out;
	}
	if (volume_check_spec(volume->path, spec, volume->message) != 0)
		volume_damaged(volume, "its capacity is not valid");
	else
		rc = 0;
out:
	sqlite3_finalize(stmt);
	return rc;
}

int volume_spec_set_medium(struct volume *volume, const char *code)
{
	sqlite3_stmt *stmt;

	assert(code[0] == '\0' || medium_ok(code));
	if (volume_prepare(volume, "update volume set medium = ?", &stmt) != 0)
		return -1;
	if (code[0] != '\0')
		sqlite3_bind_text(stmt, 1, code, -1, SQLITE_STATIC);
	sqlite3_step(stmt);
	if (sqlite3_finalize(stmt) != SQLITE_OK)
		return volume_failed(volume, "write");
	strcpy(volume->spec.medium, code);
	return 0;
}
