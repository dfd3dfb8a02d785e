package chart

import (
	"fmt"

	"garner/ui/text"

	"github.com/a-h/templ"
)

const barHeight = 28

// StageBar is a night in one line: blocks of its stages, deeper ones taller.
func StageBar(id, title string, blocks []Block) templ.Component {
	c := &canvas{}
	c.open("plot stage-bar", barHeight, id, title, "")
	if len(blocks) > 0 {
		w := window{blocks[0].From, blocks[len(blocks)-1].To}
		for _, b := range blocks {
			h := barHeight
			if n, ok := rows[b.Class]; ok {
				h = barHeight * (n + 2) / (len(rows) + 1)
			}
			x := w.pct(b.From)
			c.put(`<rect class="stage %s" x="%s%%" width="%s%%" y="%d" height="%d"/>`,
				esc(b.Class), num(x), num(max(w.pct(b.To)-x, 0.2)), barHeight-h, h)
		}
	}
	c.put(`</svg>`)
	return c.component()
}

const (
	slotPx   = 14 // width of a day of a strip, with its margin
	markPx   = 11
	stripTop = 16
)

// Strip is the delivery of some days, oldest first: a full mark is complete, a lower
// one in another colour arrived in part, a hatched one is missing. Days that are not whole
// say how long that lasts. The newest day is where the tab key stops; arrow keys go on.
func Strip(id, title string, days []DayMark) templ.Component {
	width := len(days) * slotPx
	id = esc(id)
	role := "img"
	for _, d := range days {
		if d.Href != "" {
			role = "group" // a picture can hold no links
		}
	}
	c := &canvas{}
	c.put(`<svg class="strip" data-row width="%d" height="%d" viewBox="0 0 %d %d" role="%s" aria-labelledby="%s-t">`+
		`<title id="%s-t">%s</title>`,
		width, stripTop+4, width, stripTop+4, role, id, id, esc(title))
	for i, d := range days {
		x, said := i*slotPx, d.said()+lasting(days, i)
		if d.Href != "" {
			stop := -1
			if i == len(days)-1 {
				stop = 0
			}
			c.put(`<a href="%s" tabindex="%d" aria-label="%s">`, local(d.Href), stop, esc(said))
		}
		c.mark(x, d, said)
		if d.Href != "" {
			c.put(`</a>`)
		}
	}
	c.put(`</svg>`)
	return c.component()
}

// said is what a day of a strip says.
func (d DayMark) said() string {
	word := d.Label + ": " + text.State(d.State)
	if d.Came != "" {
		word += ", " + d.Came
	}
	return word
}

// lasting says of a day that lacks something how many days in a row do.
func lasting(days []DayMark, at int) string {
	lacks := func(i int) bool { return days[i].State.Gap() }
	if !lacks(at) {
		return ""
	}
	from, to := at, at
	for from > 0 && lacks(from-1) {
		from--
	}
	for to < len(days)-1 && lacks(to+1) {
		to++
	}
	if from == to {
		return ""
	}
	return fmt.Sprintf("; not whole for %d days, %s to %s", to-from+1, days[from].Label, days[to].Label)
}

// mark is one day of a strip, with what it says.
func (c *canvas) mark(x int, d DayMark, said string) {
	title := "<title>" + esc(said) + "</title>"
	rect := func(class, fill string, y, h int) {
		c.put(`<rect class="%s" x="%d" y="%d" width="%d" height="%d" rx="2"%s>%s</rect>`, class, x+1, y, markPx, h, fill,
			title)
	}
	share := func(class string) {
		if h := min(int(float64(stripTop)*d.Share), stripTop-2); h > 0 {
			rect("mark "+class, "", 2+stripTop-h, h)
		}
	}
	switch d.State.Absence {
	case Present, Tentative:
		rect("mark "+d.State.Key(), "", 2, stripTop)
	case Partial:
		rect("gap", ` fill="url(#hatch)"`, 2, stripTop)
		share("partial")
	case Missing:
		rect("gap", ` fill="url(#hatch)"`, 2, stripTop)
	case Failed:
		rect("mark failed", "", 2, stripTop)
		c.put(`<text class="bang" x="%d" y="15">!</text>`, x+1+markPx/2)
	case Awaited:
		rect("mark awaited", "", 2, stripTop)
		share("so-far")
	case OffBody:
		rect("mark off_body", "", 2, stripTop)
	default:
		c.put(`<circle class="mark not_expected" cx="%d" cy="10" r="1.5">%s</circle>`, x+1+markPx/2, title)
	}
}
