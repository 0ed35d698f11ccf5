-- Grain: window × base × flow × region × size × sector or market × what firms did; only in public editions
SELECT
    first_month, last_month, base_first_month, base_last_month, flow, region, size, sector, market, move, side, firms,
    fob_usd, is_reserved
FROM stg_firm_statistic
ORDER BY ALL
