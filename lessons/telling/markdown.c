/*
 * Texts of a lesson as Doxygen's Markdown.
 */
#include "lessons/telling/markdown.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* Inside `...` as it stands; elsewhere what Doxygen would take for markup is
 * made harmless, and so are quotation marks, between which it sees no `...`. */
void put_text(FILE *to, const char *text)
{
    bool is_code = false;
    for (; *text != '\0'; text++) {
        is_code ^= *text == '`';
        if (!is_code && *text == '"')
            fputs("&quot;", to);
        else if (!is_code && strchr("<>&*_#@\\|[]", *text) != NULL)
            fprintf(to, "\\%c", *text);
        else
            fputc(*text, to);
    }
}

/* A sentence that begins in small letters in the source, as after "Rule: ". */
void put_sentence(FILE *to, const char *text)
{
    char first[] = {(char)toupper((unsigned char)*text), '\0'};
    put_text(to, first);
    put_text(to, text + strlen(first));
}

/* A title has no full stop, and Doxygen knows no `...` there. */
void put_title(FILE *to, const char *text)
{
    char title[200] = "";
    size_t length = 0;
    for (; *text != '\0' && length + 1 < sizeof title; text++)
        if (*text != '`')
            title[length++] = *text;
    length -= length > 0 && title[length - 1] == '.';
    title[length] = '\0';
    put_text(to, title);
}

/* What can be opened. The line that opens it is HTML; what it hides is not. */
void begin_details(FILE *to, const char *summary)
{
    fprintf(to,
            "@htmlonly[block]<details><summary>%s</summary>@endhtmlonly\n\n",
            summary);
}

void end_details(FILE *to)
{
    fprintf(to, "\n@htmlonly[block]</details>@endhtmlonly\n\n");
}
