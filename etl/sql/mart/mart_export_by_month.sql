-- Grain: source × month × every code of core_export that a figure can be cut by (declaration, item and day are gone)
SELECT
    source_id,
    month,
    region_code,
    comuna_code,
    customs_office_code,
    port_code,
    transport_code,
    country_code,
    segment,
    service_type_id,
    hs_code,
    bcch_sector_id,
    prochile_sector_id,
    ine_sector_id,
    is_copper,
    is_lithium,
    exporter_id,
    unit_code,
    count(*)::BIGINT AS n_items,
    sum(quantity)::DECIMAL(24, 6) AS quantity,
    sum(fob_usd)::DECIMAL(18, 2) AS fob_usd
FROM core_export
WHERE month BETWEEN make_date($year, 1, 1) AND make_date($year, 12, 1)
GROUP BY ALL
ORDER BY month, source_id, region_code, hs_code
