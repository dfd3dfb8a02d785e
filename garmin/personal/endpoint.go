package personal

import "garner/health"

// Shape is what one call of an endpoint is about, and what the ledger keeps an answer for.
type Shape uint8

// The shapes. Day asks for one date, Range for several days in one call, and both have
// one answer per day. Activity asks for one activity. Listed returns the activities of
// several days in pages. Once describes the account.
const (
	Day Shape = iota
	Range
	Activity
	Listed
	Once
)

// Evidence is how sure the path and the parameters of an endpoint are.
type Evidence uint8

// The kinds of evidence, surest first: seen with the Personal API, seen with Garmin's
// own web pages at the same service, inferred.
const (
	Observed Evidence = iota
	SeenOnWeb
	Inferred
)

// Endpoint is one GET of the Personal API.
type Endpoint struct {
	// Key names the endpoint in the ledger and in deliveries; it never changes.
	Key string
	// Title is its name for people.
	Title string
	// Path is the path below the origin, with {from}, {to}, {date} and {id} replaced. A
	// {date} is the first day asked for.
	Path string
	// Query are the parameters, replaced alike, in the form of a query string. {start} is
	// how many activities of a list to skip, {limit} is PageSize.
	Query string
	Shape Shape
	// MostDays is how many days one call of a Range or Listed may ask for.
	MostDays int
	// Source ranks its answers among others about the same record.
	Source health.Source
	// Types are the callback keys of the elements that its answers become.
	Types []string
	// Intraday answers have samples that Garmin drops after some months.
	Intraday bool
	// Asked endpoints are called by the schedule. Of the others, all that matters comes
	// with another endpoint.
	Asked bool
	// Optional answers are empty unless the person enters something: days long ago are
	// only asked for where newer ones had data.
	Optional bool
	Evidence Evidence
}
