#include "library/migrations.h"

#include <array>

namespace dubplate {

namespace {

// What the library knows of sounds. A column of assets holds what is true now: what the user said, else what was found.
constexpr std::string_view assets = R"sql(
CREATE TABLE assets (
    id {text} PRIMARY KEY NOT NULL,             -- the first 16 digits of sha256
    sha256 {text} NOT NULL UNIQUE,
    kind {text} NOT NULL,                       -- sample, take, stem, video
    path {text} NOT NULL,                       -- the first of its files by name; '' where none is left
    named BIGINT NOT NULL,                      -- 1: the title is the file's name, for want of a better one
    title {text} NOT NULL,
    artist {text} NOT NULL,
    album {text} NOT NULL,
    genre {text} NOT NULL,
    comment {text} NOT NULL,
    format {text} NOT NULL,
    size_bytes BIGINT NOT NULL,
    duration_seconds DOUBLE PRECISION,
    sample_rate BIGINT,
    channels BIGINT,
    bit_depth BIGINT,
    bpm DOUBLE PRECISION,
    bpm_confidence DOUBLE PRECISION,
    key {text} NOT NULL,                        -- 'A minor'; '' where there is none
    key_confidence DOUBLE PRECISION,
    loudness_lufs DOUBLE PRECISION,
    true_peak_dbtp DOUBLE PRECISION,
    added BIGINT NOT NULL,
    analyzed BIGINT
);
-- Each order in which assets are listed, and each field that a query looks up.
CREATE INDEX assets_added ON assets (added, id);
CREATE INDEX assets_title ON assets (lower(title), id);
CREATE INDEX assets_artist ON assets (lower(artist), id);
CREATE INDEX assets_album ON assets (lower(album), id);
CREATE INDEX assets_genre ON assets (lower(genre), id);
CREATE INDEX assets_path ON assets (path, id);
CREATE INDEX assets_kind ON assets (kind, added);
CREATE INDEX assets_bpm ON assets (bpm {nulls_first}, id);
CREATE INDEX assets_key ON assets (key, id);
CREATE INDEX assets_duration ON assets (duration_seconds {nulls_first}, id);
CREATE INDEX assets_loudness ON assets (loudness_lufs {nulls_first}, id);
CREATE INDEX assets_size ON assets (size_bytes, id);

CREATE TABLE asset_files (
    path {text} PRIMARY KEY NOT NULL,
    asset_id {text} NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
    size_bytes BIGINT NOT NULL,
    mtime_ns BIGINT NOT NULL
);
CREATE INDEX asset_files_asset ON asset_files (asset_id, path);

-- By content, not by asset: what was removed and comes back is known.
CREATE TABLE analyses (
    sha256 {text} PRIMARY KEY NOT NULL,
    analyzer {text} NOT NULL,                   -- name and version of what found it
    facts {text} NOT NULL,                      -- JSON: the columns of assets that it gives
    document {text} NOT NULL                    -- JSON: all of it
);

-- By themselves, for all of them are read at once.
CREATE TABLE vectors (
    sha256 {text} PRIMARY KEY NOT NULL,
    vector {text} NOT NULL                      -- base64 of 32-bit floats, least significant byte first
);

CREATE TABLE edits (
    asset_id {text} NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
    field {text} NOT NULL,
    value {text} NOT NULL,
    edited BIGINT NOT NULL,
    PRIMARY KEY (asset_id, field)
);

CREATE TABLE asset_tags (
    asset_id {text} NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
    tag {text} NOT NULL,
    PRIMARY KEY (asset_id, tag)
);
CREATE INDEX asset_tags_tag ON asset_tags (tag, asset_id);

CREATE TABLE events (
    id {id},
    happened BIGINT NOT NULL,
    event {text} NOT NULL,                      -- added, changed, edited, removed, moved, deleted, exported, generated
    subject {text} NOT NULL,                    -- an asset's id, a job's id
    detail {text} NOT NULL
);
CREATE INDEX events_subject ON events (subject, id);
)sql";

// Kits, and what was exported: requirements R1 D and R3 D 13 to 17.
constexpr std::string_view kits_and_exports = R"sql(
CREATE TABLE kits (
    id {id},
    user_id {text},
    name {text} NOT NULL,
    description {text} NOT NULL,
    is_public BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL
);
CREATE INDEX kits_name ON kits (lower(name), id);

CREATE TABLE kit_samples (
    kit_id BIGINT NOT NULL REFERENCES kits (id) ON DELETE CASCADE,
    sample_id {text} NOT NULL REFERENCES assets (id),
    pad_bank {text} NOT NULL,                   -- A to J
    pad_number BIGINT NOT NULL,                 -- 1 to 16
    volume DOUBLE PRECISION NOT NULL,           -- 0 to 1
    pitch_shift BIGINT NOT NULL,                -- semitones
    PRIMARY KEY (kit_id, pad_bank, pad_number)
);
CREATE INDEX kit_samples_sample ON kit_samples (sample_id);

CREATE TABLE exports (
    id {id},
    kind {text} NOT NULL,                       -- audio, stems, pack, video
    output_path {text} NOT NULL,
    file_count BIGINT NOT NULL,
    total_size_bytes BIGINT NOT NULL,
    manifest {text} NOT NULL,                   -- JSON
    created_at BIGINT NOT NULL
);
CREATE INDEX exports_kind ON exports (kind, created_at);
CREATE INDEX exports_created ON exports (created_at, id);

CREATE TABLE sp404_exports (
    id {id},
    user_id {text},
    export_type {text} NOT NULL,                -- single, batch, kit
    sample_count BIGINT NOT NULL,
    output_path {text} NOT NULL,
    organized_by {text} NOT NULL,
    format {text} NOT NULL,
    total_size_bytes BIGINT NOT NULL,
    export_duration_seconds DOUBLE PRECISION NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX sp404_exports_user ON sp404_exports (user_id, created_at);
CREATE INDEX sp404_exports_type ON sp404_exports (export_type, created_at);
CREATE INDEX sp404_exports_created ON sp404_exports (created_at, id);

-- The history outlives the samples, so sample_id is no foreign key.
CREATE TABLE sp404_export_samples (
    id {id},
    export_id BIGINT NOT NULL REFERENCES sp404_exports (id) ON DELETE CASCADE,
    sample_id {text} NOT NULL,
    output_filename {text} NOT NULL,
    output_subfolder {text},
    conversion_successful BIGINT NOT NULL,
    error_message {text},
    file_size_bytes BIGINT NOT NULL,
    conversion_time_seconds DOUBLE PRECISION NOT NULL
);
CREATE INDEX sp404_export_samples_export ON sp404_export_samples (export_id);
CREATE INDEX sp404_export_samples_sample ON sp404_export_samples (sample_id, export_id);

CREATE TABLE preferences (
    id BIGINT PRIMARY KEY NOT NULL CHECK (id = 1),
    sp404_export_format {text} NOT NULL,
    sp404_default_organization {text} NOT NULL,
    sp404_sanitize_filenames BIGINT NOT NULL,
    sp404_include_metadata BIGINT NOT NULL,
    sp404_export_base_path {text}
);
)sql";

// Requirements R5 D 10. "metadata" is a word that some libraries keep for themselves: it is called details here.
constexpr std::string_view generations = R"sql(
CREATE TABLE prompts (
    id {id},
    text {text} NOT NULL UNIQUE,
    used_count BIGINT NOT NULL,
    first_used_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL
);
CREATE INDEX prompts_last_used ON prompts (last_used_at, id);

CREATE TABLE generations (
    id {text} PRIMARY KEY NOT NULL,             -- the job's
    prompt_id BIGINT NOT NULL REFERENCES prompts (id),
    model_name {text} NOT NULL,
    model_version {text} NOT NULL,
    duration_seconds DOUBLE PRECISION NOT NULL,
    sample_rate BIGINT,
    channels BIGINT,
    file_path {text},
    file_size_bytes BIGINT,
    status {text} NOT NULL,                     -- pending, processing, completed, failed, canceled
    created_at BIGINT NOT NULL,
    completed_at BIGINT,
    generation_time_seconds DOUBLE PRECISION,
    error_message {text},
    details {text} NOT NULL                     -- JSON
);
CREATE INDEX generations_status ON generations (status, created_at);
CREATE INDEX generations_created ON generations (created_at, id);
CREATE INDEX generations_model ON generations (model_name, created_at);
CREATE INDEX generations_completed ON generations (completed_at);
CREATE INDEX generations_prompt ON generations (prompt_id);
)sql";

// The files that jobs made: requirements R5 C. A row of the journal says what was begun and not yet finished.
constexpr std::string_view outputs = R"sql(
CREATE TABLE outputs (
    path {text} PRIMARY KEY NOT NULL,           -- below the folder of the outputs: 2026/11/21/<job_id>.wav
    job_id {text} NOT NULL,
    sha256 {text} NOT NULL,
    size_bytes BIGINT NOT NULL,
    created BIGINT NOT NULL
);
CREATE INDEX outputs_job ON outputs (job_id);
CREATE INDEX outputs_created ON outputs (created, path);
CREATE INDEX outputs_sha256 ON outputs (sha256);

CREATE TABLE file_journal (
    id {id},
    folder {text} NOT NULL,                     -- of the outputs
    operation {text} NOT NULL,                  -- store, move, delete
    source {text} NOT NULL,
    target {text} NOT NULL,
    sha256 {text} NOT NULL,
    size_bytes BIGINT NOT NULL,
    job_id {text} NOT NULL,
    created BIGINT NOT NULL
);
)sql";

// The newest first of one kind, down to those of the same moment: what follows the time in the order follows it in the index.
constexpr std::string_view whole_orders = R"sql(
DROP INDEX assets_kind;
CREATE INDEX assets_kind ON assets (kind, added, id);
CREATE INDEX assets_kind_id ON assets (kind, id);
DROP INDEX exports_kind;
CREATE INDEX exports_kind ON exports (kind, created_at, id);
DROP INDEX sp404_exports_type;
CREATE INDEX sp404_exports_type ON sp404_exports (export_type, created_at, id);
DROP INDEX sp404_export_samples_export;
CREATE INDEX sp404_export_samples_export ON sp404_export_samples (export_id, id);
DROP INDEX generations_status;
CREATE INDEX generations_status ON generations (status, created_at, id);
)sql";

constexpr std::array steps{Migration{1, assets}, Migration{2, kits_and_exports}, Migration{3, generations},
                           Migration{4, outputs}, Migration{5, whole_orders}};

}  // namespace

std::span<const Migration> catalog_migrations() {
    return steps;
}

}  // namespace dubplate
