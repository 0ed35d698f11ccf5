-- The edition's own dictionary and history, filled by etl/build.py.
CREATE TABLE meta_build (
    edition_id VARCHAR, kind VARCHAR, label VARCHAR, built_at TIMESTAMP, code_version VARCHAR,
    parser_version VARCHAR, base_edition_id VARCHAR, extract VARCHAR,
    is_synthetic BOOLEAN   -- the demonstration, or a public edition made of it
);
CREATE TABLE meta_source (
    source_id VARCHAR, name VARCHAR, address VARCHAR, retrieved_on DATE, sha256 VARCHAR, size_bytes BIGINT,
    rows_read BIGINT, rows_kept BIGINT, first_month DATE, last_month DATE, raw_file VARCHAR,
    extract VARCHAR
);
CREATE TABLE meta_repair (sha256 VARCHAR, kind VARCHAR, n BIGINT);
CREATE TABLE meta_reject (   -- month and value where the row tells them; of `text` the shape, each digit a #
    sha256 VARCHAR, file VARCHAR, line BIGINT, reason VARCHAR, text VARCHAR, source_id VARCHAR, month DATE,
    fob_usd DECIMAL(18, 2)
);
CREATE TABLE meta_unknown_code (code_table VARCHAR, code VARCHAR, n_items BIGINT, fob_usd DECIMAL(18, 2));
CREATE TABLE meta_change (
    source_id VARCHAR, month DATE, items_before BIGINT, items_after BIGINT,
    fob_before_usd DECIMAL(18, 2), fob_after_usd DECIMAL(18, 2)
);
CREATE TABLE meta_gate (   -- what the edition was held to before it was published, by etl/gates
    gate VARCHAR, subject VARCHAR, unit VARCHAR, status VARCHAR, expected DOUBLE, found DOUBLE, detail VARCHAR,
    accepted_reason VARCHAR
);
CREATE TABLE meta_table (table_name VARCHAR, description VARCHAR, grain VARCHAR, n_rows BIGINT);
CREATE TABLE meta_column (
    table_name VARCHAR, column_name VARCHAR, data_type VARCHAR, unit VARCHAR, description VARCHAR
);
