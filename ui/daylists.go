package ui

import (
	"fmt"
)

// naps are the day's further sleeps.
func (w *dayWriter) naps() []Nap {
	var out []Nap
	for _, n := range w.day.Naps[:min(len(w.day.Naps), mostNaps)] {
		nap := Nap{Start: w.on(n.Start), End: w.on(n.End), Asleep: n.Asleep, Note: n.Validation}
		if n.Sleep {
			nap.Note = "also slept"
		}
		out = append(out, nap)
	}
	if more := len(w.day.Naps) - len(out); more > 0 {
		out[len(out)-1].Note = fmt.Sprintf("%d more are not shown", more)
	}
	return out
}

// mostNaps is how many naps of a day are listed.
const mostNaps = 24

func (w *dayWriter) activities() []ActivityLine {
	var out []ActivityLine
	for i := range w.day.Activities {
		line := newActivity(&w.day.Activities[i])
		line.URL = activityURL(w.v.Person.Slug, w.day.Activities[i].ID)
		for _, f := range w.day.Activities[i].Files {
			link := FileLink{Kind: f.Kind, URL: fmt.Sprintf("/p/%s/files/%d", w.v.Person.Slug, f.ID)}
			if f.Fault != "" {
				link.Note = "could not be read whole: " + f.Fault
			}
			line.Files = append(line.Files, link)
		}
		out = append(out, line)
	}
	return out
}

// FileLink is a file that can be downloaded.
type FileLink struct{ Kind, URL, Note string }
