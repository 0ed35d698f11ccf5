-- Grain: prefix of tariff code
SELECT hs_prefix, exclusion, note, source
FROM reference.exclusion_rules
ORDER BY exclusion, hs_prefix
