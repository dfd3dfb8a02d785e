package ui

import (
	"strconv"
	"strings"

	"rsc.io/qr"
)

// quiet is the empty border that a QR code needs, in modules.
const quiet = 4

// qrCode is a QR code as the path of an SVG with a square view box of size; size is 0
// if the text is too long for one.
func qrCode(text string) (path string, size int) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", 0
	}
	var b strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if n := strconv.Itoa(x - from); x > from {
				b.WriteString("M" + strconv.Itoa(from+quiet) + " " + strconv.Itoa(y+quiet) + "h" + n + "v1h-" + n + "z")
			}
		}
	}
	return b.String(), code.Size + 2*quiet
}
