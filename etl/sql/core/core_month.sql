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
kept AS (   -- five ids in common are the least a share can be read from
    SELECT
        neighbour.source_id,
        neighbour.month,
        neighbour.other_month,
        avg((here.comuna_code = there.comuna_code)::INTEGER) AS comuna_kept_share
    FROM neighbour
    JOIN id_home AS here ON here.source_id = neighbour.source_id AND here.month = neighbour.month
    JOIN id_home AS there
        ON there.source_id = neighbour.source_id
        AND there.month = neighbour.other_month
        AND there.exporter_id = here.exporter_id
    GROUP BY ALL
    HAVING count(*) >= 5
),
farther AS (   -- what has too few ids in common with its neighbour is held against the other months of a year around it
    SELECT
        here.source_id,
        here.month,
        there.month AS other_month,
        avg((here.comuna_code = there.comuna_code)::INTEGER) AS comuna_kept_share
    FROM (FROM neighbour ANTI JOIN kept USING (source_id, month)) AS thin
    JOIN id_home AS here ON here.source_id = thin.source_id AND here.month = thin.month
    JOIN id_home AS there
        ON there.source_id = here.source_id
        AND there.exporter_id = here.exporter_id
        AND there.month <> here.month
        AND there.month BETWEEN here.month - INTERVAL 12 MONTH AND here.month + INTERVAL 12 MONTH
    GROUP BY ALL
    HAVING count(*) >= 5
),
link AS (   -- the nearest earlier month it can be held against, else the nearest later one
    FROM kept
    UNION ALL
    SELECT source_id, month, other_month, comuna_kept_share
    FROM farther
    QUALIFY row_number() OVER (
        PARTITION BY source_id, month ORDER BY other_month > month, abs(date_diff('month', month, other_month))
    ) = 1
),
measured AS (   -- and a month too thin for both: the ids on its two sides, held against each other
    SELECT source_id, month, comuna_kept_share FROM link
    UNION ALL
    SELECT month.source_id, month.month, arg_min(link.comuna_kept_share, link.month)
    FROM (FROM month ANTI JOIN link USING (source_id, month)) AS month
    JOIN link
        ON link.source_id = month.source_id
        AND month.month > link.other_month
        AND month.month < link.month
    WHERE month.n_exporter_ids > 0
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
    CASE WHEN measured.comuna_kept_share >= 0.5 THEN 'stable' WHEN measured.comuna_kept_share < 0.5 THEN 'month' END
        AS id_scope,
    measured.comuna_kept_share
FROM month
LEFT JOIN measured USING (source_id, month)
LEFT JOIN stg_file_month AS file USING (source_id, month)
ORDER BY month.source_id, month.month
