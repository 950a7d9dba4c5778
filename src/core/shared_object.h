// shared_object.h: a library of the system that is loaded when it is first needed.
//
// Why      libav and librsvg bring a hundred other libraries with them. To load those took four fifths of the start of each command,
//          and few commands need them.
// Shape    names are sonames, "libcairo.so.2". What was loaded stays for as long as the program runs.
// Threads  plain functions.
// Errors   unavailable: the library or one of its functions is not there.
#pragma once

#include <string>

#include "core/result.h"

namespace dubplate {

class SharedObject {
  public:
    static Result<SharedObject> load(const std::string& name);

    // Sets a pointer to the function of that name.
    template <class Function>
    Status find(const char* name, Function*& function) const {
        DUBPLATE_TRY(void* const address, find_address(name));
        function = reinterpret_cast<Function*>(address);
        return {};
    }

  private:
    SharedObject(std::string name, void* handle) : name_(std::move(name)), handle_(handle) {}
    Result<void*> find_address(const char* name) const;

    std::string name_;
    void* handle_;
};

}  // namespace dubplate
