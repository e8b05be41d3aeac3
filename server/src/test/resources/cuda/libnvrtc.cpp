// An NVRTC that gives the source back as machine code, and refuses what says so.
#include <stddef.h>
#include <string.h>
#include <string>

struct Program { std::string source; };

extern "C" {
int nvrtcVersion(int* major, int* minor) { *major = 13; *minor = 7; return 0; }
int nvrtcCreateProgram(Program** program, const char* source, const char* name, int headers, const char* const* texts,
        const char* const* names) {
    *program = new Program {source};
    return 0;
}
int nvrtcCompileProgram(Program* program, int count, const char* const* options) {
    for (int i = 0; i < count; i++) program->source += std::string(" ") + options[i];
    return program->source.find("refused") == std::string::npos ? 0 : 6;
}
int nvrtcGetCUBINSize(Program* program, size_t* size) { *size = program->source.size() + 1; return 0; }
int nvrtcGetCUBIN(Program* program, char* to) { strcpy(to, program->source.c_str()); return 0; }
int nvrtcGetProgramLogSize(Program* program, size_t* size) { *size = 9; return 0; }
int nvrtcGetProgramLog(Program* program, char* to) { strcpy(to, "no sense"); return 0; }
int nvrtcDestroyProgram(Program** program) { delete *program; return 0; }
}
