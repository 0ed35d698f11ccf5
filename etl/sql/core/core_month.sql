-- Grain: source × month
WITH month AS (
    SELECT
        source_id,
        month,
        count(*)::BIGINT AS n_items,
        nullif(count(DISTINCT declaration_id), 0)::BIGINT AS n_declarations,
        nullif(count(DISTINCT exporter_id), 0)::BIGINT AS n_exporter_ids,
        sum(fob_usd) FILTER (segment <> 'not_export') AS fob_usd
    FROM core_export
    GROUP BY ALL
    UNION ALL
    SELECT
        'registro', month, count(*)::BIGINT, NULL, count(DISTINCT exporter_key)::BIGINT, sum(fob_usd)
    FROM core_register
    GROUP BY ALL
),
id_home AS (   -- the comuna an id shows in a month
    SELECT source_id, month, exporter_id, mode(comuna_code) AS comuna_code
    FROM core_export
    WHERE exporter_id IS NOT NULL AND comuna_code IS NOT NULL
    GROUP BY ALL
    UNION ALL
    SELECT 'registro', month, exporter_key, mode(comuna_code)
    FROM core_register
    WHERE comuna_code IS NOT NULL
    GROUP BY ALL
),
neighbour AS (   -- the nearest earlier loaded month; for the first one, the next
    SELECT
        source_id,
        month,
        coalesce(
            lag(month) OVER (PARTITION BY source_id ORDER BY month),
            lead(month) OVER (PARTITION BY source_id ORDER BY month)
        ) AS other_month
    FROM month
),
kept AS (
    SELECT
        neighbour.source_id,
        neighbour.month,
        count(*) AS n_common,
        avg((here.comuna_code = there.comuna_code)::INTEGER) AS comuna_kept_share
    FROM neighbour
    JOIN id_home AS here ON here.source_id = neighbour.source_id AND here.month = neighbour.month
    JOIN id_home AS there
        ON there.source_id = neighbour.source_id
        AND there.month = neighbour.other_month
        AND there.exporter_id = here.exporter_id
    GROUP BY ALL
)
SELECT
    month.source_id,
    month.month,
    month.n_items,
    month.n_declarations,
    month.n_exporter_ids,
    month.fob_usd::DECIMAL(18, 2) AS fob_usd,
    coalesce(file.is_complete, false) AS is_complete,
    file.completeness_reason,
    CASE   -- five ids in common are the least a share can be read from
        WHEN kept.n_common >= 5 AND kept.comuna_kept_share >= 0.5 THEN 'stable'
        WHEN kept.n_common >= 5 THEN 'month'
    END AS id_scope,
    CASE WHEN kept.n_common >= 5 THEN kept.comuna_kept_share END AS comuna_kept_share
FROM month
LEFT JOIN kept USING (source_id, month)
LEFT JOIN stg_file_month AS file USING (source_id, month)
ORDER BY month.source_id, month.month
