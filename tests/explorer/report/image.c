/*
 * The file is mapped once. Nothing found in it is trusted to lie within it:
 * bytes are taken from spans that end.
 */
#include "tests/explorer/report/image.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- Bytes --- */

bytes take_bytes(bytes *from, uint64_t count)
{
    uint64_t left = (uint64_t)(from->end - from->at);
    bytes taken = *from;
    if (count < left)
        taken.end = from->at + count;
    from->at = taken.end;
    return taken;
}

bytes skip_bytes(bytes from, uint64_t count)
{
    take_bytes(&from, count);
    return from;
}

uint64_t take_number(bytes *from, unsigned size)
{
    uint64_t number = 0;
    bytes b = take_bytes(from, size);
    for (int shift = 0; b.at < b.end && shift < 64; shift += 8)
        number |= (uint64_t)*b.at++ << shift;
    return number;
}

uint64_t take_uleb(bytes *from)
{
    uint64_t number = 0, byte = 0x80;
    for (int shift = 0; (byte & 0x80) != 0; shift += 7) {
        byte = take_number(from, 1);
        if (shift < 64)
            number |= (byte & 0x7f) << shift;
    }
    return number;
}

int64_t take_sleb(bytes *from)
{
    uint64_t number = 0, byte = 0x80;
    int shift = 0;
    for (; (byte & 0x80) != 0; shift += 7) {
        byte = take_number(from, 1);
        if (shift < 64)
            number |= (byte & 0x7f) << shift;
    }
    if ((byte & 0x40) != 0 && shift < 64)
        number |= ~(uint64_t)0 << shift;
    return (int64_t)number;
}

const char *take_text(bytes *from)
{
    const uint8_t *text = from->at;
    const uint8_t *end =
            text < from->end ? memchr(text, 0, (size_t)(from->end - text)) : 0;
    from->at = end != NULL ? end + 1 : from->end;
    return end != NULL ? (const char *)text : "";
}

const char *text_at(bytes section, uint64_t offset)
{
    section = skip_bytes(section, offset);
    return take_text(&section);
}

/* --- The file --- */

static image self;

static void find_section(const Elf64_Shdr *header, const char *name)
{
    const struct {
        const char *name;
        bytes *section;
    } wanted[] = {
            {".symtab", &self.symbols},
            {".strtab", &self.symbol_names},
            {".debug_info", &self.info},
            {".debug_abbrev", &self.abbreviations},
            {".debug_addr", &self.addresses},
            {".debug_line", &self.lines},
            {".debug_str", &self.text},
            {".debug_line_str", &self.line_text},
            {".debug_str_offsets", &self.text_offsets},
            {".rodata", &self.constants},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (strcmp(name, wanted[i].name) == 0 &&
                (header->sh_flags & SHF_COMPRESSED) == 0) {
            *wanted[i].section = skip_bytes(self.file, header->sh_offset);
            *wanted[i].section = take_bytes(wanted[i].section, header->sh_size);
        }
    if (strcmp(name, ".rodata") == 0)
        self.constants_at = header->sh_addr;
}

static void find_sections(void)
{
    const uint8_t *file = self.file.at;
    const Elf64_Ehdr *elf = (const void *)file;
    size_t size = (size_t)(self.file.end - file);
    if (size < sizeof *elf || memcmp(file, ELFMAG, SELFMAG) != 0 ||
            file[EI_CLASS] != ELFCLASS64 || file[EI_DATA] != ELFDATA2LSB ||
            elf->e_shoff > size ||
            elf->e_shnum > (size - elf->e_shoff) / sizeof(Elf64_Shdr) ||
            elf->e_shstrndx >= elf->e_shnum)
        return;
    const Elf64_Shdr *headers = (const void *)(file + elf->e_shoff);
    bytes names = skip_bytes(self.file, headers[elf->e_shstrndx].sh_offset);
    for (int i = 0; i < elf->e_shnum; i++)
        find_section(&headers[i], text_at(names, headers[i].sh_name));
    self.frame_pointer = elf->e_machine == EM_AARCH64 ? 29 : 6;
}

static int take_bias(struct dl_phdr_info *object, size_t size, void *unused)
{
    (void)size, (void)unused;
    self.bias = object->dlpi_addr;
    return 1; /* the executable comes first */
}

const image *image_self(void)
{
    struct stat status;
    if (self.file.at != NULL)
        return &self;
    self.file.at = self.file.end = (const uint8_t *)"";
    dl_iterate_phdr(take_bias, NULL);
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &status) == 0) {
        size_t size = (size_t)status.st_size;
        void *file = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (file != MAP_FAILED)
            self.file = (bytes){file, (const uint8_t *)file + size};
    }
    if (fd >= 0)
        close(fd);
    find_sections();
    return &self;
}
