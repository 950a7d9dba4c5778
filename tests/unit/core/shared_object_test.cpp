#include "core/shared_object.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dubplate {

using ::testing::HasSubstr;

TEST(SharedObject, FindsTheFunctionsOfALibrary) {
    const auto library = SharedObject::load("libm.so.6");
    ASSERT_TRUE(library) << library.error().to_string();
    double (*root)(double) = nullptr;

    const Status found = library->find("sqrt", root);

    ASSERT_TRUE(found) << found.error().to_string();
    EXPECT_EQ(root(9), 3);
}

TEST(SharedObject, NamesTheLibraryOrTheFunctionThatIsNotThere) {
    const auto none = SharedObject::load("libnone.so.7");
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().code, ErrorCode::unavailable);
    EXPECT_THAT(none.error().message, HasSubstr("libnone.so.7"));

    const auto library = SharedObject::load("libm.so.6");
    ASSERT_TRUE(library);
    void (*function)() = nullptr;
    const Status found = library->find("no_such_function", function);
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().message, HasSubstr("no_such_function"));
    EXPECT_EQ(function, nullptr);
}

}  // namespace dubplate
