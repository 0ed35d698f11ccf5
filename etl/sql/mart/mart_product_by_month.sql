-- Grain: source × month × segment × service type × product × its sectors, copper, lithium × country (firm, unit and every place in Chile are gone)
SELECT
    source_id,
    month,
    segment,
    service_type_id,
    hs_code,
    bcch_sector_id,
    prochile_sector_id,
    ine_sector_id,
    is_copper,
    is_lithium,
    country_code,
    sum(n_items)::BIGINT AS n_items,
    sum(fob_usd)::DECIMAL(18, 2) AS fob_usd
FROM mart_export_by_month
WHERE month BETWEEN make_date($year, 1, 1) AND make_date($year, 12, 1)
GROUP BY ALL
ORDER BY month, source_id, hs_code
