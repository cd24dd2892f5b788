DELETE FROM asset WHERE NOT EXISTS (SELECT 1 FROM result WHERE result.asset = asset.number)
