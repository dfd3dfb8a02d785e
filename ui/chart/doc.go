// Package chart draws small charts as SVG made on the server. It knows the
// seven kinds of absence and treats them as something to draw: lines break,
// slots are hatched, and nothing is joined, carried forward or shown as zero
// because nothing came.
//
// Every drawing has a fixed height and a fluid width. Marks that may be
// stretched (lines, areas, bars) live in an inner viewport with a fixed
// viewBox; text, dots and hatching are placed in per cent beside it and keep
// their shape at any width. Colours come from the style sheet by class only.
package chart
