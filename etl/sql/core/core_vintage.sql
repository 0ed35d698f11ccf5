-- Grain: vintage × source × month × region × segment; only cells whose value is another than in the vintage before
WITH held AS (
    SELECT
        source_id, month, coalesce(region_code, '00') AS region_code, segment,
        sum(n_items)::BIGINT AS n_items,
        sum(fob_usd)::DECIMAL(18, 2) AS fob_usd
    FROM mart_total_by_month
    WHERE concept = 'origin'
    GROUP BY ALL
    UNION ALL
    SELECT 'registro', month, coalesce(region_code, '00'), segment, count(*)::BIGINT, sum(fob_usd)::DECIMAL(18, 2)
    FROM core_register
    GROUP BY ALL
),
known AS (   -- what the edition before says of each cell
    SELECT *
    FROM stg_vintage
    QUALIFY row_number() OVER (PARTITION BY source_id, month, region_code, segment ORDER BY vintage DESC) = 1
),
cell AS (   -- a cell that emptied in a month still loaded is zero; a month no longer loaded is missing
    SELECT
        source_id, month, region_code, segment,
        CASE WHEN loaded.n_items IS NOT NULL THEN coalesce(held.n_items, 0) END AS n_items,
        CASE WHEN loaded.n_items IS NOT NULL THEN coalesce(held.fob_usd, 0) END AS fob_usd,
        known.n_items AS n_items_before,
        known.fob_usd AS fob_before_usd
    FROM held
    FULL JOIN known USING (source_id, month, region_code, segment)
    LEFT JOIN core_month AS loaded USING (source_id, month)
)
SELECT vintage, edition_id, built_on, source_id, month, region_code, segment, n_items, fob_usd
FROM stg_vintage
UNION ALL
SELECT
    (SELECT coalesce(max(vintage), 0) + 1 FROM stg_vintage)::INTEGER,
    build.edition_id,
    build.built_at::DATE,
    source_id,
    month,
    region_code,
    segment,
    n_items,
    fob_usd::DECIMAL(18, 2)
FROM cell
CROSS JOIN meta_build AS build
WHERE n_items IS DISTINCT FROM n_items_before OR fob_usd IS DISTINCT FROM fob_before_usd
ORDER BY ALL
