"""How often Linkwell and other link checkers are wrong, on the world's scenarios.

`python -m bench.accuracy`; `cases` says what is asked, `linkwell` and `rivals` ask, `scoring`
counts, `tables` prints.
"""
