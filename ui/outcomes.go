package ui

import (
	"garner/health/history"
	"garner/query"
	"garner/ui/text"
)

// outcomeText is an outcome as a mark, and what it means. Its word is text.Outcome.
type outcomeText struct {
	symbol  string
	status  Status
	meaning string
}

var outcomeTexts = map[history.Outcome]outcomeText{
	history.WindowPlanned: {"○", NoData, "Not asked yet."},
	history.WindowRateLimited: {"‖", Late,
		"Garmin’s limit was reached (429). Garner asks again at the time shown."},
	history.WindowAsked:    {"▶", Running, "Garmin was asked, and the answer is not known yet."},
	history.WindowAccepted: {"◐", Running, "Garmin accepted it. Its data arrives later by itself."},
	history.WindowArrived:  {"●", OK, "Garmin accepted it, and so many records came."},
	history.WindowArrivedEmpty: {"◇", NoData,
		"Garmin accepted it, and nothing came within 48 hours. It may have no data of these days."},
	history.WindowAlreadyAsked: {"⊘", Late,
		"Garmin was asked for these days before (409). Only connecting again allows it again."},
	history.WindowTooEarly:     {"◁", NoData, "It lies before the earliest date that Garmin gives."},
	history.WindowNotPermitted: {"✕", Late, "The person does not share it (403 or 412)."},
	history.WindowFailed:       {"▲", Down, "Garner gave up. Garmin’s answer is in the report."},
	history.WindowCanceled: {"–", NoData,
		"It was canceled, or the connection ended, before Garmin was asked."},
}

// outcomes are in the order of the legend.
var outcomes = []history.Outcome{history.WindowPlanned, history.WindowRateLimited, history.WindowAsked,
	history.WindowAccepted, history.WindowArrived, history.WindowArrivedEmpty, history.WindowAlreadyAsked,
	history.WindowTooEarly, history.WindowNotPermitted, history.WindowFailed, history.WindowCanceled}

// refusals are the outcomes that bring no data and need attention.
var refusals = []history.Outcome{history.WindowAlreadyAsked, history.WindowNotPermitted, history.WindowFailed}

// outcomeWord names what became of a window, with what comes of it.
func (n *Names) outcomeWord(w *query.BackfillWindow) string {
	switch w.Outcome {
	case history.WindowArrived:
		return Count(int(w.Records)) + " arrived"
	case history.WindowRateLimited:
		return "next try " + n.TimeOfDay(w.Due, n.Now)
	}
	return text.Outcome(w.Outcome)
}
