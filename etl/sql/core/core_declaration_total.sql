-- Grain: source × month
SELECT
    'aduanas_dus' AS source_id,
    month,
    count(*)::BIGINT AS n_declarations,
    count(*) FILTER (adds_up)::BIGINT AS n_adding_up,
    count(*) FILTER (is_whole)::BIGINT AS n_whole,
    count(*) FILTER (is_whole AND adds_up)::BIGINT AS n_whole_adding_up
FROM (
    SELECT
        month,
        abs(sum(fob_usd) - max(header_fob_usd)) <= 1 AS adds_up,   -- a dollar: totals are printed rounded
        coalesce(count(*) = max(declared_items), false) AS is_whole
    FROM stg_aduanas_dus__item
    WHERE declaration_id IS NOT NULL
    GROUP BY month, declaration_id
    HAVING max(header_fob_usd) IS NOT NULL
)
GROUP BY ALL
