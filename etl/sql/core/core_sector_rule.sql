-- Grain: prefix of tariff code
SELECT hs_prefix, bcch_sector_id, prochile_sector_id, ine_sector_id, note, source
FROM reference.sector_rules
ORDER BY hs_prefix
