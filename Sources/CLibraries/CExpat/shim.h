// What Swift cannot import from <expat.h> by itself goes here, each piece with its reason.
#pragma once
#include <expat.h>
#include <stdlib.h>

// One block of memory never grows beyond this: what expat keeps is a fraction of a part, and parts are far smaller (chosen).
enum { sluice_xml_largest_block = 64 << 20 };

// Functions, since the suite wants C function pointers that outlive every Swift closure.
static inline void *sluice_xml_allocate(size_t size) {
    return size > (size_t)sluice_xml_largest_block ? NULL : malloc(size);
}
static inline void *sluice_xml_reallocate(void *block, size_t size) {
    return size > (size_t)sluice_xml_largest_block ? NULL : realloc(block, size);
}

// Swift cannot make a suite of pointers to inline functions.
static inline XML_Parser sluice_xml_parser(void) {
    static const XML_Memory_Handling_Suite suite = {sluice_xml_allocate, sluice_xml_reallocate, free};
    return XML_ParserCreate_MM(NULL, &suite, NULL);
}

// A macro there. The salt keeps colliding names from being slow; expat would otherwise ask the system for random bytes.
static inline void sluice_xml_salt(XML_Parser parser, unsigned long salt) {
    XML_SetHashSalt(parser, salt == 0 ? 1 : salt);
}
