/* units_format.c: values as a person reads them; see units.h. */
#include <stdio.h>
#include <string.h>

#include "sim/base/units.h"

struct scale {
	double factor;
	const char *unit;
};

/* The largest scale that the value reaches; the last one takes the rest. */
static void format_scaled(double value, const struct scale *scales, char *buf,
    size_t buf_bytes)
{
	while (scales[1].unit != NULL && value < scales->factor)
		scales++;
	snprintf(buf, buf_bytes, "%.4g %s", value / scales->factor,
	    scales->unit);
}

void units_format_size(uint64_t bytes, char *buf, size_t buf_bytes)
{
	static const struct {
		uint64_t factor;
		const char *unit;
	} scales[] = { { (uint64_t)1 << 40, "TiB" },
		{ (uint64_t)1 << 30, "GiB" }, { (uint64_t)1 << 20, "MiB" },
		{ (uint64_t)1 << 10, "KiB" }, { UINT64_C(1000000000000), "TB" },
		{ 1000000000, "GB" }, { 1000000, "MB" }, { 1000, "kB" },
		{ 1, "B" } };
	char best[40] = "";

	if (bytes == 0) {
		snprintf(buf, buf_bytes, "0 B");
		return;
	}
	for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]); i++) {
		char text[40];

		if (bytes % scales[i].factor != 0)
			continue;
		snprintf(text, sizeof(text), "%llu %s",
		    (unsigned long long)(bytes / scales[i].factor),
		    scales[i].unit);
		if (best[0] == '\0' || strlen(text) < strlen(best))
			memcpy(best, text, sizeof(best));
	}
	snprintf(buf, buf_bytes, "%s", best);
}

void units_format_rate(double bytes_per_s, char *buf, size_t buf_bytes)
{
	static const struct scale scales[] = { { 1e12, "TB/s" },
		{ 1e9, "GB/s" }, { 1e6, "MB/s" }, { 1e3, "kB/s" }, { 1, "B/s" },
		{ 0, NULL } };

	format_scaled(bytes_per_s, scales, buf, buf_bytes);
}

void units_format_time(double seconds, char *buf, size_t buf_bytes)
{
	static const struct scale scales[] = { { 3600, "h" }, { 60, "min" },
		{ 1, "s" }, { 1e-3, "ms" }, { 1e-6, "us" }, { 1e-9, "ns" },
		{ 0, NULL } };

	if (seconds <= 0) {
		snprintf(buf, buf_bytes, "0 s");
		return;
	}
	format_scaled(seconds, scales, buf, buf_bytes);
}

void units_format_percent(double percent, char *buf, size_t buf_bytes)
{
	snprintf(buf, buf_bytes, "%.4g %%", percent);
}
