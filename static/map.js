// Maps: Leaflet in place of the SVG of a track.
"use strict";
