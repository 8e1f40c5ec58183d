/*
 * mark_point.c: takes the place of Check's _mark_point(), which writes the line
 * of each assertion that holds to a file.  A test with many assertions spent
 * half of its time there.
 *
 * An assertion that fails has its line.  A test that crashes or takes too long
 * has the line where it begins.
 */

/* The linker gives this name to the function that is called instead. */
void __wrap__mark_point(const char *file, int line);

void __wrap__mark_point(const char *file, int line)
{
	(void)file;
	(void)line;
}
