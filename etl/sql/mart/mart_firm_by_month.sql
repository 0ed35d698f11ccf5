-- Grain: source × month × segment × copper × lithium × region × comuna × exporter (product, destination and port are gone)
SELECT
    source_id,
    month,
    segment,
    is_copper,
    is_lithium,
    region_code,
    comuna_code,
    exporter_id,
    sum(n_items)::BIGINT AS n_items,
    sum(fob_usd)::DECIMAL(18, 2) AS fob_usd
FROM mart_export_by_month
WHERE month BETWEEN make_date($year, 1, 1) AND make_date($year, 12, 1)
GROUP BY ALL
ORDER BY month, source_id, region_code
