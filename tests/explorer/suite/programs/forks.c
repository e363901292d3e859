/* expect: exit=2 says=fork */
#include <unistd.h>

int main(void)
{
    return fork() == 0;
}
