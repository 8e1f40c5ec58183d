/* svg_embed.c: writes a drawing as an element of a page; see svg.h. */
#include <string.h>
#include <strings.h>

#include "reports/plot/svg.h"
#include "reports/plot/svg_tag.h"
#include "reports/text.h"

/*
 * Returns whether a drawing has only elements that report_plot_svg() writes,
 * and no attribute that runs or loads something: it may be of a stranger.
 */
static bool is_harmless(const char *svg)
{
	static const char *const names[] = { "svg", "/svg", "path", "text",
		"/text", "pattern", "/pattern", "g", "/g" };
	struct svg_tag tag = { .after = svg };

	while (svg_tag_next(&tag)) {
		size_t i = 0;

		while (i < sizeof names / sizeof *names &&
		    !svg_tag_is(&tag, names[i]))
			i++;
		if (i == sizeof names / sizeof *names ||
		    memchr(tag.begin + 1, '<',
			(size_t)(tag.end - tag.begin - 1)))
			return false;
		for (const char *at = tag.begin; at + 4 < tag.end; at++)
			if ((at[0] <= ' ' &&
				strncasecmp(at + 1, "on", 2) == 0) ||
			    strncasecmp(at, "href", 4) == 0)
				return false;
	}
	return strchr(tag.after, '<') == NULL;
}

bool report_plot_svg_embed(FILE *out, const char *svg, size_t id,
    const char *label)
{
	static const char mark[] = "gp-";
	const char *next;

	if (strncmp(svg, SVG_BEGIN, strlen(SVG_BEGIN)) != 0 ||
	    !is_harmless(svg))
		return false;
	fputs("<svg role=\"img\" aria-label=\"", out);
	report_text_html(out, label);
	fputc('"', out);
	svg += strlen(SVG_BEGIN);
	for (; (next = strstr(svg, mark)) != NULL; svg = next + strlen(mark)) {
		fwrite(svg, 1, (size_t)(next - svg), out);
		if (next[-1] == '"' || next[-1] == '#')
			fprintf(out, "g%zu-", id);
		else
			fputs(mark, out);
	}
	fputs(svg, out);
	return true;
}
