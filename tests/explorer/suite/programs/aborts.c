/* expect: verdict=check race=no */
#include <stdlib.h>

int main(void)
{
    abort();
}
