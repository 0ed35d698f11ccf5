"""Plain SQL over the edition's core tables, one query per family of truths; each row is (name, value)."""

VIEWS = (
    # The register by firm, place and year, twice: the window of January to October, and the whole year.
    """
    CREATE TEMP VIEW firm_period AS
    WITH entry AS (
        SELECT 'chile' AS place, * FROM core_register WHERE segment IN ('goods', 'services')
        UNION ALL
        SELECT 'biobio', * FROM core_register WHERE segment IN ('goods', 'services') AND region_code = '08'
    ),
    period AS (
        SELECT 'year' AS span, * FROM entry
        UNION ALL
        SELECT 'ytd', * FROM entry WHERE month(month) <= 10
    )
    SELECT
        span, place, year(month) AS year, exporter_key, any_value(size_class) AS size_class,
        any_value(size_class) IN ('pequena', 'mediana') AS is_pyme, sum(fob_usd) AS fob
    FROM period
    GROUP BY ALL
    HAVING sum(fob_usd) > 0
    """,
    """
    CREATE TEMP VIEW pair AS
    SELECT
        exporter_key, coalesce(before.fob, 0) AS before, coalesce(now.fob, 0) AS now,
        before.exporter_key IS NOT NULL AS was_there, now.exporter_key IS NOT NULL AS is_there,
        coalesce(before.is_pyme, false) AS was_pyme, coalesce(now.is_pyme, false) AS is_pyme
    FROM (FROM firm_period WHERE span = 'ytd' AND place = 'biobio' AND year = 2024) AS before
    FULL JOIN (FROM firm_period WHERE span = 'ytd' AND place = 'biobio' AND year = 2025) AS now
        USING (exporter_key)
    """,
    """
    CREATE TEMP VIEW yearly AS
    SELECT
        place, exporter_key, bool_or(year = 2023) AS in_2023, bool_or(year = 2024) AS in_2024
    FROM firm_period
    WHERE span = 'year' AND year IN (2023, 2024)
    GROUP BY ALL
    """,
    """
    CREATE TEMP VIEW trade AS
    SELECT 'chile' AS place, year(month) AS year, * FROM core_export WHERE month(month) <= 10
    UNION ALL
    SELECT 'biobio', year(month), * FROM core_export WHERE month(month) <= 10 AND region_code = '08'
    """,
)

QUERIES = (
    """
    WITH entrant AS (
        SELECT place, exporter_key, year FROM firm_period AS now
        WHERE span = 'year' AND year BETWEEN 2020 AND 2024 AND NOT EXISTS (
            FROM firm_period AS before
            WHERE before.span = 'year' AND before.place = now.place AND before.exporter_key = now.exporter_key
                AND before.year = now.year - 1)
    )
    SELECT place || '_cohort_' || year, count(*)::DOUBLE FROM entrant GROUP BY place, year
    UNION ALL
    SELECT entrant.place || '_survival_' || entrant.year || '_' || k, count(later.exporter_key) / count(*)
    FROM entrant CROSS JOIN range(1, 5) AS after (k)
    LEFT JOIN firm_period AS later ON later.span = 'year' AND later.place = entrant.place
        AND later.exporter_key = entrant.exporter_key AND later.year = entrant.year + k
    WHERE entrant.year + k <= 2024
    GROUP BY entrant.place, entrant.year, k
    """,
    """
    WITH firm AS (
        SELECT
            place, exporter_key,
            count(*) FILTER (year BETWEEN 2021 AND 2023) AS recent,
            count(*) FILTER (year < 2021) AS earlier
        FROM firm_period WHERE span = 'year' AND year <= 2024
        GROUP BY ALL HAVING bool_or(year = 2024)
    )
    SELECT place || '_regular_2024', count(*) FILTER (recent = 3) / count(*) FROM firm GROUP BY place
    UNION ALL
    SELECT place || '_first_time_2024', count(*) FILTER (recent = 0 AND earlier = 0)::DOUBLE FROM firm GROUP BY place
    UNION ALL
    SELECT place || '_returning_2024', count(*) FILTER (recent = 0 AND earlier > 0)::DOUBLE FROM firm GROUP BY place
    """,
    """
    SELECT place || '_exporters_ytd_' || year, count(*) FROM firm_period
    WHERE span = 'ytd' AND year > 2023 GROUP BY place, year
    """,
    """
    SELECT place || '_pyme_exporters_ytd_' || year, count(*) FROM firm_period
    WHERE span = 'ytd' AND year > 2023 AND is_pyme GROUP BY place, year
    """,
    """
    SELECT
        place || '_pyme_exporters_ytd_growth',
        count(*) FILTER (year = 2025) / count(*) FILTER (year = 2024) - 1
    FROM firm_period WHERE span = 'ytd' AND is_pyme GROUP BY place
    """,
    """
    SELECT 'biobio_' || size_class || '_exporters_ytd_' || year, count(*) FROM firm_period
    WHERE span = 'ytd' AND place = 'biobio' AND year > 2023 GROUP BY size_class, year
    """,
    """
    SELECT place || '_' || metric, value FROM (UNPIVOT (
        SELECT
            place,
            count(*) FILTER (in_2023)::DOUBLE AS exporters_2023,
            count(*) FILTER (in_2024)::DOUBLE AS exporters_2024,
            count(*) FILTER (in_2024 AND NOT in_2023)::DOUBLE AS entrants_2024,
            count(*) FILTER (in_2023 AND NOT in_2024)::DOUBLE AS exits_2024,
            count(*) FILTER (in_2024 AND NOT in_2023) / count(*) FILTER (in_2024) AS entry_rate_2024,
            count(*) FILTER (in_2023 AND NOT in_2024) / count(*) FILTER (in_2023) AS exit_rate_2024,
            count(*) FILTER (in_2023 AND in_2024) / count(*) FILTER (in_2023) AS kept_2024
        FROM yearly GROUP BY place
    ) ON COLUMNS(* EXCLUDE place) INTO NAME metric VALUE value)
    """,
    """
    SELECT place || '_exporters_month_avg_ytd_2025', avg(n)
    FROM (
        SELECT place, month, count(DISTINCT exporter_id) AS n FROM trade
        WHERE year = 2025 AND segment IN ('goods', 'services') GROUP BY ALL
    )
    GROUP BY place
    """,
    """
    SELECT 'biobio_pyme_' || metric, value FROM (UNPIVOT (
        SELECT
            count(*) FILTER (was_pyme AND is_pyme)::VARCHAR AS same_firms,
            sum(before) FILTER (was_pyme)::VARCHAR AS fob_ytd_2024,
            sum(now) FILTER (is_pyme)::VARCHAR AS fob_ytd_2025,
            (sum(now) FILTER (is_pyme) / sum(before) FILTER (was_pyme) - 1)::VARCHAR AS fob_ytd_growth,
            sum(before) FILTER (was_pyme AND is_pyme)::VARCHAR AS same_firms_fob_ytd_2024,
            sum(now) FILTER (was_pyme AND is_pyme)::VARCHAR AS same_firms_fob_ytd_2025,
            (sum(now) FILTER (was_pyme AND is_pyme) / sum(before) FILTER (was_pyme AND is_pyme) - 1)::VARCHAR
                AS same_firms_fob_ytd_growth,
            (sum(now) FILTER (is_pyme) - sum(before) FILTER (was_pyme))::VARCHAR AS bridge_total_fob
        FROM pair
    ) ON COLUMNS(*) INTO NAME metric VALUE value)
    """,
    """
    WITH part AS (
        SELECT
            CASE
                WHEN is_pyme AND NOT was_there THEN 'entrants'
                WHEN was_pyme AND NOT is_there THEN 'exits'
                WHEN was_pyme AND is_pyme THEN 'continuing'
                WHEN is_pyme THEN 'joined'
                WHEN was_pyme THEN 'left'
            END AS part,
            CASE WHEN is_pyme THEN now ELSE 0 END - CASE WHEN was_pyme THEN before ELSE 0 END AS change
        FROM pair
    )
    SELECT 'biobio_pyme_bridge_' || part || '_firms', count(*) FROM part WHERE part IS NOT NULL GROUP BY part
    UNION ALL
    SELECT 'biobio_pyme_bridge_' || part || '_fob', sum(change) FROM part WHERE part IS NOT NULL GROUP BY part
    """,
    """
    SELECT 'biobio_' || metric || '_ytd_2025', value FROM (UNPIVOT (
        SELECT
            avg(here.fob) AS fob_per_exporter_mean,
            median(here.fob::DOUBLE) AS fob_per_exporter_median,
            sum(here.fob / nation.fob) AS exporters_proportional
        FROM firm_period AS here JOIN firm_period AS nation USING (exporter_key, span, year)
        WHERE span = 'ytd' AND year = 2025 AND here.place = 'biobio' AND nation.place = 'chile'
    ) ON COLUMNS(*) INTO NAME metric VALUE value)
    """,
    """
    SELECT place || '_' || segment || '_fob_ytd_' || year, sum(fob_usd) FROM trade
    WHERE year > 2023 AND segment IN ('goods', 'services') GROUP BY place, segment, year
    """,
    """
    SELECT
        place || '_' || segment || '_fob_ytd_growth',
        sum(fob_usd) FILTER (year = 2025) / sum(fob_usd) FILTER (year = 2024) - 1
    FROM trade WHERE segment IN ('goods', 'services') GROUP BY place, segment
    """,
    """
    SELECT 'chile_ship_supplies_fob_ytd_2025', sum(fob_usd) FROM trade
    WHERE place = 'chile' AND segment = 'ship_supplies' AND year = 2025
    UNION ALL
    SELECT 'biobio_all_flows_fob_ytd_2025', sum(fob_usd) FROM trade WHERE place = 'biobio' AND year = 2025
    """,
    """
    WITH scope AS (
        FROM trade SELECT *, unnest(['all', 'no_copper', 'no_copper_no_lithium']) AS denominator
        WHERE year = 2025 AND segment IN ('goods', 'services')
    ),
    kept AS (
        SELECT *, unnest(CASE segment WHEN 'goods' THEN ['', '_services'] ELSE ['_services'] END) AS flow
        FROM scope
        WHERE NOT (denominator <> 'all' AND is_copper)
        AND NOT (denominator = 'no_copper_no_lithium' AND is_lithium)
    ),
    total AS (
        SELECT
            denominator || flow AS name,
            sum(fob_usd) FILTER (place = 'biobio') AS part,
            sum(fob_usd) FILTER (place = 'chile') AS whole
        FROM kept GROUP BY ALL
    )
    SELECT 'chile_' || name || '_fob_ytd_2025', whole::VARCHAR FROM total
    UNION ALL
    SELECT 'biobio_share_' || name || '_ytd_2025', (part / whole)::VARCHAR FROM total
    """,
    """
    WITH sector AS (
        SELECT
            bcch_sector_id AS sector,
            sum(CASE year WHEN 2025 THEN fob_usd WHEN 2024 THEN -fob_usd ELSE 0 END) AS change
        FROM trade
        WHERE place = 'biobio' AND segment = 'goods' AND bcch_sector_id IS NOT NULL
        GROUP BY ALL
        ORDER BY abs(change) DESC
        LIMIT 5
    ),
    ranked AS (SELECT *, row_number() OVER (ORDER BY abs(change) DESC) AS rank FROM sector)
    SELECT 'biobio_sector_' || rank, sector FROM ranked
    UNION ALL
    SELECT 'biobio_sector_' || rank || '_change', change::VARCHAR FROM ranked
    UNION ALL
    SELECT
        'biobio_sector_' || rank || '_contribution',
        (change / (
            SELECT sum(fob_usd) FROM trade WHERE place = 'biobio' AND segment = 'goods' AND year = 2024
        ))::VARCHAR
    FROM ranked
    """,
    """
    WITH market AS (
        SELECT country_code, sum(fob_usd) AS fob, sum(sum(fob_usd)) OVER () AS total FROM trade
        WHERE place = 'biobio' AND segment = 'goods' AND year = 2025
        GROUP BY country_code ORDER BY fob DESC LIMIT 1
    )
    SELECT 'biobio_top_destination', country_code FROM market
    UNION ALL
    SELECT 'biobio_top_destination_share', (fob / total)::VARCHAR FROM market
    """,
    """
    SELECT 'files_' || metric, value FROM (UNPIVOT (
        SELECT
            count(*)::VARCHAR AS items,
            count(DISTINCT (month, declaration_id))::VARCHAR AS declarations,
            count(*) FILTER (fob_origin = 'header_residual')::VARCHAR AS cut_rows,
            count(*) FILTER (fob_usd < 0)::VARCHAR AS negative_items,
            count(*) FILTER (port_code NOT IN (SELECT port_code FROM core_port))::VARCHAR
                AS unknown_port_items,
            (sum(fob_usd) FILTER (fob_origin = 'header_residual'))::VARCHAR AS cut_rows_fob
        FROM core_export
    ) ON COLUMNS(*) INTO NAME metric VALUE value)
    """,
)
