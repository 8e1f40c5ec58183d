/* label.c: see label.h. */
#include "sim/calibrate/device/label.h"

#include "sim/accept/admit.h"
#include "splitter/base/sentence.h"

/* What a message calls the volume. */
static const char *name_of(const struct calibrate_label *l)
{
	return l->tape->barcode[0] != '\0' ? l->tape->barcode
					   : "without a barcode";
}

static int write_label(const struct calibrate_label *l,
    struct splitter_scan *scan, int64_t *now_ns, char *err, size_t err_bytes)
{
	struct splitter_label_result result;
	struct splitter_label_config config;

	splitter_label_config_init(&config, sizeof config, SPLITTER_API);
	config.arg = l->arg;
	config.test = true;
	config.format = l->format;
	config.overwrite = l->overwrite;
	config.overwrite_count = l->overwrite_count;
	config.may_overwrite = l->agrees;
	if (splitter_label_volume(scan, l->tape, &config, now_ns, &result,
		sizeof result, err, err_bytes) != 0)
		return -1;
	if (result.status == SPLITTER_LABEL_WRITTEN)
		return 0;
	if (result.status == SPLITTER_LABEL_NO_NAME)
		sentence(err, err_bytes,
		    "%s: the cartridge is left unchanged: it has no barcode, "
		    "no serial number and no label; name it with --volume",
		    l->where);
	else
		sentence(err, err_bytes, "volume %s is left unchanged: %s",
		    name_of(l), result.message);
	return -1;
}

/* Checks that the label of the run is on the volume. */
static int check_label(const struct calibrate_label *l, int64_t *now_ns,
    char *err, size_t err_bytes)
{
	const struct admit known = { .name = name_of(l),
		.serial = "",
		.change = "",
		.overwrite = l->overwrite,
		.overwrite_count = l->overwrite_count,
		.begun = true };
	char why[TAPE_MESSAGE_BYTES / 2];

	if (admit_cartridge(&known, l->tape, now_ns, why, sizeof why) ==
	    ADMIT_YES)
		return 0;
	sentence(err, err_bytes, "%s; use another --out to begin again", why);
	return -1;
}

int calibrate_label(const struct calibrate_label *l,
    enum splitter_volume_kind kind, int64_t *now_ns, char *err,
    size_t err_bytes)
{
	struct splitter_scan_config config;
	struct splitter_scan *scan;
	int rc;

	if (l->continued)
		return check_label(l, now_ns, err, err_bytes);
	if (kind == SPLITTER_VOLUME_BLANK && !l->label_blank) {
		sentence(err, err_bytes,
		    "volume %s: it is blank; --label-blank uses it",
		    name_of(l));
		return -1;
	}
	splitter_scan_config_init(&config, sizeof config, SPLITTER_API);
	scan = splitter_scan_new(&config, err, err_bytes);
	if (scan == NULL)
		return -1;
	rc = write_label(l, scan, now_ns, err, err_bytes);
	splitter_scan_free(scan);
	return rc;
}
