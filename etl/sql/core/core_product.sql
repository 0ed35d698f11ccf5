-- Grain: tariff code of eight digits seen in any loaded record
WITH seen AS (
    SELECT hs_code FROM stg_aduanas_dus__item
    UNION
    SELECT hs_code FROM stg_aduanas_salidas__record
    UNION
    SELECT hs_code FROM stg_registro__row
),
sector AS (   -- the longest prefix wins: 0302 is fish, though chapter 03 is food industry
    SELECT
        seen.hs_code,
        arg_max(rule.bcch_sector_id, length(rule.hs_prefix)) AS bcch_sector_id,
        arg_max(rule.prochile_sector_id, length(rule.hs_prefix)) AS prochile_sector_id,
        arg_max(rule.ine_sector_id, length(rule.hs_prefix)) AS ine_sector_id
    FROM seen
    JOIN core_sector_rule AS rule ON starts_with(seen.hs_code, rule.hs_prefix)
    GROUP BY seen.hs_code
),
excluded AS (
    SELECT
        seen.hs_code,
        bool_or(rule.exclusion = 'copper') AS is_copper,
        bool_or(rule.exclusion = 'lithium') AS is_lithium
    FROM seen
    JOIN core_exclusion_rule AS rule ON starts_with(seen.hs_code, rule.hs_prefix)
    GROUP BY seen.hs_code
)
SELECT
    seen.hs_code,
    sector.bcch_sector_id,
    sector.prochile_sector_id,
    sector.ine_sector_id,
    coalesce(excluded.is_copper, false) AS is_copper,
    coalesce(excluded.is_lithium, false) AS is_lithium
FROM seen
LEFT JOIN sector USING (hs_code)
LEFT JOIN excluded USING (hs_code)
WHERE seen.hs_code IS NOT NULL
ORDER BY seen.hs_code
