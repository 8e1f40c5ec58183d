#!/usr/bin/env python3
"""Every snippet of the pages of the library compiles."""
from command import main
from snippets import ManualPage


class LibraryPages(ManualPage):
    FOLDER = "splitter/api/man"

    def test_splitter(self):
        self.page("splitter.3")
        self.compiles(self.take("struct splitter_config config;"),
                      around="void f(struct tape_library *library)\n{\n%s}\n")
        self.ended()

    def test_handoff(self):
        self.page("splitter_handoff.3")
        self.compiles(self.take("static void attempt_done"), before="""
struct program { struct splitter *splitter; };
struct tape *next_volume(struct program *p);
""", around="%s\nvoid *used[] = { attempt_done, tape_wanted };\n")
        self.ended()

    def test_label(self):
        self.page("splitter_label.3")
        self.compiles(self.take("while ((tape = "), around="""
void f(struct tape_library *library, struct splitter_scan *scan)
{
	struct splitter_label_config config;
	struct splitter_label_result result;
	struct tape_result loaded;
	struct tape *tape;
	int64_t now_ns = 0;
	char err[256];

	splitter_label_config_init(&config, sizeof config, SPLITTER_API);
%s}
""")
        self.ended()

    def test_volumes(self):
        self.page("splitter_volumes.3")
        self.compiles(self.take("if (splitter_header_check"),
                      around="void f(void *block, size_t bytes)\n"
                      "{\n\tchar err[256], name[40];\n%s}\n")
        self.ended()

    def test_reader(self):
        self.page("splitter_reader.3")
        self.compiles(self.take("struct splitter_scan_config"), before="""
bool write_out(void *arg, const void *bytes, uint64_t count);
""", around="void f(struct tape_library *library)\n"
            "{\n\tchar err[256], end[256];\n%s}\n")
        self.ended()

    def test_st(self):
        self.page("splitter_st.3")
        snippet = self.take("static int change")
        before, body = snippet.split("\n\nsplitter_st_config_init", 1)
        self.compiles("splitter_st_config_init" + body, before=before + "\n",
                      around="struct tape_library *f(void)\n{\n"
                      "\tstruct splitter_st_config config;\n"
                      "\tstruct tape_library *library;\n"
                      "\tchar err[256];\n%s\treturn library;\n}\n")
        self.ended()

    def test_changer(self):
        self.page("splitter_changer.3")
        self.compiles(self.take("static const char"),
                      around="struct splitter_changer *f(void)\n{\n"
                      "\tstruct splitter_changer_config config;\n"
                      "\tstruct splitter_changer *changer;\n"
                      "\tchar err[256];\n%s\treturn changer;\n}\n")
        self.ended()


if __name__ == "__main__":
    main()
