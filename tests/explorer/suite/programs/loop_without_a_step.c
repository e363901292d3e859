/* expect: verdict=livelock race=no */
int main(void)
{
    int i = 0;
    while (i >= 0)
        i ^= 1;
    return 0;
}
