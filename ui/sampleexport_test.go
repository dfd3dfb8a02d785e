package ui

import "github.com/a-h/templ"

func sampleExport() ExportView {
	ranges := []ExportRange{{"30", "Last 30 days", false}, {"all", "All", true}}
	sleep := ExportType{ExportFile: ExportFile{Key: "sleeps", Title: "Sleep", Checked: true}, About: "1 table, 1 series",
		Records: 724, Oldest: sampleDay - 730, Newest: sampleDay, Parts: []ExportFile{{Key: "sleeps_naps", Title: "Naps"},
			{Key: "sleeps_spo2", Title: "Blood oxygen", Unit: "pct", Checked: true}}}
	return ExportView{People: []PersonLink{ada, ben, hostile}, Person: ada.Slug, Name: ada.Name, Ranges: ranges,
		Types:  []ExportType{sleep, {ExportFile: ExportFile{Key: "hrv", Title: "HRV"}, Records: 1, Oldest: 1, Newest: 1}},
		Others: []ExportFile{{Key: "metrics", Title: "Daily metrics", Holds: "One row per person and day"}},
		None:   []string{"Body composition"}, Dictionary: "/export/data-dictionary.md", Columns: "/export/dictionary.csv"}
}

func exportPages() map[string]templ.Component {
	typed, none, noPerson := sampleExport(), sampleExport(), ExportView{}
	typed.From, typed.Problem, typed.BadDates = "2026-13-01", "From: want YYYY-MM-DD", true
	none.Types, none.Problem = nil, "There are no records of this choice on these days."
	none.Empty = &Empty{What: "This page lists files to download.", Why: "Nothing has been received yet."}
	noPerson.Empty = none.Empty
	return map[string]templ.Component{
		"export":           Export(samplePage("Export of Ada", NavExport, &ada), sampleExport()),
		"export-error":     Export(samplePage("Export", NavExport, nil), typed),
		"export-empty":     Export(samplePage("Export", NavExport, nil), none),
		"export-no-person": Export(samplePage("Export", NavExport, nil), noPerson),
	}
}
