-- Grain: source × month × region concept × region × segment × copper × lithium × product known × country known
WITH cell AS (
    SELECT
        export.source_id,
        export.month,
        export.region_code AS origin,
        home.region_code AS comuna,
        office.region_code AS exit,
        export.segment,
        export.is_copper,
        export.is_lithium,
        export.hs_code IS NOT NULL AS has_product,
        export.country_code IS NOT NULL AS has_country,
        sum(export.n_items) AS n_items,
        sum(export.fob_usd) AS fob_usd
    FROM mart_export_by_month AS export
    LEFT JOIN core_comuna AS home USING (comuna_code)
    LEFT JOIN core_customs_office AS office USING (customs_office_code)
    GROUP BY ALL
),
placed AS (   -- each cell once under each concept
    SELECT 'origin' AS concept, origin AS region_code, * FROM cell
    UNION ALL
    SELECT 'comuna', comuna, * FROM cell
    UNION ALL
    SELECT 'exit', exit, * FROM cell
)
SELECT
    source_id,
    month,
    concept,
    region_code,
    segment,
    is_copper,
    is_lithium,
    has_product,
    has_country,
    sum(n_items)::BIGINT AS n_items,
    sum(fob_usd)::DECIMAL(18, 2) AS fob_usd
FROM placed
GROUP BY ALL
ORDER BY month, source_id, concept, region_code
