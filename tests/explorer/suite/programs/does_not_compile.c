/* expect: exit=2 says=error */
int main(void)
{
    return nothing;
}
