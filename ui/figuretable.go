package ui

import (
	"garner/health"
	"garner/ui/chart"
)

// table is the figure in rows, the newest first: the same days, or weeks, as the drawing.
func (b *figureBuilder) table() (columns []string, rows []FigureRow) {
	if b.weekly() {
		return append([]string{"Week from"}, b.stackNames()...), b.weekRows()
	}
	columns = []string{"Day"}
	if b.spec.Form == chart.DotsAndMean {
		columns = append(columns, "7-day mean", "from days", "usual range")
	}
	means, earlier := len(columns) > 1, b.earlier()
	columns = append(columns, b.stackNames()...)
	if earlier != nil {
		columns = append(columns, Plural(len(b.t.Days), "day", "days")+" before")
	}
	for i := len(b.t.Days) - 1; i >= 0; i-- {
		d := &b.t.Days[i]
		row := FigureRow{Text: ShortDate(d.Day), URL: dayURL(b.Person.Slug, d.Day), Why: d.State, Note: note(d)}
		if d.Has {
			row.Value, row.Why = b.value(i), health.DayState{}
		}
		if means {
			row.Cells = b.means(i)
		}
		row.Cells = append(row.Cells, b.stackCells(i)...)
		if earlier != nil {
			row.Cells = append(row.Cells, earlier.value(i))
		}
		rows = append(rows, row)
	}
	return columns, rows
}

// value is that of a day in the table, in which the metrics of a stack have columns of their own.
func (b *figureBuilder) value(i int) string {
	if d := &b.t.Days[i]; len(b.stack) > 0 && d.Has {
		return b.write(d.Value)
	}
	return b.said(i)
}

// earlier writes the days of the window before; nil without comparison.
func (b *figureBuilder) earlier() *figureBuilder {
	if b.before == nil {
		return nil
	}
	out := *b
	out.stack = nil
	out.t, out.low, out.within = b.before, trendNamed(b.Before, b.spec.Low), trendNamed(b.Before, b.spec.Within)
	return &out
}

// means are the cells of the mean and the usual range of a day.
func (b *figureBuilder) means(i int) []string {
	d := &b.t.Days[i]
	out := []string{missing, Count(d.Mean.N), missing}
	if d.Mean.N > 0 {
		out[0] = b.write(d.Mean.Value)
	}
	if d.Known {
		out[2] = b.band(d.Usual)
	}
	return out
}

// weekRows are the weeks.
func (b *figureBuilder) weekRows() (rows []FigureRow) {
	for i := len(b.marks) - 1; i >= 0; i-- {
		m := &b.marks[i]
		row := FigureRow{Text: Date(m.From), Why: health.DayState{Absence: m.State}}
		if m.Has {
			row.Why = health.DayState{}
			row.Value = b.back(m.High)
			if len(m.Parts) > 0 {
				row.Value = b.back(m.Parts[0])
			}
			if m.Low != m.High && b.spec.Form != chart.Columns {
				row.Value = b.back(m.Low) + " to " + b.back(m.High)
			}
		}
		row.Cells = b.stackWeek(m)
		rows = append(rows, row)
	}
	return rows
}

// back is a value of the chart as text.
func (b *figureBuilder) back(x float64) string {
	s := b.axis.scale
	return b.write((x - s.offset) / s.factor)
}
