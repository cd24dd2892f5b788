-- Results that no observation points to. A member goes with, and stays with, its outermost container's scan.
DELETE FROM result WHERE NOT EXISTS (SELECT 1 FROM observation WHERE observation.result = result.id)
