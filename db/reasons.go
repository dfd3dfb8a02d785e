package db

// The reasons of issues and quarantined deliveries that have nothing of the element in
// them, unlike others, which may quote it.
const (
	ReasonBodyDamaged  = "its stored body is damaged"
	ReasonPlaceDamaged = "its place in inbox.db is damaged"
	ReasonUnknownType  = "unknown type"
	ReasonWrongClient  = "its client id header does not match"
	ReasonOtherPerson  = "names another person than the one whose data were asked for"
	ReasonReservedID   = "names a person as only Garner does"
	ReasonMore         = "more of this kind"
)

// PlainReasons lists them.
var PlainReasons = []string{ReasonBodyDamaged, ReasonPlaceDamaged, ReasonUnknownType, ReasonWrongClient,
	ReasonOtherPerson, ReasonReservedID, ReasonMore}
