package chart

import (
	"cmp"

	"github.com/a-h/templ"
)

// hypnogram draws a night: a block in the row of its stage, and thin risers between
// blocks that touch. What is no stage (asleep, unmeasurable) spans all rows.
func hypnogram(c *canvas, w window, l Lane, height int) {
	for i := range rowNames {
		y := num(rowMiddle(i, height))
		c.put(`<line class="level" x1="0" x2="100%%" y1="%s" y2="%s"/>`, y, y)
	}
	for i, b := range l.Blocks {
		c.stage(w, b, height)
		if i > 0 && l.Blocks[i-1].To == b.From {
			c.riser(w.pct(b.From), l.Blocks[i-1].Class, b.Class, height)
		}
	}
}

// rows of a hypnogram from the top.
var rows = map[string]int{"awake": 0, "rem": 1, "light": 2, "deep": 3}

// rowNames are the names of the rows, as they stand beside them.
var rowNames = []string{"awake", "REM", "light", "deep"}

// The height of a row that a block leaves free, above and below it.
const rowMargin = 6

// unmeasured is the class of blocks in which the watch could not tell the stage.
const unmeasured = "unmeasurable"

func rowMiddle(row, height int) float64 {
	return (float64(row) + 0.5) * float64(height) / float64(len(rows))
}

// stage draws one block of a night.
func (c *canvas) stage(w window, b Block, height int) {
	x, width := w.pct(b.From), w.pct(b.To)-w.pct(b.From)
	if width <= 0 {
		return
	}
	y, h, fill := 0, height, ""
	if row, ok := rows[b.Class]; ok {
		y, h = row*height/len(rows)+rowMargin, height/len(rows)-2*rowMargin
	} else if b.Class == "asleep" {
		y, h = height/4, height/2
	}
	if b.Class == unmeasured {
		fill = ` fill="url(#hatch-light)"`
	}
	c.put(`<rect class="stage %s" x="%s%%" width="%s%%" y="%d" height="%d" rx="1"%s/>`,
		esc(b.Class), num(x), num(max(width, 0.05)), y, h, fill)
	if b.Class == unmeasured || b.Class == "asleep" {
		c.word(w, Span{From: b.From, To: b.To}, height, b.Label)
	}
}

// riser joins two stages that touch.
func (c *canvas) riser(x float64, from, to string, height int) {
	m, ok1 := rows[from]
	n, ok2 := rows[to]
	if !ok1 || !ok2 || m == n {
		return
	}
	row := height / len(rows)
	c.put(`<line class="riser" x1="%s%%" x2="%s%%" y1="%d" y2="%d"/>`, num(x), num(x), min(m, n)*row+row-rowMargin,
		max(m, n)*row+rowMargin)
}

// Mark is a moment that the axis names, such as when a sleep began.
type Mark struct {
	At    int64 // unix milliseconds
	Label string
}

// marks writes the moments of the axis on a line of their own, inwards near the edges.
func (r Ribbon) marks(c *canvas, w window, y int) {
	for i, m := range r.Marks {
		x, class, dx := w.pct(m.At), "mark-text", 4
		if i == 0 && x > 20 || x > 80 {
			class, dx = "mark-text end", -4
		}
		c.put(`<line class="moment" x1="%s%%" x2="%s%%" y1="0" y2="%d"/>`, num(x), num(x), y)
		c.put(`<text class="%s" x="%s%%" dx="%d" y="%d">%s</text>`, class, num(x), dx, y, esc(m.Label))
	}
}

// NightRow is the bar of one night, or why there is none.
type NightRow struct {
	Title  string
	Blocks []Block // on the clock of the axis, in unix milliseconds
	Absent Absence
	Word   string
}

// NightBar is a night as one bar on the axis of the ribbon, coloured by stage, over the
// usual times of going to bed and of getting up.
func (r Ribbon) NightBar(row NightRow, usual []Span) templ.Component {
	const height = 24
	w := window{r.From, r.To}
	c := &canvas{}
	c.put(`<svg class="plot night-bar" width="100%%" height="%d" aria-hidden="true">`, height)
	for _, s := range usual {
		c.band(w, s, height, "usual", "")
	}
	c.grid(r, height)
	if row.Absent != Present {
		fill := cmp.Or(fills[row.Absent], "none")
		if fill != "none" {
			fill = "url(#" + fill + ")"
		}
		c.put(`<rect class="gap %s" x="0" width="100%%" y="3" height="%d" fill="%s"/>`, row.Absent.Key(), height-6, fill)
		c.word(w, Span{From: r.From, To: r.To}, height, row.Word)
	}
	for _, b := range row.Blocks {
		x, fill := w.pct(b.From), ""
		if b.Class == unmeasured {
			fill = ` fill="url(#hatch-light)"`
		}
		c.put(`<rect class="stage %s" x="%s%%" width="%s%%" y="3" height="%d"%s/>`, esc(b.Class), num(x),
			num(max(w.pct(b.To)-x, 0.1)), height-6, fill)
	}
	c.put(`</svg>`)
	return c.component()
}
