package ui

import (
	"garner/query"
	"garner/ui/text"
)

// outcomeText is an outcome as a mark, and what it means. Its word is text.Outcome.
type outcomeText struct {
	symbol  string
	status  Status
	meaning string
}

var outcomeTexts = map[query.Outcome]outcomeText{
	query.WindowPlanned: {"○", NoData, "Not asked yet."},
	query.WindowRateLimited: {"‖", Late,
		"Garmin’s limit was reached (429). Garner asks again at the time shown."},
	query.WindowAsked:    {"▶", Running, "Garmin was asked, and the answer is not known yet."},
	query.WindowAccepted: {"◐", Running, "Garmin accepted it. Its data arrives later by itself."},
	query.WindowArrived:  {"●", OK, "Garmin accepted it, and so many records came."},
	query.WindowArrivedEmpty: {"◇", NoData,
		"Garmin accepted it, and nothing came within 48 hours. It may have no data of these days."},
	query.WindowAlreadyAsked: {"⊘", Late,
		"Garmin was asked for these days before (409). Only connecting again allows it again."},
	query.WindowTooEarly:     {"◁", NoData, "It lies before the earliest date that Garmin gives."},
	query.WindowNotPermitted: {"✕", Late, "The person does not share it (403 or 412)."},
	query.WindowFailed:       {"▲", Down, "Garner gave up. Garmin’s answer is in the report."},
	query.WindowCanceled: {"–", NoData,
		"It was canceled, or the connection ended, before Garmin was asked."},
}

// outcomes are in the order of the legend.
var outcomes = []query.Outcome{query.WindowPlanned, query.WindowRateLimited, query.WindowAsked, query.WindowAccepted,
	query.WindowArrived, query.WindowArrivedEmpty, query.WindowAlreadyAsked, query.WindowTooEarly,
	query.WindowNotPermitted, query.WindowFailed, query.WindowCanceled}

// refusals are the outcomes that bring no data and need attention.
var refusals = []query.Outcome{query.WindowAlreadyAsked, query.WindowNotPermitted, query.WindowFailed}

// outcomeWord names what became of a window, with what comes of it.
func (n *Names) outcomeWord(w *query.BackfillWindow) string {
	switch w.Outcome {
	case query.WindowArrived:
		return Count(int(w.Records)) + " arrived"
	case query.WindowRateLimited:
		return "next try " + n.TimeOfDay(w.Due, n.Now)
	}
	return text.Outcome(w.Outcome)
}
