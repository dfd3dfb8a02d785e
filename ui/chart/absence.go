package chart

import "garner/health"

// Absence is the domain's: why something is absent is decided there.
type Absence = health.Absence

// The kinds by short names, as drawings use them.
const (
	Present     = health.Present
	NotExpected = health.NotExpected
	Awaited     = health.Awaited
	Missing     = health.Missing
	Partial     = health.Partial
	OffBody     = health.OffBody
	Failed      = health.Failed
	Tentative   = health.Provisional
)

// Kinds are the seven kinds in the order of the legend.
var Kinds = health.Absences
