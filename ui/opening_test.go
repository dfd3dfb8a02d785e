package ui

import "testing"

func TestTheOpeningSentenceReadsLikeOne(t *testing.T) {
	t.Parallel()
	fig := func(title string, compared int) Figure {
		return Figure{finding: finding{title: title, some: true, known: true, compared: compared}}
	}
	unknown := Figure{finding: finding{title: "Body fat", some: true, ranged: true}}
	few := fig("Weight", 1)
	few.finding.few = true
	columns := Figure{finding: finding{title: "Steps", some: true, says: "Steps: 9 000 on average, up 200"}}
	for want, figures := range map[string][]Figure{
		"Resting heart rate is as usual.": {fig("Resting heart rate", 0)},
		"Resting heart rate and HRV are as usual; steps are below.": {fig("Resting heart rate", 0), fig("Steps", -1),
			fig("HRV", 0)},
		"Stress is above your usual range; Body Battery is below.": {fig("Body Battery", -1), fig("Stress", 1)},
		"HRV is below your usual range.":                           {fig("HRV", -1), unknown},
		"There is no usual range yet for body fat.":                {unknown},
		"There is no value in these days.":                         {{}},
		"By few values, weight is above your usual range.":         {few, unknown, columns},
		"Steps: 9 000 on average, up 200.":                         {columns},
	} {
		if _, got := opening(figures); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAPageWithAFigureThatHasEndedIsLateAndNamesIt(t *testing.T) {
	t.Parallel()
	usual := Figure{finding: finding{title: "Resting heart rate", some: true, known: true}}
	ended := Figure{finding: finding{title: "HRV", some: true, known: true, until: 100,
		ended: "has not arrived since Sat 21 Nov"}}
	plain := ended
	plain.finding.title = "Heart rate variability"
	now := Figure{finding: finding{title: "Weight", some: true, until: 100}} // measured now and then
	for want, figures := range map[string][]Figure{
		"Resting heart rate is as usual; HRV has not arrived since Sat 21 Nov.":                    {usual, ended, now},
		"Resting heart rate is as usual; heart rate variability has not arrived since Sat 21 Nov.": {usual, plain, now},
		"Resting heart rate is as usual.":                                                          {usual, now},
		"The newest values are of Sat 11 Apr 1970.":                                                {ended, now},
	} {
		status, got := opening(figures)
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
		if green := len(figures) == 2 && figures[0].finding.title == usual.finding.title; (status == OK) != green ||
			!green && status != Late {
			t.Errorf("%q is %q", got, status)
		}
	}
}
