"""Prices and quantities of six products in five periods, and the indexes that others computed.

Tables 19.1 and 19.2 of the Producer Price Index Manual (IMF 2004), also tables 3.1 and 3.2 of Balk
(2008), *Price and Quantity Index Numbers*. The indexes are those of its chapter 19 and of Balk's
tables 3.4, 3.6 and 3.12, to four decimals.
"""

from __future__ import annotations

import numpy as np

PRICES = np.array(
    [
        [1.0, 1.2, 1.0, 0.8, 1.0],
        [1.0, 3.0, 1.0, 0.5, 1.0],
        [1.0, 1.3, 1.5, 1.6, 1.6],
        [1.0, 0.7, 0.5, 0.3, 0.1],
        [1.0, 1.4, 1.7, 1.9, 2.0],
        [1.0, 0.8, 0.6, 0.4, 0.2],
    ]
).T
QUANTITIES = np.array(
    [
        [1.0, 0.8, 1.0, 1.2, 0.9],
        [1.0, 0.9, 1.1, 1.2, 1.2],
        [2.0, 1.9, 1.8, 1.9, 2.0],
        [1.0, 1.3, 3.0, 6.0, 12.0],
        [4.5, 4.7, 5.0, 5.6, 6.5],
        [0.5, 0.6, 0.8, 1.3, 2.5],
    ]
).T
#: Against the first period.
INDEXES = {
    "laspeyres": [1, 1.42, 1.345, 1.355, 1.44],
    "paasche": [1, 1.3824, 1.2031, 1.0209, 0.7968],
    "fisher": [1, 1.4011, 1.2721, 1.1762, 1.0712],
    "tornqvist": [1, 1.4052, 1.289, 1.2268, 1.2477],
    "walsh": [1, 1.4017, 1.285, 1.2193, 1.185],
    "marshall-edgeworth": [1, 1.401, 1.2656, 1.1438, 0.9801],
    "geometric-laspeyres": [1, 1.33, 1.2523, 1.1331, 1.0999],
    "geometric-paasche": [1, 1.4846, 1.3268, 1.3282, 1.4153],
    "palgrave": [1, 1.6096, 1.4161, 1.5317, 1.672],
    "sato-vartia": [1, 1.4018, 1.2897, 1.2335, 1.254],
    "montgomery-vartia": [1, 1.4024, 1.2907, 1.2392, 1.2678],
    "stuvel": [1, 1.4042, 1.2742, 1.1551, 0.977],
}
#: The link of a chained Laspeyres index from the second to the third period.
LASPEYRES_LINK = 0.9609929
