// Calls and constants for durable files that Swift's Glibc module does not show, each with its reason. It includes nothing: types of
// glibc's headers must stay the Glibc module's.
#pragma once

// Declared by glibc only under _GNU_SOURCE, which the Glibc module is built without.
extern int syncfs(int descriptor);
extern int memfd_create(const char *name, unsigned int flags);

// Shown only under _GNU_SOURCE; the values are the kernel's (include/uapi/asm-generic/fcntl.h, linux/fcntl.h, linux/memfd.h).
// To be used with O_DIRECTORY, so that kernels without it answer EISDIR instead of opening the folder.
static const int sluice_O_TMPFILE = 020000000;
static const unsigned int sluice_MFD_CLOEXEC = 1, sluice_MFD_ALLOW_SEALING = 2;
static const int sluice_F_ADD_SEALS = 1033;
static const int sluice_AT_EMPTY_PATH = 0x1000;
// SEAL | SHRINK | GROW | WRITE: nothing about the content can change any more.
static const int sluice_ALL_SEALS = 1 | 2 | 4 | 8;
