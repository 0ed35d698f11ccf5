-- Grain: figure as its publisher gave it
WITH ledger AS (
    SELECT
        figure_id, metric, flow_scope, region_code, publisher, source_kind, comparison, unit AS printed_unit,
        value AS printed, period_start, period_end,
        coalesce(flow_scope = 'exit_point' OR metric IN ('fob_exit_point', 'exit_yoy_pct') OR starts_with(sector, 'carga '), false) AS is_exit_point,
        regexp_replace(sector, '^destino: ', '') AS subject,
        starts_with(sector, 'destino: ') AS is_destination,
        publisher = 'derived' AS is_derived,
        CASE WHEN publisher <> 'derived' THEN published_on END AS published_on,
        CASE WHEN starts_with(source_url, 'http') THEN source_url END AS source_url,
        concat_ws('; ', note, CASE WHEN NOT starts_with(source_url, 'http') AND publisher <> 'derived' THEN source_url END) AS note
    FROM reference.published_figures
),
country AS (   -- a printed name counts only when it means one country
    SELECT printed_name, min(country_code) AS country_code
    FROM (
        SELECT name_es AS printed_name, country_code FROM core_country WHERE iso3 IS NOT NULL AND NOT is_pseudo
        UNION
        SELECT customs_name, country_code FROM core_country WHERE iso3 IS NOT NULL AND NOT is_pseudo
    )
    GROUP BY printed_name
    HAVING count(*) = 1
),
printed AS (
    SELECT
        ledger.* EXCLUDE (is_exit_point, is_destination),
        CASE WHEN is_exit_point THEN 'exit_point' ELSE 'origin' END AS concept,
        CASE
            WHEN starts_with(metric, 'event_') THEN 'event'
            WHEN subject IS NULL THEN 'total'
            WHEN is_destination AND regexp_replace(subject, ' .continente.$', '') IN ('América', 'Asia', 'Europa', 'África', 'Oceanía')
                THEN 'continent'
            WHEN is_destination THEN 'destination'
            WHEN metric = 'fob_exit_point' THEN 'port'
            WHEN starts_with(subject, 'carga ') THEN 'cargo'
            WHEN starts_with(metric, 'n_exporters') AND metric <> 'n_exporters_added' OR metric = 'share_firms_pct' THEN 'firms'
            ELSE 'sector'
        END AS subject_kind,
        CASE WHEN is_destination THEN country.country_code END AS subject_code
    FROM ledger
    LEFT JOIN country ON country.printed_name = ledger.subject
),
region_2025 AS (   -- sums of the records of Salidas2025.csv, by declared region of origin
    SELECT
        'AD25-REG' || region_code || '-M' || strftime(month::DATE, '%m') AS figure_id, 'fob_total' AS metric, region_code,
        'total' AS subject_kind, NULL AS subject, NULL AS subject_code, month AS period_start,
        last_day(month::DATE)::VARCHAR AS period_end, fob_usd AS printed, source
    FROM reference.customs_2025_region_month
    UNION ALL
    SELECT
        'AD25-REG' || region_code || '-TOTAL', 'fob_total', region_code, 'total', NULL, NULL, '2025-01-01', '2025-12-31',
        fob_usd, source
    FROM reference.customs_2025_region_total
    UNION ALL
    SELECT
        'AD25-REG' || region_code || '-SECTOR-' || sector_id, 'fob_sector', region_code, 'sector', name_es, NULL, '2025-01-01',
        '2025-12-31', fob_usd, source
    FROM reference.customs_2025_region_sector
    UNION ALL
    SELECT
        'AD25-REG' || region_code || '-PRODUCT-' || product_id, 'fob_sector', region_code, 'product', name_es, NULL, '2025-01-01',
        '2025-12-31', fob_usd, source
    FROM reference.customs_2025_region_product
    UNION ALL
    SELECT
        'AD25-REG' || region_code || '-DEST' || destination.country_code, 'dest_fob', region_code, 'destination', core_country.name_es,
        destination.country_code, '2025-01-01', '2025-12-31', fob_usd, destination.source
    FROM reference.customs_2025_region_destination AS destination
    LEFT JOIN core_country ON core_country.country_code = destination.country_code
),
nation_by_year AS (
    SELECT
        'ADNAC-SECTOR-' || year || '-' || sector_id AS figure_id, 'fob_sector' AS metric, 'sector' AS subject_kind,
        name_es AS subject, year, fob_usd AS printed, source,
        'La tabla no trae Vitivinícola ni Rancho de naves: sus clases no suman el total del año.' AS note
    FROM reference.customs_national_sector_yearly
    UNION ALL
    SELECT
        'ADNAC-CONTINENT-' || year || '-' || continent_id, 'dest_fob', 'continent', name_es, year, fob_usd, source,
        'Los continentes de la tabla no suman el total del año.'
    FROM reference.customs_national_continent_yearly
    UNION ALL
    SELECT 'ADNAC-EXPORTS-' || year, 'fob_total', 'total', NULL, year, exports_fob_usd, source, NULL
    FROM reference.customs_national_trade_yearly
),
figure AS (
    SELECT figure_id, metric, flow_scope, region_code, concept, subject_kind, subject, subject_code, period_start, period_end,
        printed, printed_unit, comparison, publisher, published_on, source_url, source_kind, is_derived, note
    FROM printed
    UNION ALL BY NAME
    SELECT *  EXCLUDE (source), 'goods+services+ship_supplies' AS flow_scope, 'origin' AS concept, 'USD' AS printed_unit,
        'Aduanas' AS publisher, regexp_extract(source, 'https?://[^ ,;]+') AS source_url, 'record_sum' AS source_kind,
        true AS is_derived,
        'Suma de los registros de Salidas2025.csv por región de origen declarada, con servicios y rancho; quedan fuera los '
        || 'registros sin puerto chileno conocido, entre ellos parte de los servicios: 94,7 % del valor nacional.' AS note
    FROM region_2025
    UNION ALL BY NAME
    SELECT * EXCLUDE (source, year), 'goods+services+ship_supplies' AS flow_scope, 'CL' AS region_code, 'origin' AS concept,
        year || '-01-01' AS period_start, year || '-12-31' AS period_end, 'USD' AS printed_unit, 'Aduanas' AS publisher,
        regexp_extract(source, 'https?://[^ ,;]+') AS source_url, 'official_table' AS source_kind, false AS is_derived
    FROM nation_by_year
    UNION ALL BY NAME
    SELECT 'ADNAC-TOTAL-' || total_id AS figure_id, 'fob_total' AS metric, flow_scope, 'CL' AS region_code, 'origin' AS concept,
        'total' AS subject_kind, period_start, period_end, fob_usd_million AS printed, 'USD million' AS printed_unit,
        'Aduanas' AS publisher, regexp_extract(source, 'https?://[^ ,;]+') AS source_url, 'record_sum' AS source_kind,
        true AS is_derived, note
    FROM reference.customs_national_totals
)
SELECT
    figure_id, metric, flow_scope, region_code, concept, subject_kind, subject, subject_code,
    period_start::DATE AS period_start,
    period_end::DATE AS period_end,
    printed::DOUBLE AS printed_value,
    printed_unit,
    CASE printed_unit   -- through DECIMAL, so that 303.4 million is 303400000 and not a hair less
        WHEN 'USD million' THEN (printed::DECIMAL(18, 6) * 1000000)::DOUBLE
        WHEN '%' THEN (printed::DECIMAL(18, 6) / 100)::DOUBLE
        ELSE printed::DOUBLE
    END AS value,
    CASE printed_unit WHEN 'USD million' THEN 'usd' WHEN 'USD' THEN 'usd' WHEN '%' THEN 'fraction' ELSE printed_unit END AS unit,
    comparison, publisher, published_on, source_url, source_kind, is_derived, nullif(note, '') AS note
FROM figure
ORDER BY figure_id
