/* expect: exit=2 says=mine */
static _Thread_local int mine;

int main(void)
{
    return mine;
}
