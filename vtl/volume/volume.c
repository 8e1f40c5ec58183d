/*
 * volume.c: has the public functions between open and close, and the only place
 * that rolls back after a failure.
 *
 *  1. Each public function calls functions of the room, which record what
 *     failed (sql.c) and return -1.  It ends with volume_settle().
 *  2. A failed change is rolled back as a whole; then the state in memory is
 *     read again from the file.  If that fails too, the volume is broken, and
 *     every later call fails.
 */
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "vtl/volume/impl.h"
#include "vtl/volume/history.h"

const char *volume_storage_error(const struct volume *volume)
{
	return volume->storage_error;
}

bool volume_is_storage_error(const struct volume *volume)
{
	return volume->broken || volume->storage_failed;
}

const char *volume_message(const struct volume *volume)
{
	return volume->message;
}

const struct volume_spec *volume_get_spec(const struct volume *volume)
{
	return &volume->spec;
}

bool volume_is_protected(const struct volume *volume)
{
	return volume->is_protected;
}

void volume_end(const struct volume *volume, struct volume_position *position)
{
	*position = volume->end;
}

bool volume_ends_in_block(const struct volume *volume)
{
	return volume->ends_in_block;
}

int volume_reload(struct volume *volume)
{
	volume->pending_bytes = volume->pending_file_bytes = 0;
	volume->is_changed = false;
	volume_forget_statements(volume);
	if (volume_load_format(volume) != 0 ||
	    volume_load_partitions(volume) != 0 ||
	    volume_load_end(volume) != 0 || volume_measure_free(volume) != 0)
		return -1;
	return volume_load_defects(volume);
}

/* Forgets everything after the last commit. */
static void roll_back(struct volume *volume)
{
	char message[VOLUME_MESSAGE_BYTES];

	memcpy(message, volume->message, sizeof message);
	volume_rows_drop(volume);
	volume_drop_cached_row(volume);
	if (!sqlite3_get_autocommit(volume->db))
		volume_exec(volume, "rollback");
	volume->broken =
	    !sqlite3_get_autocommit(volume->db) || volume_reload(volume) != 0;
	memcpy(volume->message, message, sizeof message);
}

void volume_settle(struct volume *volume)
{
	if (!volume->failed)
		return;
	if (!volume->broken)
		roll_back(volume);
	volume->failed = false;
}

/* Ends a public function: rolls back after a failure.  Returns `rc`. */
static int end(struct volume *volume, int rc)
{
	volume_settle(volume);
	return rc;
}

/* Begins a change of the objects.  Returns 0 or -1. */
static int begin_change(struct volume *volume)
{
	if (volume_begin(volume) != 0)
		return -1;
	return volume->is_changed ? 0 : volume_count_change(volume);
}

int volume_append(struct volume *volume, const struct volume_run *run)
{
	assert(run->bytes > 0 && run->block_bytes > 0);
	assert(run->block_bytes <= VOLUME_BLOCK_MAX_BYTES);
	assert(run->zeros == 0 ||
	    (run->keep && run->data != NULL && run->zeros <= run->bytes &&
		run->bytes <= run->block_bytes));
	if (begin_change(volume) != 0)
		return end(volume, -1);
	return end(volume, volume_rows_append(volume, run));
}

int volume_append_filemarks(struct volume *volume, uint64_t count)
{
	if (begin_change(volume) != 0)
		return end(volume, -1);
	return end(volume, volume_rows_append_filemarks(volume, count));
}

/*
 * Does a transaction that removes objects.  To set them aside takes room in the
 * file: if it may not grow (a full disk, a quota, a limit of the process), the
 * transaction is done again without.  Nothing else may be in it.  Returns 0 or
 * -1.
 */
static int remove_objects(struct volume *volume,
    int (*transaction)(struct volume *volume, const void *arg), const void *arg)
{
	char error[VOLUME_MESSAGE_BYTES];
	int rc;

	memcpy(error, volume->storage_error, sizeof error);
	if (transaction(volume, arg) == 0)
		return 0;
	if (!volume->failed || !volume->may_not_grow)
		return end(volume, -1);
	volume_settle(volume);
	if (volume->broken)
		return -1;
	memcpy(volume->storage_error, error, sizeof error);
	volume->storage_failed = false;
	volume->deletes_at_once = true;
	rc = transaction(volume, arg);
	volume->deletes_at_once = false;
	return end(volume, rc);
}

static int cut(struct volume *volume, const void *position)
{
	return begin_change(volume) != 0 ? -1
					 : volume_rows_cut(volume, position);
}

int volume_cut(struct volume *volume, const struct volume_position *position)
{
	assert(position->object <= volume->end.object);
	if (position->object == volume->end.object)
		return 0;
	if (volume_sync(volume) != 0)
		return -1;
	return remove_objects(volume, cut, position);
}

int volume_sync(struct volume *volume)
{
	if (volume->broken)
		return -1;
	if (volume_rows_flush(volume) != 0)
		return end(volume, -1);
	return end(volume, volume_commit(volume));
}

int volume_read(struct volume *volume, uint64_t object, void *buf,
    uint64_t buf_bytes, struct volume_object *out)
{
	memset(out, 0, sizeof *out);
	assert(object <= volume->end.object);
	if (object == volume->end.object) {
		out->kind = VOLUME_EOD;
		return 0;
	}
	if (volume->broken)
		return -1;
	if (volume_rows_flush(volume) != 0)
		return end(volume, -1);
	return end(volume,
	    volume_rows_read(volume, object, buf, buf_bytes, out));
}

int volume_find_file(struct volume *volume, uint64_t file,
    struct volume_position *position)
{
	memset(position, 0, sizeof *position);
	if (file == 0)
		return 1;
	if (file > volume->end.file)
		return 0;
	if (volume->broken)
		return -1;
	return end(volume, volume_rows_find_file(volume, file, position));
}

int volume_find_object(struct volume *volume, uint64_t object,
    struct volume_position *position)
{
	assert(object <= volume->end.object);
	memset(position, 0, sizeof *position);
	if (object == volume->end.object) {
		*position = volume->end;
		return 0;
	}
	if (volume->broken)
		return -1;
	if (volume_rows_flush(volume) != 0)
		return end(volume, -1);
	return end(volume, volume_rows_find_object(volume, object, position));
}

int volume_select(struct volume *volume, unsigned partition)
{
	unsigned was = volume->partition;

	assert(partition < volume->partition_count);
	if (partition == was)
		return 0;
	if (volume_sync(volume) != 0)
		return -1;
	volume_drop_cached_row(volume);
	volume->partition = partition;
	if (volume_load_end(volume) == 0)
		return 0;
	volume->partition = was;
	if (volume_load_end(volume) != 0)
		volume->broken = true;
	return end(volume, -1);
}

int volume_end_of(struct volume *volume, unsigned partition,
    struct volume_position *position)
{
	assert(partition < volume->partition_count);
	*position = volume->end;
	if (partition == volume->partition)
		return 0;
	return end(volume, volume_read_end(volume, partition, position, NULL));
}

/* What volume_format() makes. */
struct format {
	uint64_t usable_bytes;
	const struct volume_partition *partitions;
	unsigned count;
};

static int format(struct volume *volume, const void *arg)
{
	const struct format *f = arg;

	if (begin_change(volume) != 0 ||
	    volume_make_partitions(volume, f->usable_bytes, f->partitions,
		f->count) != 0)
		return -1;
	return volume_commit(volume);
}

int volume_format(struct volume *volume, uint64_t usable_bytes,
    const struct volume_partition *partitions, unsigned count)
{
	const struct format f = { usable_bytes, partitions, count };

	if (volume_sync(volume) != 0 || remove_objects(volume, format, &f) != 0)
		return -1;
	volume->partition = 0;
	if (volume_reload(volume) != 0)
		return end(volume, -1);
	volume->is_changed = true;
	return 0;
}

void volume_loaded(struct volume *volume)
{
	volume->is_changed = false;
}

int volume_each_stored_attribute(struct volume *volume, unsigned partition,
    uint16_t from, volume_each_attribute *each, void *arg)
{
	return end(volume,
	    volume_attributes_read(volume, partition, from, each, arg));
}

/* An attribute that is looked for. */
struct wanted_text {
	uint16_t id;
	char *text;
	bool found;
};

static void take_text(void *arg, const struct volume_attribute *a)
{
	struct wanted_text *want = arg;
	const char *value = a->value;
	size_t bytes = a->bytes, i;

	if (a->id != want->id)
		return;
	want->found = true;
	while (bytes > 0 && value[bytes - 1] == ' ')
		bytes--;
	if (bytes >= VOLUME_BARCODE_BYTES)
		return;
	for (i = 0; i < bytes; i++)
		if (value[i] < ' ' || value[i] > '~')
			return;
	memcpy(want->text, value, bytes);
	want->text[bytes] = '\0';
}

static int find_text(struct volume *volume, struct wanted_text *want)
{
	want->text[0] = '\0';
	return volume_each_stored_attribute(volume, 0, want->id, take_text,
	    want);
}

int volume_get_text(struct volume *volume, uint16_t id,
    char text[VOLUME_BARCODE_BYTES])
{
	struct wanted_text want = { .id = id, .text = text };

	return find_text(volume, &want);
}

void volume_get_serial(struct volume *volume, char serial[VOLUME_BARCODE_BYTES])
{
	struct wanted_text want = { .id = VOLUME_ATTRIBUTE_SERIAL,
		.text = serial };

	if (find_text(volume, &want) == 0 && !want.found)
		strcpy(serial, volume->spec.barcode);
}

int volume_store_attributes(struct volume *volume, unsigned partition,
    const struct volume_attribute *attributes, size_t count)
{
	assert(partition < volume->partition_count);
	if (volume_begin(volume) != 0)
		return end(volume, -1);
	return end(volume,
	    volume_attributes_store(volume, partition, attributes, count));
}

int volume_set_medium(struct volume *volume, const char *code)
{
	/* The first change also upgrades the format. */
	if (volume_begin(volume) != 0)
		return end(volume, -1);
	return end(volume, volume_spec_set_medium(volume, code));
}

int volume_defect_add(struct volume *volume, const struct volume_defect *defect)
{
	return end(volume, volume_defect_insert(volume, defect));
}

int volume_defect_spend(struct volume *volume,
    const struct volume_defect *defect)
{
	if (!defect->once)
		return 0;
	if (!volume->is_protected && volume_defect_delete(volume, defect) != 0)
		return end(volume, -1);
	volume_defect_forget(volume, defect);
	return 0;
}

int volume_defect_remove(struct volume *volume, int64_t fault, size_t *count)
{
	size_t i = volume->defect_count;

	*count = 0;
	while (i-- > 0) {
		if (volume->defects[i].fault != fault)
			continue;
		if (volume_defect_delete(volume, &volume->defects[i]) != 0)
			return end(volume, -1);
		volume_defect_forget(volume, &volume->defects[i]);
		++*count;
	}
	return 0;
}

int volume_log_event(struct volume *volume, const char *event, const char *text)
{
	if (volume_begin(volume) != 0)
		return end(volume, -1);
	return end(volume, volume_history_add(volume, event, text));
}

int volume_each_event(struct volume *volume, const char *event,
    void (*each)(void *arg, const char *text), void *arg)
{
	return end(volume, volume_history_each(volume, event, each, arg));
}

int volume_count_events(struct volume *volume, const char *event,
    uint64_t *count)
{
	return end(volume, volume_history_count(volume, event, count));
}
