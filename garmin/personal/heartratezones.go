package personal

// zoneMembers are members that are no part of a setting.
var zoneMembers = members{"userProfilePk": {}, "userProfilePK": {}, "calendarDate": {}, "changeState": {}}

// heartRateZones are those of each sport, as of the day on which Garmin was asked.
func (a *answer) heartRateZones() error {
	rows, err := a.rows("heartRateZones", "data")
	if err != nil {
		return err
	}
	for _, row := range rows {
		if !hasAny(row, "zone1Floor", "maxHeartRateUsed") {
			continue
		}
		a.found(0, Data)
		e := a.element()
		e.text("calendarDate", a.askedOn().String())
		e.take(row, zoneMembers)
		a.add("heartRateZones", e)
	}
	return nil
}
