package ui

// Tiles are map tiles that the browser loads. The zero value is none: maps show a grid.
type Tiles struct {
	// URL has {z}, {x} and {y}.
	URL string
	// Attribution names who made the tiles.
	Attribution string
	// MaxZoom is the highest zoom for which there are tiles.
	MaxZoom int
}
