#include "tests/bench/report.h"

#include <stdio.h>

enum { MAX_UNMET = 64, LINE = 200 };

enum verdict { MET, CLOSE, MISSED, VERDICTS };
static const char *const words[VERDICTS] = {"met", "close", "missed"};

static const char *heading, *subject; /* of the row that comes next */
static unsigned counts[VERDICTS];
static char unmet[MAX_UNMET][LINE];
static unsigned unmet_count;

void report_legend(void)
{
    printf("Figures are medians of %u rounds, in which all took turns. The "
           "ratio is ours to\n"
           "the peer's in the same round; +- is half the distance between its "
           "quartiles. An\n"
           "aim that is missed by no more than that is \"close\".\n",
            rounds_compared());
}

void report_heading(const char *name)
{
    heading = name;
    printf("\n%s\n", name);
}

void report_what(const char *what, enum unit unit)
{
    static const char *const units[] = {"ns", "us", "million/s"};
    subject = what;
    printf("\n  %-36s %9s %6s %5s  %s\n", what, units[unit], "ratio", "+-",
            "aim");
}

/* What the aim is about. */
static double value_of(const row *row)
{
    return row->aim.kind == FIGURE_AT_MOST ? row->figure : row->ratio;
}

/* By what is printed: nobody is to read that 1.10 was missed by 1.10. */
static enum verdict verdict_of(const row *row)
{
    double hundredths = value_of(row) * 100;
    double rounded =
            (double)(long long)(hundredths + (hundredths < 0 ? -0.5 : 0.5));
    double beyond = rounded / 100 - row->aim.limit;
    if (row->aim.kind == RATIO_AT_LEAST)
        beyond = -beyond;
    if (beyond < 0.001)
        return MET;
    return beyond <= row->spread ? CLOSE : MISSED;
}

static void print_aim(const row *row)
{
    static const char *const formats[] = {
            [RATIO_AT_MOST] = "  <= %.2f",
            [RATIO_AT_LEAST] = "  >= %.2f",
            [MORE_AT_MOST] = "  <= +%.0f",
            [FIGURE_AT_MOST] = "  <= %.0f",
    };
    if (row->aim.kind == WITHOUT)
        return;
    enum verdict verdict = verdict_of(row);
    printf(formats[row->aim.kind], row->aim.limit);
    printf("  %s", words[verdict]);

    counts[verdict]++;
    if (verdict != MET && unmet_count < MAX_UNMET)
        snprintf(unmet[unmet_count++], LINE, "%s: %s\n    %s: %.2f, %s",
                heading, subject, row->name, value_of(row), words[verdict]);
}

void report_row(const row *row, bool is_ours)
{
    int decimals = row->figure < 10 ? 2 : row->figure < 100 ? 1 : 0;
    printf("    %-34s %9.*f", row->name, decimals, row->figure);
    if (is_ours)
        printf("%s", row->aim.kind == WITHOUT ? "" : "             ");
    else if (row->aim.kind == MORE_AT_MOST)
        printf(" %+6.2f %5.2f", row->ratio, row->spread);
    else
        printf(" %6.2f %5.2f", row->ratio, row->spread);
    print_aim(row);
    printf("\n");
    fflush(stdout);
}

void report_aims(void)
{
    printf("\nAims: %u met, %u close, %u missed.\n", counts[MET], counts[CLOSE],
            counts[MISSED]);
    for (unsigned i = 0; i < unmet_count; i++)
        printf("  %s\n", unmet[i]);
}
