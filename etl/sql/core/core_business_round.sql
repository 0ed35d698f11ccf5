-- Grain: origin × event × edition of the event
SELECT
    'published' AS origin,
    event, edition, starts_on::DATE AS starts_on, ends_on::DATE AS ends_on, date_precision, place, region_code,
    organiser, n_companies::BIGINT AS n_companies, n_exporters::BIGINT AS n_exporters, n_buyers::BIGINT AS n_buyers,
    n_countries::BIGINT AS n_countries, n_rounds::BIGINT AS n_rounds, expected_usd::DECIMAL(18, 2) AS expected_usd,
    closed_usd::DECIMAL(18, 2) AS closed_usd, sector, note, figure_ids, source, source_url
FROM reference.business_rounds
UNION ALL
SELECT
    'office' AS origin,
    event, edition, starts_on, ends_on, date_precision, place, region_code,
    organiser, n_companies, n_exporters, n_buyers,
    n_countries, n_rounds, expected_usd,
    closed_usd, sector, note, NULL AS figure_ids, source, source_url
FROM stg_encuentros__event
ORDER BY starts_on DESC, event, edition, origin
