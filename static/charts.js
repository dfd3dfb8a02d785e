// Charts of many samples: uPlot in place of the SVG of a figure.
"use strict";
