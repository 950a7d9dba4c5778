#include "db/database.h"

#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>
#include <vector>

#include "db/sql_text.h"
#include "db/sqlite_rows.h"
#include "db/url.h"

namespace dubplate {

namespace {

// What SOCI reads or writes while a statement runs: it keeps references, so these must not move.
struct Slot {
    long long integer = 0;
    double real = 0;
    std::string text;
    soci::indicator indicator = soci::i_null;
};

Error sqlite_error(const soci::sqlite3_soci_error& error, const std::string& name) {
    constexpr int primary_code =
        0xff;  // the rest tells more of the same: https://www.sqlite.org/rescode.html
    // what() adds the SQL, which tells something to those alone who mend a fault in it.
    const std::string said = error.get_error_message();
    const std::string message(own_words(said));
    switch (error.result() & primary_code) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return fail(ErrorCode::unavailable, name + ": is locked by another program",
                        "try again when that has ended");
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return fail(ErrorCode::corrupt, name + ": is damaged, or no database: " + message,
                        "it was left as it is; restore it from a backup, or name another one with --catalog");
        case SQLITE_CONSTRAINT:
            return fail(ErrorCode::already_exists, name + ": " + message);
        case SQLITE_FULL:
            return fail(ErrorCode::io, name + ": the disk is full", "free some space");
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN:
            return fail(ErrorCode::io, name + ": " + message, "check the folder and its permissions");
        default:
            return fail(ErrorCode::internal, name + ": " + one_line(error.what()));
    }
}

Error postgresql_error(const soci::postgresql_soci_error& error, const std::string& name) {
    // Classes of SQLSTATE: https://www.postgresql.org/docs/15/errcodes-appendix.html
    const std::string state = error.sqlstate().substr(0, 2);
    const std::string message = name + ": " + one_line(error.get_error_message());
    if (state == "23") return fail(ErrorCode::already_exists, message);
    if (state == "28" || state == "3D")
        return fail(ErrorCode::invalid_argument, message, "check the URL's user and database");
    if (state == "53" || state == "57" || state == "08" || state == "55" || state == "40")
        return fail(ErrorCode::unavailable, message, "try again later");
    if (state == "58" || state == "25") return fail(ErrorCode::io, message);
    if (state == "XX") return fail(ErrorCode::corrupt, message, "the server's log tells more");
    return fail(ErrorCode::internal, name + ": " + one_line(error.what()));
}

// Runs `work`, turning what the drivers throw into errors.
template <class T>
Result<T> guarded(const std::string& name, const std::function<Result<T>()>& work) {
    try {
        return work();
    } catch (const soci::sqlite3_soci_error& error) {
        return sqlite_error(error, name);
    } catch (const soci::postgresql_soci_error& error) {
        return postgresql_error(error, name);
    } catch (const soci::soci_error& error) {
        if (error.get_error_category() == soci::soci_error::connection_error)
            return fail(ErrorCode::unavailable, name + ": " + one_line(error.what()));
        return fail(ErrorCode::internal, name + ": " + one_line(error.what()));
    }
}

void bind_value(soci::statement& statement, Slot& slot, const Value& value) {
    slot.indicator = std::holds_alternative<std::monostate>(value) ? soci::i_null : soci::i_ok;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        slot.integer = *integer;
        statement.exchange(soci::use(slot.integer, slot.indicator));
    } else if (const auto* real = std::get_if<double>(&value)) {
        slot.real = *real;
        statement.exchange(soci::use(slot.real, slot.indicator));
    } else {
        if (const auto* text = std::get_if<std::string>(&value)) slot.text = *text;
        statement.exchange(soci::use(slot.text, slot.indicator));
    }
}

// PostgreSQL is given text alone, whose type it knows from where it stands: so a statement takes any values when it is run again.
void set_text(Slot& slot, const Value& value) {
    slot.indicator = std::holds_alternative<std::monostate>(value) ? soci::i_null : soci::i_ok;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        slot.text = fmt::to_string(*integer);
    } else if (const auto* real = std::get_if<double>(&value)) {
        slot.text = fmt::to_string(*real);  // the shortest that is read back as the same number
    } else if (const auto* text = std::get_if<std::string>(&value)) {
        slot.text = *text;
    }
}

void bind_column(soci::statement& statement, Slot& slot, ColumnType type) {
    if (type == ColumnType::integer) {
        statement.exchange(soci::into(slot.integer, slot.indicator));
    } else if (type == ColumnType::real) {
        statement.exchange(soci::into(slot.real, slot.indicator));
    } else {
        statement.exchange(soci::into(slot.text, slot.indicator));
    }
}

void read_column(const Slot& slot, ColumnType type, Value& value) {
    if (slot.indicator != soci::i_ok) {
        value = std::monostate();
    } else if (type == ColumnType::integer) {
        value = std::int64_t{slot.integer};
    } else if (type == ColumnType::real) {
        value = slot.real;
    } else if (std::string* text = std::get_if<std::string>(&value)) {
        *text = slot.text;  // keeps the room of the row before
    } else {
        value = slot.text;
    }
}

// A statement with all that it is bound to.
class Prepared {
  public:
    Prepared(soci::session& session, Dialect dialect, std::string_view sql, const Values& values,
             std::span<const ColumnType> columns)
        : statement_(session), columns_(columns.begin(), columns.end()) {
        for (const ColumnType column : columns) bind_column(statement_, outputs_.emplace_back(), column);
        for (const Value& value : values) {
            Slot& slot = inputs_.emplace_back();
            if (dialect == Dialect::postgresql) set_text(slot, value);
            bind_value(statement_, slot, dialect == Dialect::postgresql ? Value(slot.text) : value);
            if (std::holds_alternative<std::monostate>(value)) slot.indicator = soci::i_null;
        }
        statement_.alloc();
        statement_.prepare(numbered_parameters(sql));
        statement_.define_and_bind();
    }

    // For another run, on PostgreSQL: as many values as before.
    void set(const Values& values) {
        for (std::size_t i = 0; i < values.size(); ++i) set_text(inputs_[i], values[i]);
    }
    bool gives(std::span<const ColumnType> columns) const { return std::ranges::equal(columns, columns_); }

    std::int64_t run() {
        statement_.execute(true);
        return statement_.get_affected_rows();
    }

    // Hands out all rows and tells how many they were.
    Result<std::int64_t> run(const Database::TakeRow& take) {
        statement_.execute(false);
        Values row(columns_.size());
        std::int64_t count = 0;
        for (; statement_.fetch(); ++count) {
            for (std::size_t i = 0; i < row.size(); ++i) read_column(outputs_[i], columns_[i], row[i]);
            DUBPLATE_CHECK(take(Row(row)));
        }
        return count;
    }

  private:
    std::deque<Slot> inputs_;
    std::deque<Slot> outputs_;
    soci::statement statement_;
    std::vector<ColumnType> columns_;
};

// The statements of a connection to PostgreSQL, by their SQL. To prepare one and to let it go are a question to the server each,
// as it is to run it: kept, it costs one and not three.
class KeptStatements {
  public:
    template <class Run>
    auto run(soci::session& session, std::string_view sql, const Values& values,
             std::span<const ColumnType> columns, Run how) {
        auto kept = statements_.find(sql);
        if (kept != statements_.end() && kept->second->gives(columns)) {
            kept->second->set(values);
        } else {
            if (kept != statements_.end()) statements_.erase(kept);
            if (statements_.size() >= most) statements_.clear();
            auto made = std::make_unique<Prepared>(session, Dialect::postgresql, sql, values, columns);
            kept = statements_.emplace(std::string(sql), std::move(made)).first;
        }
        try {
            return how(*kept->second);
        } catch (...) {
            statements_.erase(kept);
            throw;
        }
    }

  private:
    static constexpr std::size_t most = 64;  // the library has about as many
    std::map<std::string, std::unique_ptr<Prepared>, std::less<>> statements_;
};

}  // namespace

struct Database::Connection {
    DatabaseUrl url;
    SqliteWait wait;  // outlives the session
    soci::session session;
    KeptStatements kept;  // of PostgreSQL
    bool in_transaction = false;

    std::int64_t execute(std::string_view sql, const Values& values) {
        if (url.dialect == Dialect::sqlite) return Prepared(session, url.dialect, sql, values, {}).run();
        return kept.run(session, sql, values, {}, [](Prepared& statement) { return statement.run(); });
    }
    Result<std::int64_t> query_at_once(std::string_view sql, const Values& values,
                                       std::span<const ColumnType> columns, const TakeRow& take) {
        if (url.dialect == Dialect::sqlite) return query_sqlite(session, sql, values, columns, take);
        return kept.run(session, sql, values, columns,
                        [&](Prepared& statement) { return statement.run(take); });
    }
    Status query_in_parts(std::string_view sql, const Values& values, std::span<const ColumnType> columns,
                          const TakeRow& take);
};

namespace {

void set_up_sqlite(soci::session& session) {
    session << "PRAGMA foreign_keys = ON";
    // With the log, a commit survives a crash of the program; FULL makes it survive one of the machine too.
    session << "PRAGMA synchronous = FULL";
    // KiB: the pages of about ten thousand sounds. SQLite's own 2 MB are too few for lists by an index.
    session << "PRAGMA cache_size = -16384";
}

std::string milliseconds(const DatabaseOptions& options) {
    return std::to_string(options.busy_timeout.count());
}

// Nothing of ours was asked yet: what the driver has no class for is about the way to the server, or is the server's answer,
// which libpq marks with FATAL.
Error opening_error(Error error) {
    if (error.code != ErrorCode::internal && error.code != ErrorCode::unavailable) return error;
    if (!error.hint.empty()) return error;
    const auto says = [&](const char* words) { return error.message.find(words) != std::string::npos; };
    if (!says("FATAL:")) return fail(ErrorCode::unavailable, error.message, "see whether the server runs");
    if (says("does not exist") || says("authentication"))
        return fail(ErrorCode::invalid_argument, error.message,
                    "check the URL's user, password and database");
    return fail(ErrorCode::unavailable, error.message, "the server runs: try again later");
}

void connect(soci::session& session, SqliteWait& wait, const DatabaseUrl& url,
             const DatabaseOptions& options) {
    if (url.dialect == Dialect::sqlite) {
        session.open(soci::sqlite3, "dbname=\"" + url.place + "\"");
        wait = {options.busy_timeout, options.on_long_wait, {}};
        wait_for_others(session, wait);
        set_up_sqlite(session);
    } else {
        session.open(soci::postgresql, url.place);
        session << "SET lock_timeout = " + milliseconds(options);
        session << "SET client_min_messages = warning";
    }
}

}  // namespace

// The client of PostgreSQL keeps a whole result in memory, so long ones are fetched in parts through a cursor.
Status Database::Connection::query_in_parts(std::string_view sql, const Values& values,
                                            std::span<const ColumnType> columns, const TakeRow& take) {
    constexpr std::int64_t rows_of_a_part = 1000;  // a few hundred KiB of assets
    execute("DECLARE parts NO SCROLL CURSOR FOR " + std::string(sql), values);
    // The types are a comment, so that lists of other columns keep a statement of their own.
    std::string fetch = "FETCH 1000 FROM parts -- ";
    for (const ColumnType column : columns) fetch += static_cast<char>('a' + static_cast<int>(column));
    Result<std::int64_t> count = rows_of_a_part;
    while (count && *count == rows_of_a_part) count = query_at_once(fetch, {}, columns, take);
    execute("CLOSE parts", {});
    if (!count) return count.error();
    return {};
}

Database::Database(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Database::~Database() = default;
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;

Result<Database> Database::open(const std::string& text, const DatabaseOptions& options) {
    DUBPLATE_TRY(DatabaseUrl url, parse_database_url(text));
    if (url.dialect == Dialect::sqlite) DUBPLATE_CHECK(prepare_sqlite_file(url.place, options.create));
    const std::string name = url.name;
    Result<Database> database = guarded<Database>(name, [&]() -> Result<Database> {
        auto connection = std::make_unique<Connection>();
        connect(connection->session, connection->wait, url, options);
        connection->url = std::move(url);
        return Database(std::move(connection));
    });
    return database ? std::move(database) : Result<Database>(opening_error(std::move(database).error()));
}

Dialect Database::dialect() const {
    return connection_->url.dialect;
}

const std::string& Database::name() const {
    return connection_->url.name;
}

Result<std::int64_t> Database::execute(std::string_view sql, const Values& values) {
    return guarded<std::int64_t>(name(),
                                 [&]() -> Result<std::int64_t> { return connection_->execute(sql, values); });
}

Status Database::query(std::string_view sql, const Values& values, std::span<const ColumnType> columns,
                       const TakeRow& take) {
    if (dialect() == Dialect::sqlite || !sql.starts_with("SELECT"))
        return guarded<void>(name(), [&]() -> Status {
            DUBPLATE_CHECK(connection_->query_at_once(sql, values, columns, take));
            return {};
        });
    return in_transaction([&] {
        return guarded<void>(name(), [&] { return connection_->query_in_parts(sql, values, columns, take); });
    });
}

Status Database::first_row(std::string_view sql, const Values& values, std::span<const ColumnType> columns,
                           const std::function<void(const Row&)>& take) {
    bool taken = false;
    return guarded<void>(name(), [&]() -> Status {
        DUBPLATE_CHECK(connection_->query_at_once(sql, values, columns, [&](const Row& row) -> Status {
            if (!taken) take(row);
            taken = true;
            return {};
        }));
        return {};
    });
}

Result<std::optional<std::int64_t>> Database::find_integer(std::string_view sql, const Values& values) {
    std::optional<std::int64_t> found;
    constexpr ColumnType columns[] = {ColumnType::integer};
    DUBPLATE_CHECK(first_row(sql, values, columns, [&](const Row& row) { found = row.optional_integer(0); }));
    return found;
}

Result<std::optional<std::string>> Database::find_text(std::string_view sql, const Values& values) {
    std::optional<std::string> found;
    constexpr ColumnType columns[] = {ColumnType::text};
    DUBPLATE_CHECK(first_row(sql, values, columns, [&](const Row& row) {
        if (!row.is_null(0)) found = row.text(0);
    }));
    return found;
}

Status Database::in_transaction(const std::function<Status()>& body) {
    if (connection_->in_transaction) return body();
    DUBPLATE_CHECK(execute(dialect() == Dialect::sqlite ? "BEGIN IMMEDIATE" : "BEGIN"));
    connection_->in_transaction = true;
    Status status = body();
    if (status) {
        if (const auto committed = execute("COMMIT"); !committed) status = committed.error();
    }
    connection_->in_transaction = false;
    // What failed may have ended the transaction already; then there is nothing left to undo.
    if (!status) static_cast<void>(execute("ROLLBACK"));
    return status;
}

}  // namespace dubplate
