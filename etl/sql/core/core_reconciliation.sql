-- Grain: published figure × customs source in which every month of the figure is complete
WITH scope (flow_scope, segments, has_copper, has_lithium) AS (
    VALUES
        ('goods', ['goods'], true, true),
        ('services', ['services'], true, true),
        ('goods+services', ['goods', 'services'], true, true),
        ('goods+services+ship_supplies', ['goods', 'services', 'ship_supplies', 'unknown'], true, true),
        ('non_copper', ['goods', 'services'], false, true),
        ('non_copper_non_lithium', ['goods', 'services'], false, false)
),
figure AS (
    SELECT
        figure_id, publisher, flow_scope, region_code, subject_kind, subject_code, period_start, period_end,
        value::DECIMAL(18, 2) AS published_usd,
        CASE
            WHEN month(period_start) = 1 AND month(period_end) = 12 AND year(period_start) = year(period_end) THEN 'year'
        END AS span
    FROM core_published_figure
    WHERE unit = 'usd' AND comparison IS NULL AND concept = 'origin'
        AND day(period_start) = 1 AND period_end = last_day(period_end)
        AND (
            metric = 'fob_total' AND subject_kind = 'total'
            -- of destinations, only customs' own sums: the printed ones do not always say that they are of all products
            OR metric = 'dest_fob' AND subject_kind = 'destination' AND source_kind = 'record_sum'
        )
),
covered AS (
    SELECT figure.*, month.source_id
    FROM figure
    JOIN core_month AS month ON month.month BETWEEN figure.period_start AND figure.period_end
    WHERE month.is_complete AND month.source_id IN ('aduanas_dus', 'aduanas_salidas')
    GROUP BY ALL
    HAVING count(*) = datediff('month', figure.period_start, figure.period_end) + 1
),
region AS (
    SELECT
        source_id, month, region_code, NULL AS country_code, segment, is_copper, is_lithium, sum(fob_usd) AS fob_usd
    FROM core_export
    GROUP BY ALL
),
cell AS (
    FROM region
    UNION ALL BY NAME
    SELECT * EXCLUDE (region_code), 'CL' AS region_code FROM region
    UNION ALL BY NAME
    SELECT source_id, month, region_code, country_code, segment, is_copper, is_lithium, sum(fob_usd) AS fob_usd
    FROM core_export
    WHERE country_code IN (SELECT subject_code FROM covered WHERE subject_kind = 'destination')
    GROUP BY ALL
),
summed AS (
    SELECT
        covered.figure_id,
        covered.source_id,
        CASE   -- nothing exported in complete months is zero; a scope the records do not have is missing
            WHEN any_value(scope.flow_scope) IS NOT NULL THEN coalesce(sum(cell.fob_usd), 0)
        END::DECIMAL(18, 2) AS edition_usd
    FROM covered
    LEFT JOIN scope USING (flow_scope)
    LEFT JOIN cell
        ON cell.source_id = covered.source_id
        AND cell.region_code = covered.region_code
        AND cell.country_code IS NOT DISTINCT FROM covered.subject_code
        AND cell.month BETWEEN covered.period_start AND covered.period_end
        AND list_contains(scope.segments, cell.segment)
        AND (scope.has_copper OR NOT cell.is_copper)
        AND (scope.has_lithium OR NOT cell.is_lithium)
    GROUP BY ALL
),
ruled AS (
    SELECT covered.*, rule.rule_id, rule.tolerance::DOUBLE AS tolerance, rule.reason
    FROM covered
    JOIN reference.reconciliation_tolerances AS rule
        ON (rule.subject_kind IS NULL OR rule.subject_kind = covered.subject_kind)
        AND (rule.flow_scopes IS NULL OR list_contains(split(rule.flow_scopes, '|'), covered.flow_scope))
        AND (rule.region_codes IS NULL OR list_contains(split(rule.region_codes, '|'), covered.region_code))
        AND (rule.span IS NULL OR rule.span = covered.span)
        AND (rule.figure_ids IS NULL OR list_contains(split(rule.figure_ids, '|'), covered.figure_id))
    QUALIFY row_number() OVER (
        PARTITION BY covered.figure_id, covered.source_id ORDER BY rule.precedence::INTEGER DESC, rule.rule_id
    ) = 1
),
compared AS (
    SELECT
        ruled.*,
        summed.edition_usd,
        summed.edition_usd - ruled.published_usd AS residual_usd,
        (summed.edition_usd - ruled.published_usd)::DOUBLE / ruled.published_usd::DOUBLE AS residual
    FROM ruled
    JOIN summed USING (figure_id, source_id)
)
SELECT
    figure_id, source_id, publisher, flow_scope, region_code, subject_kind, subject_code, period_start, period_end,
    published_usd, edition_usd,
    residual_usd::DECIMAL(18, 2) AS residual_usd,
    residual,
    rule_id,
    tolerance,
    CASE
        WHEN tolerance IS NULL OR residual IS NULL THEN 'no comparable'
        WHEN abs(residual) <= tolerance THEN 'dentro'
        ELSE 'fuera'
    END AS status,
    reason AS explanation
FROM compared
ORDER BY region_code, flow_scope, period_start, period_end, figure_id, source_id
